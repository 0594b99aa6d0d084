"""V1's clock, from the headers of an answer. No verdict uses this machine's clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache

__all__ = ["time_of"]


def time_of(headers: Mapping[str, str]) -> float:
    """Return the UNIX seconds of the `Date` header, or 0 if there is none."""
    date = headers.get("date") or headers.get("Date")  # a plain dict knows only one spelling
    return _seconds(str(date)) if date else 0.0


@lru_cache(maxsize=4)
def _seconds(date: str) -> float:
    """Return the UNIX seconds of a date. It is cached, because all answers of one second have the same text."""
    try:
        read = parsedate_to_datetime(date)
        return (read if read.tzinfo is not None else read.replace(tzinfo=UTC)).timestamp()  # never this machine's zone
    except (TypeError, ValueError, OverflowError):
        return 0.0
