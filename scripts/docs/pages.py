"""The pages that are written from data: the templates of pages/, one folder a language."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from portone_v1 import codes

from ..evidence import GRADES
from . import knowledge, pgs, vendor_names
from .bundle import pg_names
from .markup import cell, code_words, quoted, table

FOLDER: Final = Path(__file__).parent / "pages"
PG_PAGE: Final = "pg/_page.md"
"""One for each PG."""
GLOBALS: Final[dict[str, Any]] = {
    "GRADES": GRADES,
    "arguments": pgs.arguments,
    "claims": knowledge.claims,
    "codes": codes,
    "korean": vendor_names.korean,
    "linked": vendor_names.linked,
    "notes": pgs.notes,
    "pg_names": pg_names,
    "pg_rows": pgs.pg_rows,
    "profile": knowledge.profile,
    "profile_grades": knowledge.profile_grades,
    "questions": knowledge.questions,
    "refund_banks": pgs.refund_banks,
    "refunding": pgs.refunding,
    "refunds": pgs.refunds,
    "says": pgs.says,
    "table": table,
    "vendor_operations": vendor_names.vendor_operations,
    "vendor_types": vendor_names.vendor_types,
}
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


def written_pages(language: str) -> dict[str, str]:
    """Each page by its path in the site of one language."""
    folder = FOLDER / language
    names = sorted(page.relative_to(folder).as_posix() for page in folder.rglob("*.md"))
    written = {name: _page(f"{language}/{name}") for name in names if name != PG_PAGE}
    return written | {f"pg/{code}.md": _page(f"{language}/{PG_PAGE}", pg=code) for code in pgs.pg_codes()}


def _page(template: str, **values: str) -> str:
    """A tag in a line of its own leaves an empty line, and Markdown wants one."""
    return re.sub(r"\n{3,}", "\n\n", _environment().get_template(template).render(values))
