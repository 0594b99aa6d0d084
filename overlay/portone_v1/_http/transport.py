"""Send a request over the caller's own httpx transport or client.

The SDK does not own it: it neither closes nor replaces it, follows no redirect, keeps no cookie, and lets no query
into the log.
"""

from __future__ import annotations

import asyncio
import logging
import math
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Generic, NoReturn, TypeAlias, TypeVar

import httpx

from ..errors import ConfigurationError
from .exchange_limits import Body, begin, end, left_of
from .failures import raise_failure
from .messages import HttpRequest, HttpResponse
from .response_stream import SingleResponseStream
from .settings import Settings

__all__ = [
    "AsyncGivenTransport",
    "AsyncHttpClient",
    "AsyncTransport",
    "GivenTransport",
    "HttpClient",
    "Transport",
]

Transport: TypeAlias = httpx.BaseTransport
AsyncTransport: TypeAlias = httpx.AsyncBaseTransport
HttpClient: TypeAlias = httpx.Client
AsyncHttpClient: TypeAlias = httpx.AsyncClient

T = TypeVar("T")
C = TypeVar("C")

NOT_SENT_ERRORS = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
MESSAGES_WITH_DATA = (httpx.ProtocolError, httpx.DecodingError, httpx.HTTPStatusError)
"""Errors whose text contains bytes of the exchange or the URL: not shown as the cause either."""


def _fail(error: Exception, status: int | None) -> NoReturn:
    """Raise our error: whatever the transport raised, the request may have been sent, unless httpx says it was not.

    An error that wraps one of aiohttp proves nothing: aiohttp reports a broken connection as one that was never made,
    and before a refused connection, a PUT may have been sent over another one.
    """
    of_aiohttp = type(error.__cause__).__module__.startswith("aiohttp")
    raise_failure(
        error,
        status,
        not_sent=() if of_aiohttp else NOT_SENT_ERRORS,
        timeouts=(httpx.TimeoutException,),
        quoting=MESSAGES_WITH_DATA,
    )


class _HideQueries(logging.Filter):
    """httpx's own client logs whole URLs, and V1 has an operation with a key in its query."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_without_query(arg) for arg in record.args)
        return True


def _without_query(value: object) -> object:
    return value.copy_with(query=None) if isinstance(value, httpx.URL) and value.query else value


_hide_queries = _HideQueries()


class _Given(Generic[T, C]):
    """The part that both flavours share: the checks, and the conversion to an httpx request."""

    def __init__(self, settings: Settings, transport: T | None, http_client: C | None) -> None:
        mounted: dict[Any, Any] = getattr(http_client, "_mounts", {})
        for used in (transport, getattr(http_client, "_transport", None), *mounted.values()):
            if any(kind.__module__.partition(".")[0] == "httpx_aiohttp" for kind in type(used).__mro__):
                raise ConfigurationError("httpx_aiohttp can send a write twice: use portone_v1.contrib.aiohttp")
        if settings.ca_file or settings.client_cert or settings.proxy:
            raise ConfigurationError(
                "configure ca_file, client_cert and proxy on the transport or http_client that you pass"
            )
        try:
            httpx.URL(settings.base_url)
        except (httpx.InvalidURL, UnicodeError):
            raise ConfigurationError("base_url is not a valid URL") from None
        self._base_url = settings.base_url
        self._transport, self._client = transport, http_client
        if http_client is not None:
            logging.getLogger("httpx").addFilter(_hide_queries)

    def _request(self, request: HttpRequest) -> httpx.Request:
        return httpx.Request(
            request.method,
            self._base_url + request.path,
            headers=request.headers,
            content=request.content,
            extensions={"timeout": request.timeout._asdict()},
        )


def _check(name: str, value: object, kind: type[object]) -> None:
    if value is not None and not isinstance(value, kind):
        raise ConfigurationError(f"{name} must be an httpx.{kind.__name__}")


class GivenTransport(_Given[httpx.BaseTransport, httpx.Client]):
    def __init__(self, settings: Settings, transport: Transport | None, http_client: HttpClient | None) -> None:
        if transport is not None and http_client is not None:
            raise ConfigurationError("pass transport= or http_client=, not both")
        _check("transport", transport, httpx.BaseTransport)
        _check("http_client", http_client, httpx.Client)
        super().__init__(settings, transport, http_client)

    def transmit(self, request: HttpRequest) -> HttpResponse:
        """Send a request. Its body has to be there in time; nothing but its transport can end the wait for a head."""
        status: int | None = None
        body, limit = Body(), begin(request.longest())
        try:
            if self._client is not None:
                response = self._client.send(self._request(request), stream=True, auth=None, follow_redirects=False)
            else:
                assert self._transport is not None  # noqa: S101
                response = self._transport.handle_request(self._request(request))
            status = response.status_code
            response.stream = SingleResponseStream(response.stream)
            try:
                for part in response.iter_bytes():
                    left_of(None, httpx.ReadTimeout)
                    body.add(part)
            finally:
                response.close()
        except ConfigurationError:
            raise
        except Exception as error:
            _fail(error, status)
        finally:
            end(limit)
        return HttpResponse(response.status_code, response.headers, body.whole())

    def close(self) -> None:
        """Leave it open: it belongs to the caller."""


class AsyncGivenTransport(_Given[httpx.AsyncBaseTransport, httpx.AsyncClient]):
    def __init__(
        self, settings: Settings, transport: AsyncTransport | None, http_client: AsyncHttpClient | None
    ) -> None:
        if transport is not None and http_client is not None:
            raise ConfigurationError("pass transport= or http_client=, not both")
        _check("transport", transport, httpx.AsyncBaseTransport)
        _check("http_client", http_client, httpx.AsyncClient)
        super().__init__(settings, transport, http_client)
        self._direct = _direct(transport, settings)

    async def transmit(self, request: HttpRequest) -> HttpResponse:
        if self._direct is not None:
            return await self._direct(request)
        status: int | None = None
        body, limit = Body(), begin(request.longest())
        try:
            async with asyncio.timeout(_patience(request)):
                if self._client is not None:
                    response = await self._client.send(
                        self._request(request), stream=True, auth=None, follow_redirects=False
                    )
                else:
                    assert self._transport is not None  # noqa: S101
                    response = await self._transport.handle_async_request(self._request(request))
                status = response.status_code
                response.stream = SingleResponseStream(response.stream)
                try:
                    async for part in response.aiter_bytes():
                        left_of(None, httpx.ReadTimeout)
                        body.add(part)
                finally:
                    await response.aclose()
        except ConfigurationError:
            raise
        except Exception as error:
            _fail(error, status)
        finally:
            end(limit)
        return HttpResponse(response.status_code, response.headers, body.whole())

    async def aclose(self) -> None:
        """Leave it open: it belongs to the caller."""


def _patience(request: HttpRequest) -> float | None:
    """Seconds until a request is given up, whatever it waits for.

    A connection that cannot be opened is reported by the transport first: nothing else knows that nothing was sent.
    """
    seconds = request.longest() + (request.timeout.pool or 0.0) + (request.timeout.connect or 0.0)
    return None if seconds == math.inf else seconds


def _direct(
    transport: httpx.AsyncBaseTransport | None, settings: Settings
) -> Callable[[HttpRequest], Awaitable[HttpResponse]] | None:
    """Return a function that calls the SDK's aiohttp transport without httpx's request and response.

    A subclass of it may have changed something, so it is called like any other transport.
    """
    aiohttp: Any = sys.modules.get("portone_v1.contrib.aiohttp")
    own: Any = transport
    if aiohttp is None or type(transport) is not aiohttp.AiohttpTransport:
        return None
    from .connections import Target, response_of

    target, carry, sent = Target(settings), own.carry, aiohttp.Sent

    async def transmit(request: HttpRequest) -> HttpResponse:
        asked = sent(request.method, target.base, target.path(request).decode(), target.headers(request))
        try:
            limits = {**request.timeout._asdict(), "total": request.longest()}
            came = await carry(asked, request.content or b"", limits)
        except ConfigurationError:
            raise
        except Exception as error:
            _fail(error, None)
        head = came.head
        if came.failure is not None or head is None:
            _fail(
                came.failure or RuntimeError("the carrier returned neither an answer nor a failure"),
                head and head.status,
            )
        return response_of(head.status, head.raw_headers, came.body)

    return transmit
