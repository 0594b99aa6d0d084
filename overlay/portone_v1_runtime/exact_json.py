"""JSON with exact numbers: a `Decimal` is written as it is, and a fraction is read as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Clamped, Context, Decimal, Inexact, InvalidOperation, Overflow
from json import JSONDecodeError, JSONDecoder
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, Final, cast

__all__ = ["dumps", "exact", "loads"]

_MOST_DIGITS: Final = 4300
"""The most digits of a number, as of an int in Python. `1e999999999` is a short text, but a gigabyte written out."""

exact: Final = Context(
    prec=_MOST_DIGITS, Emax=_MOST_DIGITS, Emin=-_MOST_DIGITS, traps=[Clamped, Inexact, InvalidOperation, Overflow]
).create_decimal
"""Converts a text to a `Decimal`, digit by digit. Raises ArithmeticError if it is no number or has too many digits."""


def loads(body: bytes | str) -> Any:
    """Return the JSON value. A number with too many digits is returned as text: no answer fails because of one field.

    Raises:
        ValueError: the body is not one JSON value in UTF-8.
        RecursionError: it is nested too deeply.
    """
    text = body if isinstance(body, str) else body.decode("utf-8-sig")
    try:
        return _decoder.decode(text)
    except JSONDecodeError:
        raise
    except (ArithmeticError, ValueError):
        return _patient_decoder.decode(text)


def _number_or_text(numeral: str) -> Decimal | str:
    try:
        return exact(numeral)
    except ArithmeticError:
        return numeral


def _integer_or_text(numeral: str) -> int | str:
    try:
        return int(numeral)
    except ValueError:
        return numeral


_decoder: Final = JSONDecoder(parse_float=exact)
_patient_decoder: Final = JSONDecoder(parse_float=_number_or_text, parse_int=_integer_or_text)


def dumps(value: Any, *, ascii_only: bool = False) -> str:
    """Return compact JSON. Raises TypeError for a value without an exact JSON form, such as a float."""
    quote = encode_basestring_ascii if ascii_only else encode_basestring
    return _text(value, quote)


def _text(value: Any, quote: Callable[[str], str]) -> str:
    kind = cast("type[Any]", value.__class__)
    if kind is str:
        return quote(value)
    if value is None:
        return "null"
    if kind is int:
        return int.__repr__(value)
    if kind is dict:
        return _object(value, quote)
    return _other(value, quote)


def _object(members: Mapping[Any, Any], quote: Callable[[str], str]) -> str:
    return "{" + ",".join([f"{quote(str(name))}:{_text(item, quote)}" for name, item in members.items()]) + "}"


def _other(value: Any, quote: Callable[[str], str]) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return quote(str(value))
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("infinity and NaN cannot be sent as JSON")
        return format(value, "f") if -_MOST_DIGITS <= value.adjusted() <= _MOST_DIGITS else str(value)
    if isinstance(value, Mapping):
        return _object(cast("Mapping[object, Any]", value), quote)
    if isinstance(value, list | tuple):
        items = cast("list[Any]", value)
        return "[" + ",".join([_text(item, quote) for item in items]) + "]"
    raise TypeError(f"cannot serialize {type(value).__name__} to JSON")
