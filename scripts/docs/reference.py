"""Pages of the reference that hold nothing but what mkdocstrings shows: one for each area, its models and its enums."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import portone_v1_generated.enums
import portone_v1_generated.models
from portone_v1 import PortOne
from portone_v1_generated.api import Areas

METHODS: Final = """
::: portone_v1.PortOne.{name}
    options:
      heading_level: 2
      show_root_heading: false
      show_root_toc_entry: false
      inherited_members: true
      merge_init_into_class: false
      members_order: alphabetical
      summary:
        functions: true
"""


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


def area_page(area: Area, language: str) -> str:
    told = f"**{area.korean}.** {area.english}" if language == "en" else f"**{area.korean}** API입니다. {MEANT}"
    return f"# client.{area.name} {{ #portone_v1.PortOne.{area.name} }}\n\n{told}\n{METHODS.format(name=area.name)}"


MEANT: Final = (
    "메서드와 파라미터의 한국어 이름은 포트원 문서의 이름이며, 설명은 소스의 독스트링(영어)입니다. "
    "오류가 났을 때 할 일은 [오류](../errors.md)에 있습니다."
)


@cache
def _by_area() -> dict[str, tuple[list[str], list[str]]]:
    """Names of the models and enumerations of each area."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for place, package in enumerate((portone_v1_generated.models, portone_v1_generated.enums)):
        for name in package.__all__:
            one = getattr(package, name)
            if isinstance(one, type):
                found.setdefault(one.__module__.rpartition(".")[2], ([], []))[place].append(name)
    return found


def model_areas() -> list[str]:
    return sorted(_by_area())


def models_page(area: str, language: str) -> str:
    models, enums = _by_area()[area]
    title = f"Models of {area}" if language == "en" else f"{area}의 모델과 열거형"
    shown = [f"::: portone_v1.models.{name}" for name in models] + [f"::: portone_v1.enums.{name}" for name in enums]
    options = "\n    options:\n      members: false\n      merge_init_into_class: false\n"
    return f"# {title}\n\n" + options.join(shown) + options
