"""V1's clock, from the header of an answer. No verdict goes by this machine's clock."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import cast

__all__ = ["time_of"]


def time_of(headers: object) -> float:
    """UNIX seconds of the `Date` header; 0 where there is none."""
    if not isinstance(headers, Mapping):
        return 0.0
    fields = cast("Mapping[object, object]", headers)
    date = {str(name).lower(): str(value) for name, value in fields.items()}.get("date")
    try:
        return parsedate_to_datetime(date).timestamp() if date else 0.0
    except (TypeError, ValueError):
        return 0.0
