"""Bodies and queries as plain values: JSON, and forms with PHP's brackets, in one text or in parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qsl

from ..errors.base import malformed_body
from .json_body import levels, read_json
from .json_types import is_object
from .messages import Request
from .multipart import MULTIPART, fields_of

__all__ = ["body_values", "form_values", "query_values"]

MOST_FIELDS = 1000
NOT_IN_NAMES: Final = str.maketrans(" .[", "___")
BLANK: Final = ("", " ", "\t", "\n", "\r")
DEEPEST = 8
LONGEST_INDEX = 18


def query_values(query: str) -> dict[str, Any]:
    """Parse the query: `x[]=1&x[]=2` is a list, `x[y]=1` a mapping, every value a text."""
    return _unfold(query) if query else {}


def body_values(request: Request) -> dict[str, Any]:
    """Parse the body, once. Raises Refusal if it is neither a JSON object nor a form."""
    if not request.parsed:
        request.parsed.update(_body_values(request))
    return dict(request.parsed)


def form_values(body: bytes, content_type: str) -> dict[str, Any]:
    """Parse a form in parts. Raises Refusal if it is none."""
    pairs = fields_of(body, content_type)
    if pairs is None or len(pairs) > MOST_FIELDS:
        raise malformed_body()
    return _fold(pairs)


def _body_values(request: Request) -> dict[str, Any]:
    if not request.body.strip():
        return {}
    sent = request.header("content-type") or ""
    kind = sent.partition(";")[0].strip().lower()
    if kind == MULTIPART:
        return form_values(request.body, sent)
    if kind == "application/x-www-form-urlencoded" or (not kind and request.body[:1] not in b"{["):
        try:
            return _unfold(request.body.decode("utf-8"))
        except UnicodeDecodeError:
            raise malformed_body() from None
    try:
        value = read_json(request.body)
    except ValueError:
        raise malformed_body() from None
    # The reader returns a float for NaN and Infinity only, which are not JSON.
    if not is_object(value) or any(isinstance(item, float) for level in levels(value) for item in level):
        raise malformed_body()
    return value


def _unfold(text: str) -> dict[str, Any]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise malformed_body() from None
    return _fold(pairs)


def _fold(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for sent, value in pairs:
        if sent.isidentifier():  # Most names: none of PHP's rules applies to them.
            found[sent] = value
            continue
        keys = _keys(sent)
        if len(keys) > DEEPEST:
            raise malformed_body()
        if keys:
            _put(found, keys, value)
    return {name: _settle(value) for name, value in found.items()}


def _keys(sent: str) -> list[str]:
    """Split a name as PHP does (claim `names-of-form-fields`); empty for a blank one.

    Blanks before a name are dropped: `imp_uid=…& amount=1000` would refund everything otherwise. One behind it becomes
    `_`, so `amount =1000` names nothing that V1 knows, and refunds everything.
    """
    name = sent.partition("\0")[0].lstrip(" ")
    head, bracket, rest = name.partition("[")
    if not head:  # PHP drops it; the journal shows it as unknown.
        return [name] if name else []
    head = head.translate(NOT_IN_NAMES)
    if bracket and "]" not in rest:
        return [f"{head}_{rest.translate(NOT_IN_NAMES)}"]
    keys = [head]
    while bracket == "[" and "]" in rest:
        inner, _, rest = rest.partition("]")
        keys.append("" if inner in BLANK else inner)
        bracket, rest = rest[:1], rest[1:]
    return keys


def _put(found: dict[str, Any], keys: list[str], value: str) -> None:
    node = found
    for key in keys[:-1]:
        name = _next_index(node) if key == "" else key
        inner = node.get(name)
        if not is_object(inner):
            inner = node[name] = dict[str, Any]()
        node = inner
    last = keys[-1]
    node[_next_index(node) if last == "" and len(keys) > 1 else last] = value


def _next_index(node: dict[str, Any]) -> str:
    return str(max((int(key) for key in node if _is_index(key)), default=-1) + 1)


def _is_index(key: str) -> bool:
    # PHP treats longer ones as names, too, because they exceed its integers.
    return key.isascii() and key.isdigit() and len(key) <= LONGEST_INDEX


def _settle(value: Any) -> Any:
    if not is_object(value):
        return value
    node = {key: _settle(item) for key, item in value.items()}
    if node and all(map(_is_index, node)):
        return [node[key] for key in sorted(node, key=int)]
    return node
