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
    """A list that is left out may mean everything; an empty one, or None, is a filter that found nothing."""
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
    """A server that trims what it reads takes a text of blanks for an empty one."""
    return isinstance(value, str) and not value.strip()


def filled_or_all(name: str, value: Any) -> Any:
    """A list of some, or `ALL`, which leaves the field out."""
    if value is ALL:
        return UNSET
    if value is None or value is UNSET:
        raise TypeError(f"{name} is required: pass a list, or ALL for all of them")
    return not_empty(name, value)


def text_within(name: str, value: Any, least: int, most: int | None = None) -> Any:
    """V1 reads an empty text as a missing one; a PG cuts an order number that is too long."""
    if value is None or value is UNSET:
        return value
    if len(value) < least or (least and _blank(value)):
        raise ValueError(f"{name} must not be empty")
    if most is not None and len(value) > most:
        raise ValueError(f"{name} is too long: {len(value)} characters, at most {most}")
    return value


def time_within(name: str, value: Any, least: int, most: int) -> Any:
    """Seconds, as `seconds` returns them."""
    if value is None or value is UNSET or least <= value <= most:
        return value
    not_milliseconds(name, value)
    raise ValueError(f"{name}={value} is out of range: {least} to {most} UNIX seconds")


def not_milliseconds(name: str, value: Any) -> Any:
    """In seconds it would be a year that nobody means: a range from there on holds nothing."""
    if value is not None and value is not UNSET and value >= _MILLISECONDS:
        raise ValueError(f"{name}={value} looks like milliseconds: pass UNIX seconds or an aware datetime")
    return value


def whole_amount(name: str, value: Any) -> Any:
    """An amount, as `money` returns it, in a currency without fractions."""
    if isinstance(value, Decimal):  # `money` made an int of a whole one
        raise ValueError(f"{name}={value} must be a whole number of won")  # noqa: TRY004
    return value


def whole_units(currencies: tuple[str, ...], default: str, currency: Any, /, **amounts: Any) -> None:
    """Refuse fractions of a currency that has none. `default` is the currency where none is passed."""
    code = currency.upper() if isinstance(currency, str) and currency else default
    if code not in currencies:
        return
    for name, value in amounts.items():
        if isinstance(value, Decimal) and value.is_finite() and value != value.to_integral_value():
            raise ValueError(f"{name}={value} must be a whole number: {code} has no fractions")
