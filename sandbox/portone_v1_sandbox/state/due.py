"""What happens by itself when its time has come, as data."""

from __future__ import annotations

from typing import Literal

__all__ = ["Due"]

Due = tuple[int, int, Literal["charge", "expiry"], tuple[str | None, str]]
"""The time, a serial number for what falls on the same second, what to do, and with which record."""
