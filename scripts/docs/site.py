"""The pages of both sites that have no file, and the navigation that lists them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import portone_v1_sandbox
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from portone_v1 import codes, errors
from portone_v1_generated.operations import OPERATIONS
from portone_v1_sandbox.control.routes import CONTROLS
from portone_v1_sandbox.dispatch.handlers import HANDLERS
from portone_v1_sandbox.engine import handlers as handlers  # the import registers every handler

from ..evidence import GRADES
from ..steps import ROOT
from . import knowledge, reference, tables
from .markup import cell, code_words, operation_link, quoted, rows, table
from .reference import areas, shown_by_area

DOCS: Final = ROOT / "docs"
SETUP: Final = re.compile(r"<!--(?:- invisible-code-block| Set up for the tests).*?-->\n*", re.DOTALL)
MARK: Final = re.compile(r"<!-- generated: (.+?)(?: \| (.*))? -->")
"""Matches a template of pages/pieces/ with words for it, then the words of the table's head."""
FOLDER: Final = Path(__file__).parent / "pages"
MODULES: Final = (codes, errors, knowledge, reference, tables)
GLOBALS: Final[dict[str, Any]] = {module.__name__.rpartition(".")[2]: module for module in MODULES} | {
    "CONTROLS": CONTROLS,
    "GRADES": GRADES,
    "HANDLERS": HANDLERS,
    "OPERATIONS": OPERATIONS,
    "areas": areas,
    "sandbox": portone_v1_sandbox,
    "table": table,
}
"""The names that templates can use."""
FILTERS: Final[dict[str, Any]] = {
    "cell": cell,
    "code": code_words,
    "fact_rows": knowledge.fact_rows,
    "independent": knowledge.evidence().independent,
    "operation": operation_link,
    "quoted": quoted,
    "rows": rows,
}


@cache
def _environment() -> Environment:
    found = Environment(  # noqa: S701, the pages are Markdown
        loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, keep_trailing_newline=True
    )
    found.globals.update(GLOBALS, decisions=decisions)
    found.filters.update(FILTERS)
    return found


@cache
def pages(language: str) -> dict[str, str]:
    """Return each page by its path in the site of one language. A template named `_…` makes one page for each item."""
    folder = FOLDER / language
    names = sorted(page.relative_to(folder).as_posix() for page in folder.rglob("[!_]*.md"))
    written = {name: _page(f"{language}/{name}") for name in names}
    for area in areas():
        written[f"reference/{area.name}.md"] = _page(f"{language}/reference/_area.md", area=area)
    for name, shown in shown_by_area().items():
        written[f"reference/models/{name}.md"] = _page(f"{language}/reference/models/_area.md", area=name, shown=shown)
    return written | {f"pg/{code}.md": _page(f"{language}/pg/_page.md", pg=code) for code in knowledge.pgs()}


def _page(template: str, **values: Any) -> str:
    """Fill a template without repeated empty lines: a tag in a line of its own leaves one, and Markdown wants one."""
    return re.sub(r"\n{3,}", "\n\n", _environment().get_template(template).render(values))


def navigation(items: list[Any]) -> list[Any]:
    """Return the navigation of mkdocs.yml with its `@…` places filled."""
    lists: dict[str, list[Any]] = {
        "@operations": [{f"{area.name} {area.korean}": f"reference/{area.name}.md"} for area in areas()],
        "@models": [{name: f"reference/models/{name}.md"} for name in shown_by_area()],
        "@decisions": ["decisions/index.md", *decisions()],
        "@pgs": ["pg/index.md", *({code: f"pg/{code}.md"} for code in knowledge.pgs())],
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


def decisions() -> dict[str, str]:
    """Return every page of decisions/ with its title."""
    found = sorted(page for page in (DOCS / "decisions").glob("*.md") if page.name != "index.md")
    titles = (page.read_text(encoding="utf-8").partition("# ")[2].partition("\n")[0] for page in found)
    return {page.relative_to(DOCS).as_posix(): title for page, title in zip(found, titles, strict=True)}


def fill(markdown: str) -> str:
    """Return the page as it is shown: with its `<!-- generated: … -->` tables, without the set-up of the tests.

    Raises:
        TemplateNotFound: there is no such table.
    """

    def piece(mark: re.Match[str]) -> str:
        name, *words = mark[1].split()
        head = [word.strip() for word in (mark[2] or "").split("|")]
        return _page(f"pieces/{name}.md", words=words, head=head).strip()

    return MARK.sub(piece, SETUP.sub("", markdown))
