"""Refuse arguments whose empty value or wrong unit would mean *everything* or *never*.

The specification states the limits: `minItems`, `minLength`, `minimum` and `maximum` of times, `multipleOf` and
`x-whole-units` of amounts, `x-refuse-longer` of texts. Every check runs before anything is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from .unset import ALL, UNSET

__all__ = [
    "filled_or_all",
    "not_empty",
    "not_milliseconds",
    "text_within",
    "time_within",
    "whole_amount",
    "whole_units",
]

_MILLISECONDS = 100_000_000_000


def not_empty(name: str, value: Any) -> Any:
    """Refuse None and an empty list: the caller's filter found nothing, but a missing list may mean everything."""
    if value is UNSET:
        return value
    if value is None:
        raise TypeError(f"{name} must not be None: leave it out, or pass a list")
    if not value or _blank(value):
        raise ValueError(f"{name} must not be empty")
    if not isinstance(value, str) and any(_blank(item) for item in cast("Sequence[object]", value)):
        raise ValueError(f"{name} must not contain an empty text")
    return value


def _blank(value: object) -> bool:
    """Return whether a text consists of blanks: a server that trims its input reads it as empty."""
    return isinstance(value, str) and not value.strip()


def filled_or_all(name: str, value: Any) -> Any:
    """Return a list with items, or UNSET for `ALL`, which leaves the field out."""
    if value is ALL:
        return UNSET
    if value is None or value is UNSET:
        raise TypeError(f"{name} is required: pass a list, or ALL for all of them")
    return not_empty(name, value)


def text_within(name: str, value: Any, least: int, most: int | None = None) -> Any:
    """Refuse a text of the wrong length: V1 reads an empty one as missing, and a PG cuts a long order number."""
    if value is None or value is UNSET:
        return value
    if len(value) < least or (least and _blank(value)):
        raise ValueError(f"{name} must not be empty")
    if most is not None and len(value) > most:
        raise ValueError(f"{name} is too long: {len(value)} characters, at most {most}")
    return value


def time_within(name: str, value: Any, least: int, most: int) -> Any:
    """Refuse a time (UNIX seconds, as `seconds` returns them) outside this range."""
    if value is None or value is UNSET or least <= value <= most:
        return value
    not_milliseconds(name, value)
    raise ValueError(f"{name}={value} is out of range: {least} to {most} UNIX seconds")


def not_milliseconds(name: str, value: Any) -> Any:
    """Refuse milliseconds: read as seconds they are a year that nobody means, and a range from there on is empty."""
    if value is not None and value is not UNSET and value >= _MILLISECONDS:
        raise ValueError(f"{name}={value} looks like milliseconds: pass UNIX seconds or an aware datetime")
    return value


def whole_amount(name: str, value: Any) -> Any:
    """Refuse a fraction, in an amount from `money`, for a currency without fractions."""
    if isinstance(value, Decimal):  # `money` returns a whole amount as an int
        raise ValueError(f"{name}={value} must be a whole number of won")  # noqa: TRY004
    return value


def whole_units(currencies: tuple[str, ...], default: str, currency: Any, /, **amounts: Any) -> None:
    """Refuse fractions of a currency that has none. `default` is the currency if none is passed."""
    code = currency.upper() if isinstance(currency, str) and currency else default
    if code not in currencies:
        return
    for name, value in amounts.items():
        if isinstance(value, Decimal) and value.is_finite() and value != value.to_integral_value():
            raise ValueError(f"{name}={value} must be a whole number: {code} has no fractions")
