"""The asynchronous transport over aiohttp, for a shop that uses it anyway. Needs `portone-v1[aiohttp]`.

    async with AiohttpTransport() as transport, AsyncPortOne(transport=transport) as client:
        ...

Everything else stays the same: which requests were certainly not sent or may have arrived, TLS, proxies, timeouts,
limits.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping

import httpx
from portone_v1_runtime.secret import conceal

from .._http.proxies import environment_proxy
from .._http.settings import DEFAULT_BASE_URL, Settings
from .._http.tls import tls_context
from .._http.tracebacks import without_frames
from ..errors import ConfigurationError

try:
    import aiohttp
except ImportError:
    raise ImportError("portone_v1.contrib.aiohttp needs aiohttp: pip install 'portone-v1[aiohttp]'") from None

from ._aiohttp import Exchange, current
from ._aiohttp_session import Came, Proxy, Sent, Session, proxy_of

__all__ = ["AiohttpTransport"]


class AiohttpTransport(httpx.AsyncBaseTransport):
    """For `AsyncPortOne(transport=...)`. The code that creates it closes it.

    An answer is read completely before it is returned. Event loops may come and go: each has connections of its own.

    Args:
        ca_file: certificates of authorities to trust instead of certifi's.
        client_cert: a certificate file, (file, key file) or (file, key file, password).
        proxy: URL of an http or https proxy; default the environment's (`HTTPS_PROXY`, `NO_PROXY`).

    Raises:
        ConfigurationError: one of these is wrong.
    """

    def __init__(
        self,
        *,
        ca_file: str | os.PathLike[str] | None = None,
        client_cert: str | tuple[str, str] | tuple[str, str, str] | None = None,
        proxy: str | None = None,
    ) -> None:
        client_cert, proxy = conceal(client_cert), conceal(proxy)  # each may hold a password
        try:
            settings = Settings(  # for its checks
                imp_key="unused",
                imp_secret="unused",  # noqa: S106
                base_url=DEFAULT_BASE_URL,
                tier=None,
                timeout=None,
                max_retries=0,
                ca_file=ca_file,
                client_cert=client_cert,
                proxy=proxy,
            )
            self._context = tls_context(settings.ca_file, settings.client_cert)
            self._asked = proxy_of(settings.proxy)
        except ConfigurationError as error:
            raise without_frames(error)  # noqa: B904 - it is the same error
        self._found: dict[str, Proxy | None] = {}
        self._sessions: dict[asyncio.AbstractEventLoop, Session] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url, raw = request.url, request.headers.raw
        headers = [(name.decode("ascii"), value.decode("ascii")) for name, value in raw]
        limits: dict[str, float | None] = request.extensions.get("timeout", {})
        sent = Sent(
            request.method, f"{url.scheme}://{url.netloc.decode('ascii')}", url.raw_path.decode("ascii"), headers
        )
        came = await self.carry(sent, await request.aread(), limits)
        if came.failure is not None and came.head is None:
            raise came.failure
        assert came.head is not None  # noqa: S101 - an answer, or a failure
        answer = httpx.Response(came.head.status, headers=came.head.raw_headers, stream=httpx.ByteStream(came.body))
        if came.failure is not None:
            answer.stream = IncompleteResponse(came.failure)
        return answer

    async def carry(self, sent: Sent, content: bytes, limits: Mapping[str, float | None]) -> Came:
        """Send one request without httpx's request and response: making them takes a fifth of the time of a call."""
        session, proxy = await self._session(), self._asked or self._proxy_for(sent.origin)
        exchange = Exchange(sent.target, limits.get("write"))
        head: aiohttp.ClientResponse | None = None
        try:
            await session.enter(limits.get("pool"))
        except httpx.PoolTimeout as error:
            return Came(None, b"", error)
        before = current.set(exchange)
        try:
            response = await session.send(sent, content, limits, proxy)
            exchange.answered(response)
            head = response
            body = await response.read()
            exchange.whole = True
        except Exception as error:
            failure = _failure(exchange, error)
        else:
            return Came(response, body, None)
        finally:
            current.reset(before)
            exchange.end()
            session.leave()
        # Not raised inside: aiohttp's error, whose text may hold the URL, would be the context of this one.
        return Came(head, b"", failure)

    async def aclose(self) -> None:
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.close()

    async def _session(self) -> Session:
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None:
            session = self._sessions[loop] = Session(self._context)
            for ended in [known for known in list(self._sessions) if known.is_closed()]:
                await self._sessions.pop(ended).forget()
        return session

    def _proxy_for(self, origin: str) -> Proxy | None:
        if origin not in self._found:
            self._found[origin] = proxy_of(environment_proxy(origin))
        return self._found[origin]


class IncompleteResponse(httpx.AsyncByteStream):
    """The body of an answer that did not come to its end."""

    def __init__(self, failure: httpx.TransportError) -> None:
        self._failure = failure

    async def __aiter__(self) -> AsyncIterator[bytes]:
        raise self._failure
        yield b""


def _failure(exchange: Exchange, error: Exception) -> httpx.TransportError:
    """Return httpx's error for it. Nothing of aiohttp's error is kept, because its text may hold the URL."""
    name = type(error).__name__
    if exchange.never_left:
        if isinstance(error, aiohttp.ClientProxyConnectionError | aiohttp.ClientHttpProxyError):
            failure: httpx.TransportError = httpx.ProxyError(name)
        elif isinstance(error, TimeoutError):
            failure = httpx.ConnectTimeout(name)
        else:
            failure = httpx.ConnectError(name)
        failure.__cause__ = getattr(error, "certificate_error", None) or getattr(error, "os_error", None)
        return failure
    if exchange.overdue:
        return httpx.WriteTimeout(name)
    if isinstance(error, TimeoutError):
        return httpx.ReadTimeout(name)
    if isinstance(error, OSError):
        return httpx.ReadError(name)
    return httpx.RemoteProtocolError(name)
