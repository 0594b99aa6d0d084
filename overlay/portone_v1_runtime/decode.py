"""Convert the values of a response to Python types. Nothing here raises.

A value that cannot be converted is kept unchanged: None would mean that V1 sent nothing, and `amount or 0` would then
calculate with 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from math import isfinite
from typing import Any, Final
from uuid import UUID

from . import exact_json
from .depth import TOO_DEEP, shallow

__all__ = [
    "KST",
    "LATEST",
    "as_boolean",
    "as_date",
    "as_integer",
    "as_it_is",
    "as_list",
    "as_moment",
    "as_money",
    "as_number",
    "as_text",
    "as_texts",
    "as_time",
    "as_uuid",
    "from_money",
    "from_seconds",
    "from_standard",
    "from_time",
    "read_list",
    "read_map",
    "write_list",
    "write_map",
    "write_model",
]

KST: Final = timezone(timedelta(hours=9), "KST")

LATEST: Final = 32_503_680_000
"""The largest UNIX time that every system converts to a `datetime`: the year 3000."""

from_seconds: Final = datetime.fromtimestamp

_MOST_DIGITS: Final = 40
"""Longer numbers are not converted: `1e999999999` is a short text, but as an int it would fill the memory."""

_FALSE = frozenset({"", "0", "false", "n", "no", "null", "none"})


_TRUE = frozenset({"1", "true", "y", "yes"})


def as_text(value: Any) -> Any:
    if value.__class__ is dict or value.__class__ is list:  # JSON in the place of JSON text
        return _json(value)
    return None if value is None else str(value)


def _json(value: Any) -> str:
    try:
        return exact_json.dumps(value)
    except (TypeError, ValueError):
        return str(value)
    except RecursionError:  # Python 3.13 reads what it cannot write; an answer never fails for one field
        return TOO_DEEP


def as_integer(value: Any) -> Any:
    """Convert to an int. V1 has been seen to send `"3"`, `1512446940.7`, `false` and `"null"` for a number."""
    if value.__class__ is int:
        return value
    if value is None:
        return None
    try:
        number = Decimal(int(value) if value.__class__ is bool else str(value))
        return (int(number) if number.adjusted() < _MOST_DIGITS else value) if number else 0
    except (ArithmeticError, ValueError):
        # A list becomes text: the result is looked up in a table of named values, so it must be hashable.
        return None if not value or _is_nothing(value) else value if isinstance(value, str) else as_text(value)


def as_boolean(value: Any) -> Any:
    if value is None or value.__class__ is bool:
        return value
    if isinstance(value, str):
        word = value.strip().lower()
        return False if word in _FALSE else True if word in _TRUE else value
    return bool(value) if isinstance(value, int | float | Decimal) else shallow(value)


def as_money(value: Any) -> Any:
    """Convert to an exact amount: a `Decimal` is kept, a `float` becomes the shortest number that reads the same."""
    if value is None:
        return None
    if value.__class__ is Decimal:
        return value if value.is_finite() else None
    if value.__class__ is bool:
        return value or Decimal(0)  # PHP sends `false` for nothing; `true` is no amount
    if value.__class__ is dict or value.__class__ is list:
        return shallow(value)
    try:
        money = exact_json.exact(value if value.__class__ is int else str(value).strip())
    except (ArithmeticError, ValueError):
        return None if _is_nothing(value) else value
    return money if money.is_finite() else None if _is_nothing(value) else value


def as_time(value: Any) -> Any:
    """Convert UNIX seconds to a KST time; return None for 0 and null.

    A number beyond the year 3000 (usually milliseconds) is kept unchanged: None would mean *never*.
    """
    seconds = value if value.__class__ is int else as_integer(value)
    if not seconds:
        return None
    if not isinstance(seconds, int):
        return shallow(value)
    if not -LATEST < seconds < LATEST:
        return seconds
    try:
        return datetime.fromtimestamp(seconds, KST)
    except (OverflowError, ValueError, OSError):
        return seconds


def as_list(value: Any) -> list[Any]:
    """Convert to a list. PHP sends a list with gaps as an object, and a list of one object as that object."""
    if isinstance(value, list):
        return value  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        keys: list[str] = list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        numbered = all(str(key).isdigit() for key in keys)
        return list(value.values()) if numbered else [value]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return []


def as_texts(value: Any) -> list[str]:
    """Convert to a list of texts. A single text becomes a list of one."""
    if value.__class__ is str:
        return [value] if value else []
    return [as_text(item) for item in as_list(value) if item is not None]


def from_money(value: Any) -> Any:
    """Convert a whole `Decimal` back to an int, as V1 sends it. Other values are returned unchanged."""
    if not isinstance(value, Decimal):
        return value
    whole = value.adjusted() < _MOST_DIGITS and value == value.to_integral_value()
    return int(value) if whole else value


def from_time(value: Any) -> Any:
    """Convert a time back to UNIX seconds, and None to 0, as V1 sends it. Other values are returned unchanged."""
    if value is None:
        return 0
    return int(value.timestamp()) if isinstance(value, datetime) else value


def as_it_is(value: Any) -> Any:
    return shallow(value)


def as_number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None if _is_nothing(value) else shallow(value)


def as_date(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None if _is_nothing(value) else shallow(value)


def as_moment(value: Any) -> Any:
    """Convert an RFC 3339 time. A time without a zone is returned unchanged: it names no moment."""
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None if _is_nothing(value) else shallow(value)
    return read if read.tzinfo is not None else value


def as_uuid(value: Any) -> Any:
    try:
        return UUID(value)
    except (AttributeError, TypeError, ValueError):
        return None if _is_nothing(value) else shallow(value)


def read_list(value: Any, read: Callable[[Any], Any], *, nulls: bool = False) -> list[Any]:
    return [None if item is None else read(item) for item in as_list(value) if nulls or item is not None]


def read_map(value: Mapping[str, Any], read: Callable[[Any], Any]) -> dict[str, Any]:
    return {key: None if item is None else read(item) for key, item in value.items()}


def from_standard(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value.isoformat() if isinstance(value, date) else value


def _is_nothing(value: Any) -> bool:
    """Return whether V1 or PHP means *no value* by it (null, `""`, `"null"`), or JSON has no number for it (NaN)."""
    if isinstance(value, float):
        return not isfinite(value)
    if isinstance(value, Decimal):
        return not value.is_finite()
    return value is None or (isinstance(value, str) and value.strip().lower() in {"", "null", "none"})


def write_list(values: Sequence[Any], write: Callable[[Any], Any]) -> list[Any]:
    return [None if item is None else write(item) for item in values]


def write_map(values: Mapping[str, Any] | None, write: Callable[[Any], Any]) -> dict[str, Any] | None:
    return None if values is None else {key: None if item is None else write(item) for key, item in values.items()}


def write_model(value: Any) -> Any:
    """Return the JSON object of a model. An object without a known class is returned unchanged."""
    return None if value is None else value.to_dict() if hasattr(value, "to_dict") else dict(value)
