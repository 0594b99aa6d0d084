"""JSON with exact numbers: a `Decimal` is written as it is, and a fraction is read as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from json import JSONDecoder
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, cast

__all__ = ["dumps", "loads"]

_decoder = JSONDecoder(parse_float=Decimal)


def loads(body: bytes | str) -> Any:
    """Raises ValueError for what is not one JSON value in UTF-8."""
    return _decoder.decode(body if isinstance(body, str) else body.decode("utf-8-sig"))


def dumps(value: Any, *, ascii_only: bool = False) -> str:
    """Compact JSON. Raises TypeError for what JSON has no form for, floats among it."""
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
        return format(value, "f")
    if isinstance(value, Mapping):
        return _object(cast("Mapping[object, Any]", value), quote)
    if isinstance(value, list | tuple):
        items = cast("list[Any]", value)
        return "[" + ",".join([_text(item, quote) for item in items]) + "]"
    raise TypeError(f"cannot serialize {type(value).__name__} to JSON")
