"""Describe an answer that cannot be read: enough to tell a proxy's page from a changed API, without personal data."""

from __future__ import annotations

import re
from typing import Any, Final, cast

from portone_v1_runtime import exact_json

__all__ = ["excerpt"]

LONGEST: Final = 200
DEEPEST: Final = 3
TITLE: Final = re.compile(rb"<title[^>]*>(.{0,300}?)</title>", re.IGNORECASE | re.DOTALL)
# Names of fields only: a key that holds an address or a number is personal data.
FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z_-]{0,31}")


def excerpt(body: bytes) -> str:
    """Return a page's title without digits and addresses, or a JSON body's fields and types: at most 200 characters."""
    text = body.lstrip()
    if not text:
        return "nothing"
    if text[:1] == b"<":
        found = TITLE.search(text[:10_000])
        title = found[1].decode("utf-8", "replace").strip() if found else ""
        return f"a page, {_plain(title)!r}"[:LONGEST] if title else "a page without a title"
    try:
        node = exact_json.loads(body)
    except (ValueError, RecursionError):
        return f"{len(body)} bytes that are no JSON"
    return _shape(node, DEEPEST)[:LONGEST]


def _plain(text: str) -> str:
    """Remove addresses, digits, control characters, and words so long that they may be keys."""
    legible = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return re.sub(r"[0-9]", "#", re.sub(r"\S*[@*]\S*|\S{25,}", "***", legible))


def _shape(node: Any, depth: int) -> str:
    if isinstance(node, dict):
        fields = cast("dict[str, Any]", node)
        if depth == 0:
            return "{…}"
        named = {key if FIELD.fullmatch(key) else "…": value for key, value in fields.items()}
        return "{" + ", ".join(f"{key}: {_shape(value, depth - 1)}" for key, value in named.items()) + "}"
    if isinstance(node, list):
        items = cast("list[object]", node)
        return f"[{_shape(items[0], depth - 1)}, …]" if items and depth else "[…]" if items else "[]"
    return {"NoneType": "null", "str": "text", "bool": "flag"}.get(type(node).__name__, "number")
