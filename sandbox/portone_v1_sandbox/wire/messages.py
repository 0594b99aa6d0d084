"""Requests and responses, independent of the transport."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from json import JSONEncoder
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
    _by_name: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict[str, str])
    parsed: dict[str, Any] = field(init=False, repr=False, compare=False, default_factory=dict[str, Any])
    """The parsed body, so that it is parsed once."""

    def __post_init__(self) -> None:
        by_name = self._by_name
        for name, value in self.headers.items():
            by_name.setdefault(name.lower(), value)

    def header(self, name: str) -> str | None:
        return self._by_name.get(name.lower())

    @property
    def from_another_site(self) -> bool:
        """Whether a page of another site sent it: such a page can send a form, but cannot hide its origin."""
        origin = self.header("origin")
        try:
            return origin is not None and urlsplit(origin).netloc != self.header("host")
        except ValueError:
            return True  # not a valid URL, such as `http://[`

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


def _no_fraction(value: object) -> object:
    raise TypeError(f"not for the encoder in C: {type(value).__name__}")


# Six times as fast as `dumps`, which only the few answers with a fraction need, to write it exactly.
_encoder: Final = JSONEncoder(check_circular=False, allow_nan=False, separators=(",", ":"), default=_no_fraction)


def _json(fields: Mapping[str, object]) -> str:
    try:
        return _encoder.encode(fields)
    except TypeError:
        return dumps(fields, ascii_only=True)


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
    body = _json(fields if error is None else fields | {"error": dict(error)}).replace("/", "\\/").encode("ascii")
    return Response(status, body, {"Content-Type": "application/json; charset=UTF-8", **SANDBOX_HEADER})
