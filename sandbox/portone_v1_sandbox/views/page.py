"""One page of a list: what was found, where the next pages begin, and how much there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The records of a page, the newest first."""

    records: list[Any]
    older: int | None
    """Place from which the next page goes on, None if there is none."""
    newer: int | None
    complete: bool = True
    """Whether the search did not give up."""
    count: int
    exact: bool = True
    statuses: dict[str, int]
    """Records by status, under the other conditions."""
    statuses_exact: bool = True
