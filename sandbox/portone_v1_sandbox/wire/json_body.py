"""JSON that a shop or a page sent. It is refused if it is nested too deeply for recursive functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from portone_v1_runtime.exact_json import loads

from .json_types import is_list, is_object

__all__ = ["levels", "read_json"]

DEEPEST: Final = 64


def read_json(text: bytes) -> Any:
    """Parse a text. Raises ValueError if it is no JSON, or nested too deeply."""
    try:
        value = loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    # From Python 3.14 on, the reader accepts deeper nesting than a recursive function can process.
    might_be = text.count(b"[") + text.count(b"{") >= DEEPEST
    if might_be and any(depth > DEEPEST for depth, _ in enumerate(levels(value), 1)):
        raise ValueError("nested too deeply")
    return value


def levels(value: Any) -> Iterable[list[Any]]:
    """Return the values of each depth, the outermost first."""
    level = [value]
    while level:
        yield level
        level = [inner for item in level for inner in _inner(item)]


def _inner(value: Any) -> Iterable[Any]:
    if is_object(value):
        return value.values()
    return value if is_list(value) else ()
