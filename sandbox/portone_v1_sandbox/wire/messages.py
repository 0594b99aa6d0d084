"""Requests and responses, independent of the transport."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from portone_v1_runtime.exact_json import dumps, loads

__all__ = ["BODY_LIMIT", "SANDBOX_HEADER", "Request", "Response", "envelope"]

SANDBOX_HEADER: Final = {"X-Sandbox": "portone-v1"}
"""Header of every response, so it is never mistaken for one of V1."""
BODY_LIMIT = 4 * 1024 * 1024
"""The longest request body in bytes; a longer one is refused with 413."""


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One HTTP request. `path` stays percent-encoded and has no query."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    patience: float | None = None
    """Seconds after which the caller goes away, where the transport knows."""

    def header(self, name: str) -> str | None:
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)

    @property
    def from_another_site(self) -> bool:
        """Whether a page of another site sent it: such a page can send a form, but cannot hide its origin."""
        origin = self.header("origin")
        return origin is not None and urlsplit(origin).netloc != self.header("host")

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path}>"


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """One HTTP response."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    delay: float = 0.0
    """Seconds by which the transport delays it."""
    cut: Literal["nothing", "half"] | None = None
    """How much of it the transport sends before the connection breaks."""

    def json(self) -> Any:
        """Parse the body; fractions become exact `Decimal`s."""
        return loads(self.body)

    def __repr__(self) -> str:
        return f"<Response {self.status}>"


def envelope(
    status: int,
    code: int,
    message: str | None,
    payload: object,
    *,
    error: Mapping[str, Any] | None = None,
) -> Response:
    """Return the response in V1's envelope, as V1 writes it: ASCII, with escaped slashes."""
    fields = {"code": code, "message": message, "response": payload}
    text = dumps(fields if error is None else fields | {"error": dict(error)}, ascii_only=True)
    body = text.replace("/", "\\/").encode("ascii")
    return Response(status, body, {"Content-Type": "application/json; charset=UTF-8", **SANDBOX_HEADER})
