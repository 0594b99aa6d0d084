"""The subjects of the reference's pages: areas with their models and enums, examples, the vendor's names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import portone_v1_generated.enums
import portone_v1_generated.models
from portone_v1 import PortOne
from portone_v1_generated.api import Areas
from portone_v1_generated.operations import OPERATIONS
from portone_v1_generated.vendor_names import VENDOR_NAMES

from ..codegen.document import Node
from ..lint.places import Spec
from ..steps import ROOT
from .markup import operation_link


@cache
def spec() -> Spec:
    return Spec(json.loads((ROOT / "generated" / "openapi.json").read_text(encoding="utf-8")), ROOT / "spec")


@cache
def operations() -> dict[str, Node]:
    """Return the operations by id."""
    return {operation.id: operation.node for operation in spec().operations}


def examples(operation_id: str) -> Iterator[tuple[str, str, Any, int, Any]]:
    """Iterate over every example as (case, summary, request body, HTTP status, answer)."""
    operation = operations()[operation_id]
    requests = spec().resolve(operation.get("requestBody", {})).get("content", {}).get("application/json", {})
    for status, declared in operation["responses"].items():
        answers = spec().resolve(declared).get("content", {}).get("application/json", {}).get("examples", {})
        for case, answer in answers.items():
            request = requests.get("examples", {}).get(case, {}).get("value")
            yield case, answer.get("summary", ""), request, int(status), answer["value"]


@dataclass(frozen=True)
class Area:
    """An attribute `client.<name>`."""

    name: str
    korean: str
    english: str


@cache
def areas() -> tuple[Area, ...]:
    """Return the areas of V1, then those that only the client has, without webhooks, whose page is written by hand."""
    found: dict[str, Area] = {}
    for name, member in [*vars(Areas).items(), *vars(PortOne).items()]:
        korean, colon, english = (getattr(member, "__doc__", None) or "").partition(": ")
        if colon and isinstance(member, cached_property) and name != "webhooks":
            found.setdefault(name, Area(name, korean, english))
    return tuple(found.values())


@cache
def shown_by_area() -> dict[str, list[str]]:
    """Return `models.<name>` of each model of an area, then `enums.<name>` of each enumeration."""
    found: dict[str, list[str]] = {}
    for package in (portone_v1_generated.models, portone_v1_generated.enums):
        for name in package.__all__:
            one = getattr(package, name)
            if isinstance(one, type):
                shown = f"{package.__name__.rpartition('.')[2]}.{name}"
                found.setdefault(one.__module__.rpartition(".")[2], []).append(shown)
    return dict(sorted(found.items()))


def vendor_types() -> dict[str, str]:
    """Return each of the vendor's types with its type here, empty if no operation uses it."""
    lock = json.loads((ROOT / "spec" / "upstream.lock.json").read_text(encoding="utf-8"))
    return {name: VENDOR_NAMES.get(name, name) for name in sorted(lock["definitions"]) if name.isidentifier()}


def vendor_operations() -> list[list[str]]:
    calls: list[list[str]] = []
    for identity, operation in operations().items():
        info, vendor = OPERATIONS[identity], operation.get("x-vendor-operation-id", "")
        name = f"{operation_link(f'{info.area}.{info.name}')} {info.name_ko}"
        calls.append([f"`{vendor}`", f"`{info.method} {info.path}`", name])
    return sorted(calls)


def _models(here: str) -> list[str]:
    return [name for name in re.findall(r"\w+", here) if name in portone_v1_generated.models.__all__]


def linked(here: str) -> str:
    """Return `BulkList[Payment]` with a link for each model, escaped: a bar would end the cell of a table."""
    links = ", ".join(f"[`{name}`][portone_v1.models.{name}]" for name in _models(here))
    if here in portone_v1_generated.models.__all__ or " | " in here or not here:
        return links
    return f"`{here}` {links}".strip()


def korean(here: str) -> str:
    docs = (getattr(portone_v1_generated.models, name).__doc__ or "" for name in _models(here))
    return ", ".join(re.split("[:.]", doc)[0] for doc in docs)
