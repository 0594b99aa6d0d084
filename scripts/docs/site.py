"""Both sites: the pages that have no file, and the navigation that lists them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final, cast

from .bundle import ROOT
from .pages import written_pages
from .pgs import pg_codes
from .reference import area_page, areas, model_areas, models_page
from .tables import PIECES

DOCS: Final = ROOT / "docs"
SETUP: Final = re.compile(r"<!--(?:- invisible-code-block| Set up for the tests).*?-->\n*", re.DOTALL)
MARK: Final = re.compile(r"<!-- generated: (.+?)(?: \| (.*))? -->")
"""A table by its name, then the words of its head."""


@cache
def pages(language: str) -> dict[str, str]:
    """The pages that have no file of their own, by their path in the site of one language."""
    found = {f"reference/{area.name}.md": area_page(area, language) for area in areas()}
    found |= {f"reference/models/{name}.md": models_page(name, language) for name in model_areas()}
    return found | written_pages(language)


def navigation(items: list[Any]) -> list[Any]:
    """The navigation of mkdocs.yml with its `@…` places filled."""
    lists: dict[str, list[Any]] = {
        "@operations": [{f"{area.name} {area.korean}": f"reference/{area.name}.md"} for area in areas()],
        "@models": [{name: f"reference/models/{name}.md"} for name in model_areas()],
        "@decisions": ["decisions/index.md", *_decisions()],
        "@pgs": ["pg/index.md", *({code: f"pg/{code}.md"} for code in pg_codes())],
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
