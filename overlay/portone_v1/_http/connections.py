"""Open connections, and convert a request and its response to and from httpcore's types.

httpcore does the HTTP. Only the connections that it makes are used, not its pool (docs/decisions/connections.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias
from urllib.parse import quote, unquote, urlsplit

import httpcore

from ..errors import ConfigurationError
from .exchange_limits import Body, ResponseTooLarge
from .failures import raise_failure
from .messages import HttpRequest, HttpResponse
from .proxies import proxy_for
from .settings import Settings
from .tls import names_authorities, tls_context
from .unread import unread_connection

if TYPE_CHECKING:
    import ssl

__all__ = [
    "KEEP_ALIVE",
    "MOST_CONNECTIONS",
    "AsyncConnection",
    "AsyncConnector",
    "Connection",
    "Connector",
    "Target",
    "came_with_more",
    "fail",
    "response_of",
    "to_response",
]

MOST_CONNECTIONS: Final = 200
KEEP_ALIVE: Final = 5.0
"""Seconds for which an unused connection is kept."""
PIECE: Final = 4096
"""Bytes that are decompressed at once."""

NOT_SENT = (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.ProxyError, httpcore.UnsupportedProtocol)
MESSAGES_WITH_DATA = (httpcore.ProtocolError,)

Connection: TypeAlias = httpcore.ConnectionInterface
AsyncConnection: TypeAlias = httpcore.AsyncConnectionInterface


_PLAIN_PATH = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*")
_WITH_LENGTH = frozenset({"POST", "PUT", "PATCH"})


class Target:
    """V1's address, parsed once."""

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.base_url)
        self.origin = httpcore.Origin(
            parts.scheme.encode(), _ascii_host(parts.hostname or ""), parts.port or _port_of(parts.scheme)
        )
        named = self.origin.host.decode()
        named = f"[{named}]" if ":" in named else named
        self._host = (named if parts.port in (None, _port_of(parts.scheme)) else f"{named}:{parts.port}").encode()
        self._prefix = quote(parts.path, safe="/:@!$&'()*+,;=~%")
        self._port = parts.port
        self.base = f"{parts.scheme}://{self._host.decode()}"

    def request(self, request: HttpRequest) -> httpcore.Request:
        """Return the request for httpcore. It holds the token, so callers must not keep it in a local variable."""
        origin = self.origin
        return httpcore.Request(
            method=request.method.encode(),
            url=httpcore.URL(scheme=origin.scheme, host=origin.host, port=self._port, target=self.path(request)),
            headers=[(name.encode(), text.encode()) for name, text in self.headers(request)],
            content=request.content or b"",
            extensions={"timeout": request.timeout._asdict()},
        )

    def path(self, request: HttpRequest) -> bytes:
        path = request.path if _PLAIN_PATH.fullmatch(request.path) else quote(request.path, safe="/?:@!$&'()*+,;=~%")
        return (self._prefix + path).encode()

    def headers(self, request: HttpRequest) -> list[tuple[str, str]]:
        content, headers = request.content, [*request.headers.items()]
        given = {name.lower() for name in request.headers}
        if "host" not in given:
            headers.insert(0, ("Host", self._host.decode()))
        if not given & {"content-length", "transfer-encoding"} and (content or request.method in _WITH_LENGTH):
            headers.append(("Content-Length", str(len(content or b""))))
        return headers


def _port_of(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _ascii_host(host: str) -> bytes:
    try:
        return host.encode("ascii")
    except UnicodeEncodeError:
        import idna

        try:
            return idna.encode(host)
        except idna.IDNAError:
            raise ConfigurationError("base_url is not a valid URL") from None


class _Connector:
    """How a connection is opened: directly or through a proxy, and over TLS if the address is https.

    The TLS context is built with the first connection, because reading the certificate authorities takes longer than
    making the client. Files that the caller or the environment names are read at once, so that a wrong path is found
    early.
    """

    def __init__(self, settings: Settings) -> None:
        self.target = Target(settings)
        self._files = (settings.ca_file, settings.client_cert)
        self._secure = self.target.origin.scheme == b"https"
        self._proxy = proxy_for(settings)
        if self._proxy is not None and self._proxy.startswith("socks"):
            _require_socks()
        if any(self._files) or (self._secure and names_authorities()):
            tls_context(*self._files)

    def tls_context(self) -> ssl.SSLContext | None:
        return tls_context(*self._files) if self._secure else None

    def _arguments(self) -> tuple[str, dict[str, Any]]:
        """Return the kind of httpcore's pool that opens the connection, and its arguments."""
        given: dict[str, Any] = {"ssl_context": self.tls_context(), "keepalive_expiry": KEEP_ALIVE}
        if self._proxy is None:
            return "direct", given
        parts = urlsplit(self._proxy)
        scheme = "socks5" if parts.scheme.startswith("socks5") else parts.scheme
        port = parts.port or {"http": 80, "https": 443, "socks5": 1080}[scheme]
        host = _ascii_host(parts.hostname or "")
        given["proxy_url"] = httpcore.URL(scheme=scheme.encode(), host=host, port=port, target=b"/")
        if parts.username or parts.password:
            given["proxy_auth"] = (unquote(parts.username or "").encode(), unquote(parts.password or "").encode())
        if scheme == "socks5":
            return "socks", given
        if scheme == "https":
            given["proxy_ssl_context"] = tls_context()
        return "proxy", given


def _require_socks() -> None:
    from importlib.util import find_spec

    if find_spec("socksio") is None:
        raise ConfigurationError("a socks5 proxy needs the package socksio: pip install 'httpx[socks]'")


class Connector(_Connector):
    def maker(
        self, timed: Callable[[httpcore.NetworkBackend], httpcore.NetworkBackend]
    ) -> Callable[[httpcore.Origin], httpcore.ConnectionInterface]:
        """Return a function that makes a connection, which is opened on first use."""
        kind, given = self._arguments()
        given["network_backend"] = timed(httpcore.SyncBackend())
        kinds: dict[str, Callable[..., httpcore.ConnectionPool]] = {
            "direct": httpcore.ConnectionPool,
            "proxy": httpcore.HTTPProxy,
            "socks": httpcore.SOCKSProxy,
        }
        return kinds[kind](**given).create_connection


class AsyncConnector(_Connector):
    def maker(
        self, timed: Callable[[httpcore.AsyncNetworkBackend], httpcore.AsyncNetworkBackend]
    ) -> Callable[[httpcore.Origin], httpcore.AsyncConnectionInterface]:
        """Return a function that makes a connection, which is opened on first use."""
        kind, given = self._arguments()
        backend: Any = httpcore.AnyIOBackend()  # another class where anyio is missing, which httpx requires
        given["network_backend"] = timed(backend)
        kinds: dict[str, Callable[..., httpcore.AsyncConnectionPool]] = {
            "direct": httpcore.AsyncConnectionPool,
            "proxy": httpcore.AsyncHTTPProxy,
            "socks": httpcore.AsyncSOCKSProxy,
        }
        return kinds[kind](**given).create_connection


def fail(error: BaseException, status: int | None) -> NoReturn:
    """Raise our error: whatever went wrong, the request may have been sent, unless httpcore says that it was not."""
    raise_failure(error, status, not_sent=NOT_SENT, timeouts=(httpcore.TimeoutException,), quoting=MESSAGES_WITH_DATA)


def came_with_more(response: httpcore.Response) -> bool:
    """Return whether extra bytes follow the response: the next call would take them for its answer."""
    return unread_connection(response.stream) is not None


class Headers(Mapping[str, str]):
    """The headers of an answer, with case-insensitive names. Its `repr` shows only the names."""

    __slots__ = ("_values",)

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        values: dict[str, str] = {}
        for name, value in raw:
            key, text = name.decode("latin-1").lower(), value.decode("utf-8", "replace")
            values[key] = f"{values[key]}, {text}" if key in values else text
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({', '.join(self._values)})"


def to_response(answer: httpcore.Response, body: bytes) -> HttpResponse:
    return response_of(answer.status, answer.headers, body)


def response_of(status: int, raw: Sequence[tuple[bytes, bytes]], body: bytes) -> HttpResponse:
    headers = Headers(raw)
    if headers.get("content-encoding", "identity") != "identity" and body:
        body = _decoded(raw, body, status)
    return HttpResponse(status, headers, body)


def _decoded(headers: Sequence[tuple[bytes, bytes]], body: bytes, status: int) -> bytes:
    """Decompress a body with httpx. Our requests do not accept compression, but a response may be compressed anyway.

    In small pieces: compression can make gigabytes of a few bytes.
    """
    import httpx

    whole, pieces = Body(), (body[start : start + PIECE] for start in range(0, len(body), PIECE))
    try:
        for part in httpx.Response(200, headers=[*headers], content=pieces).iter_bytes():
            whole.add(part)
    except (httpx.DecodingError, ResponseTooLarge) as error:
        raise_failure(error, status, not_sent=(), timeouts=(), quoting=(httpx.DecodingError,))
    return whole.whole()
