"""A request and an answer as the sandbox sees them, whoever carried them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from portone_v1_runtime.exact_json import dumps, loads

__all__ = ["BODY_LIMIT", "SANDBOX_HEADER", "Request", "Response", "envelope"]

SANDBOX_HEADER: Final = {"X-Sandbox": "portone-v1"}
"""On every answer, so that nobody takes it for one of V1."""
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

    def header(self, name: str) -> str | None:
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)

    @property
    def from_another_site(self) -> bool:
        """A page of another site can send a form here, but it can not hide where it is from."""
        origin = self.header("origin")
        return origin is not None and urlsplit(origin).netloc != self.header("host")

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path}>"


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """One HTTP answer."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    delay: float = 0.0
    """Seconds that a carrier holds it up."""
    cut: Literal["nothing", "half"] | None = None
    """How much of it a carrier brings before the connection breaks."""

    def json(self) -> Any:
        """The body, fractions as exact `Decimal`."""
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
    """The answer in V1's form, written as V1 writes it: ASCII, the slash escaped too."""
    fields = {"code": code, "message": message, "response": payload}
    text = dumps(fields if error is None else fields | {"error": dict(error)}, ascii_only=True)
    body = text.replace("/", "\\/").encode("ascii")
    return Response(status, body, {"Content-Type": "application/json; charset=UTF-8", **SANDBOX_HEADER})
