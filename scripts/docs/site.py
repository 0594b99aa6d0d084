"""Both sites: the pages that have no file, and the navigation that lists them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from portone_v1 import codes

from ..evidence import GRADES
from . import knowledge, pgs, vendor_names
from .bundle import ROOT, pg_names
from .markup import cell, code_words, quoted, table
from .reference import areas, shown_by_area
from .tables import PIECES

DOCS: Final = ROOT / "docs"
SETUP: Final = re.compile(r"<!--(?:- invisible-code-block| Set up for the tests).*?-->\n*", re.DOTALL)
MARK: Final = re.compile(r"<!-- generated: (.+?)(?: \| (.*))? -->")
"""A table by its name, then the words of its head."""
FOLDER: Final = Path(__file__).parent / "pages"
FROM: Final = {
    knowledge: ("claims", "profile", "profile_grades", "questions"),
    pgs: ("arguments", "notes", "pg_rows", "refund_banks", "refunding", "refunds", "says"),
    vendor_names: ("korean", "linked", "vendor_operations", "vendor_types"),
}
GLOBALS: Final[dict[str, Any]] = {"GRADES": GRADES, "codes": codes, "pg_names": pg_names, "table": table} | {
    name: getattr(module, name) for module, names in FROM.items() for name in names
}
"""What the pages call."""
FILTERS: Final[dict[str, Any]] = {
    "cell": cell,
    "code": code_words,
    "fact_rows": knowledge.fact_rows,
    "independent": knowledge.independent,
    "place": pgs.linked_place,
    "quoted": quoted,
}


@cache
def _environment() -> Environment:
    found = Environment(  # noqa: S701, the pages are Markdown
        loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, keep_trailing_newline=True
    )
    found.globals.update(GLOBALS)
    found.filters.update(FILTERS)
    return found


@cache
def pages(language: str) -> dict[str, str]:
    """Each page by its path in the site of one language; a template with `_` before its name is one page for each."""
    folder = FOLDER / language
    names = sorted(page.relative_to(folder).as_posix() for page in folder.rglob("[!_]*.md"))
    written = {name: _page(f"{language}/{name}") for name in names}
    for area in areas():
        written[f"reference/{area.name}.md"] = _page(f"{language}/reference/_area.md", area=area)
    for name, shown in shown_by_area().items():
        written[f"reference/models/{name}.md"] = _page(f"{language}/reference/models/_area.md", area=name, shown=shown)
    return written | {f"pg/{code}.md": _page(f"{language}/pg/_page.md", pg=code) for code in pgs.pg_codes()}


def _page(template: str, **values: Any) -> str:
    """A tag in a line of its own leaves an empty line, and Markdown wants one."""
    return re.sub(r"\n{3,}", "\n\n", _environment().get_template(template).render(values))


def navigation(items: list[Any]) -> list[Any]:
    """The navigation of mkdocs.yml with its `@…` places filled."""
    lists: dict[str, list[Any]] = {
        "@operations": [{f"{area.name} {area.korean}": f"reference/{area.name}.md"} for area in areas()],
        "@models": [{name: f"reference/models/{name}.md"} for name in shown_by_area()],
        "@decisions": ["decisions/index.md", *_decisions()],
        "@pgs": ["pg/index.md", *({code: f"pg/{code}.md"} for code in pgs.pg_codes())],
    }
    filled: list[Any] = []
    for item in items:
        if isinstance(item, dict):
            ((title, inner),) = cast("dict[str, Any]", item).items()
            place = lists.get(inner, inner) if isinstance(inner, str) else navigation(inner)
            filled += [{title: place}] if place else []
        else:
            filled.append(item)
    return filled


def _decisions() -> list[str]:
    found = sorted((DOCS / "decisions").glob("*.md"))
    return [page.relative_to(DOCS).as_posix() for page in found if page.name != "index.md"]


def fill(markdown: str) -> str:
    """The page as it is shown: with its `<!-- generated: … -->` tables, without the set-up of the tests.

    Raises:
        KeyError: there is no such table.
    """

    def piece(mark: re.Match[str]) -> str:
        return PIECES[mark[1]]([word.strip() for word in (mark[2] or "").split("|")])

    return MARK.sub(piece, SETUP.sub("", markdown))
