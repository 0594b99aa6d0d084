"""The imitated operations with their evidence, as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from portone_v1_generated.operations import OPERATIONS

from ..dispatch.handlers import EVIDENCE, HANDLERS, Evidence
from . import handlers as handlers  # Fills the tables.

__all__ = ["Coverage", "coverage", "coverage_table"]


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


def coverage() -> tuple[Coverage, ...]:
    """Return every operation, in the order of the documentation."""
    return tuple(_rows())


def _rows() -> Iterator[Coverage]:
    for name in OPERATIONS:
        known = EVIDENCE.get(name, Evidence())
        yield Coverage(name, name in HANDLERS, known.documented, known.observed, known.assumed)


def coverage_table() -> str:
    """Return the coverage as a Markdown table."""
    lines = ["| operation | imitated | documented | observed | assumed |", "| --- | --- | --- | --- | --- |"]
    for row in coverage():
        cells = [f"`{row.operation}`", "yes" if row.imitated else "no", row.documented, row.observed, row.assumed]
        lines.append("|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|")
    return "\n".join(lines) + "\n"
