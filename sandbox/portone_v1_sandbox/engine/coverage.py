"""Tables of the implemented operations and of the claims about V1, with their evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from portone_v1_generated.operations import OPERATIONS

from ..dispatch.handlers import EVIDENCE, HANDLERS, Evidence
from . import handlers as handlers  # The import fills the tables.

__all__ = ["Claim", "Coverage", "claims_table", "coverage", "coverage_table"]


class Claim(NamedTuple):
    """One claim about V1, with its evidence."""

    id: str
    says: str
    grade: str
    """captured, vendor, third-party, inferred or assumed."""
    projects: int
    """Independent projects that confirm it. All pages of the vendor count as one."""

    def __str__(self) -> str:
        return f"{self.id} ({self.grade}, {self.projects})"


class Coverage(NamedTuple):
    """One operation, with the evidence for its behaviour."""

    operation: str
    imitated: bool
    documented: str
    """Stated by the vendor."""
    observed: str
    """Observed by callers of the real V1."""
    assumed: str
    """Assumed by us: V1 may differ."""
    claims: tuple[Claim, ...] = ()
    """The specification's claims about V1 beyond the vendor's document."""


def coverage() -> tuple[Coverage, ...]:
    """Return every operation, in the order of the documentation."""
    return tuple(_rows())


def _rows() -> Iterator[Coverage]:
    for name in OPERATIONS:
        known = EVIDENCE.get(name, Evidence())
        yield Coverage(name, name in HANDLERS, known.documented, known.observed, known.assumed, _claims(name))


def _claims(operation: str) -> tuple[Claim, ...]:
    return tuple(
        Claim(row["id"], row["says"], row["grade"], row["projects"])
        for row in _all_claims()
        if any(place.partition(".")[0] == operation for place in row["where"])
    )


@cache
def _all_claims() -> list[dict[str, Any]]:
    path = files("portone_v1_generated") / "data" / "claims.json"
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found


def coverage_table() -> str:
    """Return the coverage as a Markdown table."""
    lines = ["| operation | imitated | documented | observed | assumed | claims (grade, independent projects) |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    for row in coverage():
        cells = [f"`{row.operation}`", "yes" if row.imitated else "no", row.documented, row.observed, row.assumed]
        lines.append("|" + "|".join(f" {cell} " if cell else " " for cell in [*cells, _joined(row.claims)]) + "|")
    return "\n".join(lines) + "\n"


def claims_table() -> str:
    """Return every claim about V1, with its grade, as a Markdown table."""
    lines = ["| claim | what | grade | independent projects |", "| --- | --- | --- | --- |"]
    lines += [f"| {row['id']} | {row['says']} | {row['grade']} | {row['projects']} |" for row in _all_claims()]
    return "\n".join(lines) + "\n"


def _joined(claims: tuple[Claim, ...]) -> str:
    return ", ".join(map(str, claims))
