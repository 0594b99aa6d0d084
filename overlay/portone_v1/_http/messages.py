"""One exchange with the server in plain values, and the two ways in which it can come to nothing."""

from __future__ import annotations

from collections.abc import Mapping

from .settings import Timeout

__all__ = ["HttpFailure", "HttpRequest", "HttpResponse", "NoAnswer", "NotSent"]


class HttpRequest:
    """Plain, so that nothing of it is shown: it holds the token, and its query may hold a key."""

    __slots__ = ("content", "headers", "method", "path", "timeout")

    def __init__(
        self, method: str, path: str, headers: dict[str, str], content: bytes | None, timeout: Timeout
    ) -> None:
        self.method = method
        self.path = path
        """Encoded, with its query."""
        self.headers = headers
        self.content = content
        self.timeout = timeout


class HttpResponse:
    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


class HttpFailure(Exception):
    """No answer; the text says how, and holds nothing of the request."""


class NotSent(HttpFailure):
    """The request certainly never left: could not connect."""


class NoAnswer(HttpFailure):
    """The request may have arrived. `status` is there where an answer broke off after it."""

    def __init__(self, how: str, status: int | None = None) -> None:
        super().__init__(how)
        self.status = status
