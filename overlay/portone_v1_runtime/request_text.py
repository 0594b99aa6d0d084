"""Values as text in a path, a query, a header or a cookie."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

__all__ = [
    "cookie_text",
    "header_text",
    "needs_no_quoting",
    "optional_path_segment",
    "path_segment",
    "query_bool",
    "query_text",
    "query_texts",
    "segment_text",
]

_UNRESERVED: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~"


def needs_no_quoting(text: str) -> bool:
    """Return whether every character may stand in a path, in a query and in JSON unchanged (RFC 3986, 2.3)."""
    if text.isascii() and (text.isalnum() or text.isidentifier()):  # most ids and keys, at a quarter of the cost
        return True
    return not text.rstrip(_UNRESERVED)


def path_segment(name: str, value: Any) -> str:
    """Return the id as one segment of a path. Whatever it contains, it stays one segment of this route."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    if not value.strip():
        raise ValueError(f"{name} must not be empty")
    if value in (".", ".."):
        raise ValueError(f"{name}={value!r} is not a valid identifier")
    encoded = value if needs_no_quoting(value) else quote(value, safe="")
    return encoded.replace(".", "%2E") if ".." in encoded else encoded


def optional_path_segment(name: str, value: Any) -> str:
    return "" if value is None else "/" + path_segment(name, _text(value))


def segment_text(value: Any) -> Any:
    return None if value is None else _text(value)


def query_bool(value: Any) -> str | None:
    return None if value is None else "true" if value else "false"


def query_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def query_texts(values: Any) -> list[str] | None:
    return None if values is None else [_text(item) for item in values if item is not None]


def header_text(name: str, value: str | None) -> str | None:
    """Refuse a value that no header can hold, before anything is sent."""
    if value is not None and (not value.isascii() or not value.isprintable() or value != value.strip()):
        raise ValueError(f"{name} is sent as a header: it must be printable ASCII without surrounding blanks")
    return value


def cookie_text(_: str, value: str | None) -> str | None:
    return None if value is None else quote(value, safe="")


def _text(value: Any) -> str:
    return ("true" if value else "false") if value.__class__ is bool else str(value)
