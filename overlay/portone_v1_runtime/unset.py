"""Markers for arguments: `UNSET` (left out), `FULL` (the full refundable balance) and `ALL` (every record)."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal

__all__ = ["ALL", "FULL", "UNSET", "All", "Full", "Unset"]


class _Unset(Enum):
    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


class _Full(Enum):
    FULL = "FULL"

    def __repr__(self) -> str:
        return "FULL"


class _All(Enum):
    ALL = "ALL"

    def __repr__(self) -> str:
        return "ALL"


Unset = Literal[_Unset.UNSET]
UNSET: Final = _Unset.UNSET
"""The argument is left out of the request. `None` is not the same: it is sent as null."""

Full = Literal[_Full.FULL]
FULL: Final = _Full.FULL
"""The full refundable balance. V1 reads a missing amount and 0 that way; here it has to be passed."""

All = Literal[_All.ALL]
ALL: Final = _All.ALL
"""All records instead of a list. V1 reads a missing list that way; here it has to be passed."""
