"""Pages of the reference that hold nothing but what mkdocstrings shows: one for each area, its models and its enums."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import portone_v1_generated.enums
import portone_v1_generated.models
from portone_v1 import PortOne
from portone_v1_generated.api import Areas


@dataclass(frozen=True)
class Area:
    """`client.<name>`."""

    name: str
    korean: str
    english: str


@cache
def areas() -> tuple[Area, ...]:
    """Those of V1, then what only the client has. Webhooks have a page by hand."""
    found: dict[str, Area] = {}
    for name, member in [*vars(Areas).items(), *vars(PortOne).items()]:
        korean, colon, english = (getattr(member, "__doc__", None) or "").partition(": ")
        if colon and isinstance(member, cached_property) and name != "webhooks":
            found.setdefault(name, Area(name, korean, english))
    return tuple(found.values())


@cache
def shown_by_area() -> dict[str, list[str]]:
    """`models.<name>` of each model of an area, then `enums.<name>` of each enumeration."""
    found: dict[str, list[str]] = {}
    for package in (portone_v1_generated.models, portone_v1_generated.enums):
        for name in package.__all__:
            one = getattr(package, name)
            if isinstance(one, type):
                shown = f"{package.__name__.rpartition('.')[2]}.{name}"
                found.setdefault(one.__module__.rpartition(".")[2], []).append(shown)
    return dict(sorted(found.items()))
