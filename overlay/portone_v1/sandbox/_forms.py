"""Bodies and queries to plain values: JSON, and forms with PHP's brackets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import parse_qsl

from .._json import loads
from ._refusals import malformed_body
from ._wire import Request

__all__ = ["body_values", "query_values"]

MOST_FIELDS = 1000
DEEPEST = 8


def query_values(query: str) -> dict[str, Any]:
    """The query, `x[]=1&x[]=2` as a list, `x[y]=1` as a mapping, all of it text."""
    return _unfold(query)


def body_values(request: Request) -> dict[str, Any]:
    """The body's fields. Raises Refusal for what is neither a JSON object nor a form."""
    if not request.body.strip():
        return {}
    kind = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded" or (not kind and request.body[:1] not in b"{["):
        try:
            return _unfold(request.body.decode("utf-8"))
        except UnicodeDecodeError:
            raise malformed_body() from None
    try:
        value = loads(request.body)
    except (ValueError, RecursionError):
        raise malformed_body() from None
    if not isinstance(value, dict) or _has_float(value):
        raise malformed_body()
    return cast("dict[str, Any]", value)


def _has_float(value: Any) -> bool:
    # The reader gives a float for NaN and Infinity only, which are not JSON.
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, float):
            return True
        if isinstance(item, dict):
            stack.extend(cast("dict[str, Any]", item).values())
        elif isinstance(item, list):
            stack.extend(cast("list[Any]", item))
    return False


def _unfold(text: str) -> dict[str, Any]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise malformed_body() from None
    found: dict[str, Any] = {}
    for name, value in pairs:
        head, bracket, rest = name.partition("[")
        keys = [head, *_keys(rest)] if bracket and head and rest.endswith("]") else [name]
        if len(keys) > DEEPEST:
            raise malformed_body()
        _put(found, keys, value)
    return {name: _settle(value) for name, value in found.items()}


def _keys(rest: str) -> Iterator[str]:
    yield from rest[:-1].split("][")


def _put(found: dict[str, Any], keys: list[str], value: str) -> None:
    node = found
    for key in keys[:-1]:
        name = _next_index(node) if key == "" else key
        inner = node.get(name)
        if not isinstance(inner, dict):
            inner = node[name] = dict[str, Any]()
        node = cast("dict[str, Any]", inner)
    last = keys[-1]
    node[_next_index(node) if last == "" and len(keys) > 1 else last] = value


def _next_index(node: dict[str, Any]) -> str:
    numbers = [int(key) for key in node if key.isascii() and key.isdigit()]
    return str(max(numbers, default=-1) + 1)


def _settle(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    node = {key: _settle(item) for key, item in cast("dict[str, Any]", value).items()}
    if node and all(key.isascii() and key.isdigit() for key in node):
        return [node[key] for key in sorted(node, key=int)]
    return node
