"""Both sites: the pages that have no file, and the navigation that lists them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final, cast

from .bundle import ROOT
from .claims import claims_page, questions_page
from .codes import codes_page
from .migrations import migration_table
from .pgs import pg_codes, pg_index, pg_page
from .reference import area_page, areas, model_areas, models_page
from .tables import PIECES
from .vendor_names import vendor_names_page

__all__ = ["DOCS", "fill", "navigation", "pages"]

DOCS: Final = ROOT / "docs"
SETUP: Final = re.compile(r"<!--(?:- invisible-code-block| Set up for the tests).*?-->\n*", re.DOTALL)
MARK: Final = re.compile(r"<!-- generated: (\S+)((?: \S+)*) -->")


@cache
def pages(language: str) -> dict[str, str]:
    """The pages that have no file of their own, by their path in the site of one language."""
    found = {f"reference/{area.name}.md": area_page(area, language) for area in areas()}
    found |= {f"reference/models/{name}.md": models_page(name, language) for name in model_areas()}
    found["reference/vendor-names.md"] = vendor_names_page(language)
    found["reference/code-tables.md"] = codes_page(language)
    found |= {"claims.md": claims_page(language), "open-questions.md": questions_page(language)}
    found |= {"pg/index.md": pg_index(language)} | {f"pg/{code}.md": pg_page(code, language) for code in pg_codes()}
    return found


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


def fill(markdown: str, language: str) -> str:
    """The page as it is shown: with its `<!-- generated: … -->` tables, without the set-up of the tests.

    Raises:
        KeyError: there is no such table.
    """

    def piece(mark: re.Match[str]) -> str:
        words = mark[2].split()
        return migration_table(words[0], language) if mark[1] == "migration" else PIECES[mark[1]](language)

    return MARK.sub(piece, SETUP.sub("", markdown))
