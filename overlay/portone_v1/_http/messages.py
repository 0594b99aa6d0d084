"""One exchange with the server as plain values, and the two ways in which it can fail."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .settings import Timeout

__all__ = ["HttpFailure", "HttpRequest", "HttpResponse", "NoAnswer", "NotSent"]


class HttpRequest:
    """One request. It holds the token, and perhaps a key in its query, so this is a plain class that shows nothing."""

    __slots__ = ("content", "headers", "left", "method", "path", "timeout")

    def __init__(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        content: bytes | None,
        timeout: Timeout,
        left: float = math.inf,
    ) -> None:
        self.method = method
        self.path = path
        """Percent-encoded, with the query."""
        self.headers = headers
        self.content = content
        self.timeout = timeout
        self.left = left
        """Seconds that the caller has for all steps together."""

    def longest(self) -> float:
        """Seconds for all steps together."""
        connect, read, write, pool = self.timeout
        if connect is None or read is None or write is None or pool is None:
            return self.left
        return min(self.left, connect + read + write + pool)


class HttpResponse:
    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


class HttpFailure(Exception):
    """No answer came. The text says why, and contains no part of the request."""


class NotSent(HttpFailure):
    """The request was certainly not sent: no connection."""


class NoAnswer(HttpFailure):
    """The request may have arrived. `status` is set if an answer began and broke off."""

    def __init__(self, how: str, status: int | None = None) -> None:
        super().__init__(how)
        self.status = status
