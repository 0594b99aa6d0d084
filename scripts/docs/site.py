"""Every page and every piece that is written at build time, and their place in the navigation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from . import tables
from .links import SAFE, areas
from .migrations import migration_table
from .models import model_areas, models_page
from .pgs import pg_codes, pg_index, pg_page
from .reference import area_page, class_part, function_part
from .source import ROOT, Function, Module, read_module

__all__ = ["fill", "navigation", "pages"]

SETUP: Final = re.compile(r"<!--(?:- invisible-code-block| Set up for the tests).*?-->\n*", re.DOTALL)
MARK: Final = re.compile(r"<!-- generated: (\S+)((?: \S+)*) -->")

DOCS: Final = ROOT / "docs"

PIECES: Final[Mapping[str, Callable[[str], str]]] = {
    "channels": tables.channels,
    "controls": tables.controls,
    "coverage": tables.coverage,
    "errors": tables.error_classes,
    "imitated": tables.imitated,
    "messages": tables.messages,
    "refusals": tables.refusals,
    "test-cards": tables.cards,
    "webhook-bodies": tables.webhook_bodies,
}


def pages() -> dict[str, str]:
    """The pages that have no file of their own, by their path below docs/."""
    found = {f"reference/{area.name}.md": area_page(area) for area in areas()}
    found |= {f"reference/models/{name}.md": models_page(name) for name in model_areas()}
    found |= {"pg/index.md": pg_index()} | {f"pg/{code}.md": pg_page(code) for code in pg_codes()}
    return found


def navigation(items: list[Any]) -> list[Any]:
    """The navigation of mkdocs.yml with its `@…` places filled."""
    lists: dict[str, list[Any]] = {
        "@operations": [{f"{area.name} {area.korean}": f"reference/{area.name}.md"} for area in areas()],
        "@models": [{name: f"reference/models/{name}.md"} for name in model_areas()],
        "@cli": ["cli.md"] if (DOCS / "cli.md").is_file() else [],
        "@pgs": ["pg/index.md", *({code: f"pg/{code}.md"} for code in pg_codes())],
    }
    filled: list[Any] = []
    for item in items:
        if isinstance(item, dict):
            ((title, inner),) = item.items()
            place = lists.get(inner, inner) if isinstance(inner, str) else navigation(inner)
            filled += [{title: place}] if place else []
        else:
            filled.append(item)
    return filled


def fill(markdown: str, page: str) -> str:
    """The page as it is shown: with what its `<!-- generated: … -->` name, without what only the tests need.

    Raises KeyError for a name that there is not.
    """

    def piece(mark: re.Match[str]) -> str:
        name, words = mark[1], mark[2].split()
        if name == "migration":
            return migration_table(words[0], words[1], "../" * page.count("/"), frozenset(SAFE))
        if name == "class":
            module = read_module(words[0])
            init = module.cls(words[2]).function("__init__") if words[2:] else None
            return class_part(module.cls(words[1]), page, init=init)
        if name == "function":
            return function_part(_function(read_module(words[0]), words[1]), words[2], page)
        return PIECES[name](page)

    return MARK.sub(piece, SETUP.sub("", markdown))


def _function(module: Module, path: str) -> Function:
    """A function of a module, `method` of a `Class.method`, or the one inside an `outer.inner`."""
    outer, _, inner = path.partition(".")
    if not inner:
        return module.function(outer)
    if any(one.name == outer for one in module.classes):
        return module.cls(outer).function(inner)
    return next(one for one in module.function(outer).inner if one.name == inner)
