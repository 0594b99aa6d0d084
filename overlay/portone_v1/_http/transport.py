"""The only module that knows httpx: it sends one request over a transport and says how it ended.

The SDK's own transports are httpx's below its client: no redirects, no cookies, no environment surprises, and no log
line with a URL in it.
"""

from __future__ import annotations

import logging
import os
import ssl
from collections.abc import Callable
from typing import Any, Generic, NoReturn, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from weakref import WeakSet

import httpx

from ..errors import ConfigurationError
from .concurrency import PerLoop
from .messages import HttpRequest, HttpResponse, NoAnswer, NotSent
from .response_stream import SingleResponseStream
from .settings import Settings, is_loopback
from .tls import tls_context

__all__ = ["AsyncWire", "Wire", "environment_proxy"]

Transport: TypeAlias = httpx.BaseTransport
AsyncTransport: TypeAlias = httpx.AsyncBaseTransport
HttpClient: TypeAlias = httpx.Client
AsyncHttpClient: TypeAlias = httpx.AsyncClient

T = TypeVar("T")

NOT_SENT_ERRORS = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
MAYBE_SENT_ERRORS = (httpx.HTTPError, httpx.StreamError, OSError)
MESSAGES_WITH_DATA = (httpx.ProtocolError, httpx.DecodingError, httpx.HTTPStatusError)
"""Errors whose text holds bytes of the exchange or the URL: not shown as the cause either."""
FAILURES = (*NOT_SENT_ERRORS, *MAYBE_SENT_ERRORS)


def _raise_failure(error: Exception, status: int | None) -> NoReturn:
    """Turn httpx's error into ours. Its text may hold a URL, so only its kind is told.

    What stands for an error of aiohttp proves nothing: a broken connection is called one that never came about, and
    before one that was refused a PUT may have left over another.
    """
    of_aiohttp = type(error.__cause__).__module__.startswith("aiohttp")
    if status is None and isinstance(error, NOT_SENT_ERRORS) and not of_aiohttp:
        cause = None if isinstance(error, httpx.TimeoutException) else error.__cause__ or error.__context__
        while cause is not None and not isinstance(cause, ssl.SSLError):
            cause = cause.__cause__ or cause.__context__
        why = f"TLS: {_tls_reason(cause)}" if isinstance(cause, ssl.SSLError) else type(error).__name__
        raise NotSent(f"could not connect ({why})") from error
    how = "no response" if status is None else "the response ended early"
    failure = NoAnswer(f"{how} ({type(error).__name__})", status)
    if isinstance(error, MESSAGES_WITH_DATA):
        raise failure from None
    raise failure from error


def _tls_reason(error: ssl.SSLError) -> str:
    verify = getattr(error, "verify_message", None)
    return str(verify or error.reason or "TLS handshake failed").lower().replace("_", " ")


def environment_proxy(url: str) -> str | None:
    """The environment's proxy on the way to a URL; never one for this machine itself."""
    parts = urlsplit(url)
    if is_loopback(parts.hostname or "") or proxy_bypass(parts.hostname or ""):
        return None
    found = getproxies().get(parts.scheme)
    return found if found is None or "://" in found else f"http://{found}"


def _arguments(settings: Settings) -> dict[str, Any]:
    return {
        "verify": tls_context(settings.ca_file, settings.client_cert),
        "proxy": environment_proxy(settings.base_url) if settings.proxy is None else settings.proxy,
        "trust_env": False,
        "limits": httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=5.0),
    }


class _HideQueries(logging.Filter):
    """httpx's own client logs whole URLs, and V1 has an operation with a key in its query."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_without_query(arg) for arg in record.args)
        return True


def _without_query(value: object) -> object:
    return value.copy_with(query=None) if isinstance(value, httpx.URL) and value.query else value


_hide_queries = _HideQueries()


class _Base(Generic[T]):
    """What both flavours share: which transport, and the request in httpx's terms."""

    _transport: T

    def __init__(
        self,
        settings: Settings,
        transport: Any,
        http_client: Any,
        make: Callable[..., T],
        kinds: tuple[type[Any], type[Any]],
    ) -> None:
        client_kind, transport_kind = kinds
        if transport is not None and http_client is not None:
            raise ConfigurationError("pass transport= or http_client=, not both")
        if transport is not None and not isinstance(transport, transport_kind):
            raise ConfigurationError(f"transport must be an httpx.{transport_kind.__name__}")
        if http_client is not None and not isinstance(http_client, client_kind):
            raise ConfigurationError(f"http_client must be an httpx.{client_kind.__name__}")
        mounted: dict[Any, Any] = getattr(http_client, "_mounts", {})
        for way_out in (transport, getattr(http_client, "_transport", None), *mounted.values()):
            if any(kind.__module__.partition(".")[0] == "httpx_aiohttp" for kind in type(way_out).__mro__):
                raise ConfigurationError("httpx_aiohttp can send a write twice: use portone_v1.contrib.aiohttp")
        given = transport is not None or http_client is not None
        if given and (settings.ca_file or settings.client_cert or settings.proxy):
            raise ConfigurationError(
                "configure ca_file, client_cert and proxy on the transport or http_client that you pass"
            )
        try:
            httpx.URL(settings.base_url)
        except (httpx.InvalidURL, UnicodeError):
            raise ConfigurationError("base_url is not a valid URL") from None
        self._base_url = settings.base_url
        self._client = http_client
        self._make = None if given else (lambda: make(**_arguments(settings)))
        if http_client is not None:
            logging.getLogger("httpx").addFilter(_hide_queries)
        elif transport is not None:
            self._transport = transport
        else:
            self.renew()

    def renew(self) -> None:
        """A transport of our own for this process (and event loop): connections are not shared with another."""
        if self._make is not None:
            self._transport = self._make()

    def _request(self, request: HttpRequest) -> httpx.Request:
        timeout = request.timeout
        return httpx.Request(
            request.method,
            self._base_url + request.path,
            headers=request.headers,
            content=request.content,
            extensions={"timeout": timeout._asdict()},
        )


class Wire(_Base[httpx.BaseTransport]):
    """The synchronous way out."""

    def __init__(self, settings: Settings, transport: Any, http_client: Any) -> None:
        super().__init__(settings, transport, http_client, httpx.HTTPTransport, (httpx.Client, httpx.BaseTransport))
        _wires.add(self)

    def transmit(self, request: HttpRequest) -> HttpResponse:
        status: int | None = None
        try:
            if self._client is not None:
                client = cast("httpx.Client", self._client)
                response = client.send(self._request(request), stream=True, auth=None, follow_redirects=False)
            else:
                response = self._transport.handle_request(self._request(request))
            status = response.status_code
            response.stream = SingleResponseStream(response.stream)
            try:
                body = response.read()
            finally:
                response.close()
        except FAILURES as error:
            _raise_failure(error, status)
        return HttpResponse(response.status_code, response.headers, body)

    def close(self) -> None:
        if self._make is not None:
            self._transport.close()


class AsyncWire(_Base[httpx.AsyncBaseTransport]):
    """The asynchronous way out."""

    _first: httpx.AsyncBaseTransport | None = None

    def __init__(self, settings: Settings, transport: Any, http_client: Any) -> None:
        self._transports = PerLoop(self._make_or_take_first)
        super().__init__(
            settings,
            transport,
            http_client,
            httpx.AsyncHTTPTransport,
            (httpx.AsyncClient, httpx.AsyncBaseTransport),
        )
        _wires.add(self)

    async def transmit(self, request: HttpRequest) -> HttpResponse:
        status: int | None = None
        try:
            if self._client is not None:
                client = cast("httpx.AsyncClient", self._client)
                response = await client.send(self._request(request), stream=True, auth=None, follow_redirects=False)
            else:
                response = await self._own_transport().handle_async_request(self._request(request))
            status = response.status_code
            response.stream = SingleResponseStream(response.stream)
            try:
                body = await response.aread()
            finally:
                await response.aclose()
        except FAILURES as error:
            _raise_failure(error, status)
        return HttpResponse(response.status_code, response.headers, body)

    def renew(self) -> None:
        if self._make is not None:
            self._transports.clear()
            self._first = self._make()

    def _own_transport(self) -> httpx.AsyncBaseTransport:
        """Connections belong to one event loop: each loop that uses the client has a transport of its own."""
        return self._transport if self._make is None else self._transports.get()

    def _make_or_take_first(self) -> httpx.AsyncBaseTransport:
        """The first loop takes the transport that was made with the client, to find wrong settings out early."""
        first, self._first = self._first, None
        if first is not None:
            return first
        assert self._make is not None  # noqa: S101
        return self._make()

    async def aclose(self) -> None:
        """Close what this loop opened. Another loop that still runs keeps its connections."""
        if self._make is not None and (own := self._transports.take() or self._first) is not None:
            await own.aclose()


_wires: WeakSet[Wire | AsyncWire] = WeakSet()


def _renew_wires() -> None:
    """A child process must not write into its parent's connections."""
    for wire in list(_wires):
        wire.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_wires)
