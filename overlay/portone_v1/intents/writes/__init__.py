"""Every write of V1: what its intent keeps, where V1 shows it afterwards, and whether it may be repeated."""

from __future__ import annotations

from .arguments import kept_arguments, records_of
from .judging import judge_answered, judge_write
from .known import known_before
from .table import ROWS, UNKNOWN, Row, row_of

__all__ = [
    "ROWS",
    "UNKNOWN",
    "Row",
    "judge_answered",
    "judge_write",
    "kept_arguments",
    "known_before",
    "records_of",
    "row_of",
]
