"""JSON with exact numbers: a `Decimal` is written as it is, and a fraction is read as one."""

from __future__ import annotations

from collections.abc import Mapping
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
    parts: list[str] = []
    _write(value, parts.append, quote)
    return "".join(parts)


def _write(value: Any, put: Any, quote: Any) -> None:
    if value is None:
        put("null")
    elif value is True:
        put("true")
    elif value is False:
        put("false")
    elif isinstance(value, str):
        put(quote(str(value)))
    elif isinstance(value, int):
        put(int.__repr__(value))
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("infinity and NaN cannot be sent as JSON")
        put(format(value, "f"))
    elif isinstance(value, Mapping):
        members = cast("Any", value)
        separator = "{"
        for name, item in members.items():
            put(f"{separator}{quote(str(name))}:")
            _write(item, put, quote)
            separator = ","
        put("{}" if separator == "{" else "}")
    elif isinstance(value, list | tuple):
        items = cast("Any", value)
        separator = "["
        for item in items:
            put(separator)
            _write(item, put, quote)
            separator = ","
        put("[]" if separator == "[" else "]")
    else:
        raise TypeError(f"cannot serialize {type(value).__name__} to JSON")
