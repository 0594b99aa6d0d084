"""`UNSET`, for an argument that is left out, and `FULL`, for an amount that is all that is left."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal

__all__ = ["FULL", "UNSET", "Full", "Unset"]


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


Unset = Literal[_Unset.UNSET]
UNSET: Final = _Unset.UNSET
"""The argument is left out of the request. `None` is not the same: it is sent as null."""

Full = Literal[_Full.FULL]
FULL: Final = _Full.FULL
"""Everything that is left to cancel. V1 reads a missing amount and 0 that way; here it has to be said."""
