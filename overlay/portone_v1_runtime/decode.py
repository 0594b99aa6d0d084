"""From the values of a response to Python's. Nothing here raises: what cannot be read is None."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

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
"""Seconds up to here, the year 3000, are a `datetime` on every system."""

from_seconds: Final = datetime.fromtimestamp

_MOST_DIGITS: Final = 40
"""`1e999999999` is a short text, but as an int it would fill the memory."""

_FALSE = frozenset({"", "0", "false", "n", "no", "null", "none"})


def as_text(value: Any) -> Any:
    return None if value is None else str(value)


def as_integer(value: Any) -> Any:
    """V1 has been seen to send `"3"`, `1512446940.7`, `false` and `"null"` for a number."""
    if value.__class__ is int:
        return value
    if value is None:
        return None
    try:
        number = Decimal(int(value) if value.__class__ is bool else str(value))
        return int(number) if number.adjusted() < _MOST_DIGITS else None
    except (ArithmeticError, ValueError):
        return None


def as_boolean(value: Any) -> Any:
    if value is None or value.__class__ is bool:
        return value
    if isinstance(value, str):
        return value.strip().lower() not in _FALSE
    return bool(value)


def as_money(value: Any) -> Any:
    """Exact: a `Decimal` is as it stood on the wire, a `float` is the shortest number that reads the same."""
    if value is None:
        return None
    if value.__class__ is Decimal:
        return value if value.is_finite() else None
    if value.__class__ is bool:
        return Decimal(int(value))
    try:
        money = Decimal(repr(value) if value.__class__ is float else value if value.__class__ is int else str(value))
    except (ArithmeticError, ValueError):
        return None
    return money if money.is_finite() else None


def as_time(value: Any) -> Any:
    """A KST time; None for 0, null and what is no time.

    A number that is no time of this millennium (milliseconds, mostly) stays the number: None would mean *never*.
    """
    seconds = value if value.__class__ is int else as_integer(value)
    if not seconds:
        return None
    if not -LATEST < seconds < LATEST:
        return seconds
    try:
        return datetime.fromtimestamp(seconds, KST)
    except (OverflowError, ValueError, OSError):
        return seconds


def as_list(value: Any) -> list[Any]:
    """PHP writes a list with holes as an object, and one object where a list of one is meant."""
    if isinstance(value, list):
        return value  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        keys: list[str] = list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        numbered = all(str(key).isdigit() for key in keys)
        return list(value.values()) if numbered else [value]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return []


def as_texts(value: Any) -> list[str]:
    return [item if item.__class__ is str else str(item) for item in as_list(value) if item is not None]


def from_money(value: Decimal | None) -> int | Decimal | None:
    """The number again: an int where it is whole."""
    if value is None:
        return None
    whole = value.adjusted() < _MOST_DIGITS and value == value.to_integral_value()
    return int(value) if whole else value


def from_time(value: datetime | int | None) -> int:
    """UNIX seconds; 0, as V1 has it, for what has not happened; a number that was no time, as it came."""
    if value is None:
        return 0
    return value if isinstance(value, int) else int(value.timestamp())


def as_it_is(value: Any) -> Any:
    return value


def as_number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def as_date(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def as_moment(value: Any) -> Any:
    """An RFC 3339 time; one that does not say its zone is no moment."""
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return read if read.tzinfo is not None else None


def as_uuid(value: Any) -> Any:
    try:
        return UUID(value)
    except (AttributeError, TypeError, ValueError):
        return None


def read_list(value: Any, read: Callable[[Any], Any], *, nulls: bool = False) -> list[Any]:
    return [None if item is None else read(item) for item in as_list(value) if nulls or item is not None]


def read_map(value: Mapping[str, Any], read: Callable[[Any], Any]) -> dict[str, Any]:
    return {key: None if item is None else read(item) for key, item in value.items()}


def from_standard(value: Any) -> Any:
    return None if value is None else str(value) if isinstance(value, UUID) else value.isoformat()


def write_list(values: Sequence[Any], write: Callable[[Any], Any]) -> list[Any]:
    return [None if item is None else write(item) for item in values]


def write_map(values: Mapping[str, Any] | None, write: Callable[[Any], Any]) -> dict[str, Any] | None:
    return None if values is None else {key: None if item is None else write(item) for key, item in values.items()}


def write_model(value: Any) -> Any:
    """The JSON object of a model; one that no class is known for is returned unchanged."""
    return None if value is None else value.to_dict() if hasattr(value, "to_dict") else dict(value)
