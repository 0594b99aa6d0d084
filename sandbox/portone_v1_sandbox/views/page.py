"""One page of a list: its records, where the next pages begin, and the totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The records of a page, the newest first."""

    records: list[Any]
    older: int | None
    """Place at which the next page begins, None if there is none."""
    newer: int | None
    complete: bool = True
    """False if the search gave up."""
    count: int
    exact: bool = True
    statuses: dict[str, int]
    """Number of records by status that meet the other conditions."""
    statuses_exact: bool = True
