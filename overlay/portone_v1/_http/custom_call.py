"""Calls of operations that the specification does not know: `client.request(...)`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from portone_v1_runtime.operation import Call, Operation
from portone_v1_runtime.secret import reveal

__all__ = ["custom_call"]

METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH"})

_PATH = re.compile(r"/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*")


def custom_call(method: str, path: str, query: Mapping[str, Any] | None, body: Mapping[str, Any] | None) -> Call[Any]:
    verb = method.upper()
    if verb not in METHODS:
        raise ValueError(f"method must be one of {', '.join(sorted(METHODS))}")
    if not _PATH.fullmatch(path) or path.startswith("//") or {".", ".."} & set(unquote(path).split("/")):
        raise ValueError("path must start with a single /, be percent-encoded and have no query string: pass query=")
    if verb == "GET" and body is not None:
        raise ValueError("a GET request has no body: pass query=")
    operation = Operation[Any](
        "request", f"request {verb} {path.split('/')[1]}", verb, path, _as_it_is, safe=verb == "GET"
    )
    asked: Mapping[str, Any] = reveal(query) or {}
    return Call(operation, path, query={name: _text(value) for name, value in asked.items()}, body=reveal(body))


def _as_it_is(payload: Any) -> Any:
    return payload


def _text(value: Any) -> str | list[str] | None:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return [str(item) for item in value]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return str(value).lower() if isinstance(value, bool) else str(value)
