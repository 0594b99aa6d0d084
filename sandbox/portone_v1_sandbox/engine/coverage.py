"""What is imitated, and on what evidence: a table of every operation, made from what stands beside the handlers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from portone_v1_generated.operations import OPERATIONS

from ..dispatch.handlers import EVIDENCE, HANDLERS, Evidence
from . import handlers as handlers  # which fills the tables

__all__ = ["Coverage", "coverage", "coverage_table"]


class Coverage(NamedTuple):
    """One operation. Whatever is imitated rests on at least one of the three."""

    operation: str
    imitated: bool
    documented: str
    """By the vendor."""
    observed: str
    """By callers of the real V1."""
    assumed: str
    """By us: a shop that relies on it may be surprised."""


def coverage() -> tuple[Coverage, ...]:
    """Every operation, in the order of the documentation."""
    return tuple(_rows())


def _rows() -> Iterator[Coverage]:
    for name in OPERATIONS:
        known = EVIDENCE.get(name, Evidence())
        yield Coverage(name, name in HANDLERS, known.documented, known.observed, known.assumed)


def coverage_table() -> str:
    """The same as a Markdown table."""
    lines = ["| operation | imitated | documented | observed | assumed |", "| --- | --- | --- | --- | --- |"]
    for row in coverage():
        cells = [f"`{row.operation}`", "yes" if row.imitated else "no", row.documented, row.observed, row.assumed]
        lines.append("|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|")
    return "\n".join(lines) + "\n"
