"""One scheduled change, as data."""

from __future__ import annotations

from typing import Literal

__all__ = ["Due"]

Due = tuple[int, int, Literal["charge", "expiry"], tuple[str | None, str]]
"""The time, a serial number for changes of the same second, the kind of change, and the key of the record."""
