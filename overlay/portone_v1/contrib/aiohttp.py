"""The asynchronous transport over aiohttp, for a shop that runs it anyway. Needs `portone-v1[aiohttp]`.

    async with AiohttpTransport() as transport, AsyncPortOne(transport=transport) as client:
        ...

Everything else is as without it: what certainly never left, what may have arrived, TLS, proxies, timeouts, limits.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import httpx

from .._http.proxies import environment_proxy
from .._http.settings import DEFAULT_BASE_URL, Settings
from .._http.tls import tls_context
from ..errors import ConfigurationError

try:
    import aiohttp
    from yarl import URL
except ImportError:
    raise ImportError("portone_v1.contrib.aiohttp needs aiohttp: pip install 'portone-v1[aiohttp]'") from None

from ._aiohttp import Connector, Exchange, current

__all__ = ["AiohttpTransport"]

CONNECTIONS: Final = 200
KEPT_FOR: Final = 5.0
LONGEST_LINE: Final = 65_536
LARGE: Final = 1_000_000
"""Bytes of which aiohttp warns when they are not given as a file."""
NOT_OURS: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Headers that aiohttp would add."""


class AiohttpTransport(httpx.AsyncBaseTransport):
    """For `AsyncPortOne(transport=...)`. The code that creates it closes it.

    An answer is read whole before it is handed on. Event loops may come and go: each has connections of its own.

    Args:
        ca_file: certificates of authorities to trust instead of certifi's.
        client_cert: a certificate file, (file, key file) or (file, key file, password).
        proxy: URL of an http or https proxy; default the environment's (`HTTPS_PROXY`, `NO_PROXY`).

    Raises:
        ConfigurationError: something of this is wrong.
    """

    def __init__(
        self,
        *,
        ca_file: str | os.PathLike[str] | None = None,
        client_cert: str | tuple[str, str] | tuple[str, str, str] | None = None,
        proxy: str | None = None,
    ) -> None:
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
        self._asked = _proxy(settings.proxy)
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
        """One exchange, without httpx's request and response: making them takes a fifth of the time of a call."""
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
            self._found[origin] = _proxy(environment_proxy(origin))
        return self._found[origin]


class Sent(NamedTuple):
    """A request; its headers hold the token."""

    method: str
    origin: str
    target: str
    headers: list[tuple[str, str]]

    def __repr__(self) -> str:
        return f"<{self.method}>"


class Came(NamedTuple):
    """What came of it: an answer, or a failure, or both if the answer broke off."""

    head: aiohttp.ClientResponse | None
    body: bytes
    failure: httpx.TransportError | None


class Session:
    """aiohttp's, in one event loop, with nothing that it would do of itself."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._room = asyncio.Semaphore(CONNECTIONS)
        self._connector = Connector(
            ssl=context, limit=0, keepalive_timeout=KEPT_FOR, resolver=aiohttp.ThreadedResolver()
        )
        self._session = aiohttp.ClientSession(
            connector=self._connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=NOT_OURS,
            auto_decompress=False,
            trust_env=False,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
        )

    async def enter(self, patience: float | None) -> None:
        """Wait for a place among the connections."""
        if not self._room.locked():
            await self._room.acquire()
            return
        try:
            async with asyncio.timeout(patience):
                await self._room.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no free connection in the pool") from None

    def leave(self) -> None:
        self._room.release()

    async def send(
        self, sent: Sent, content: bytes, limits: Mapping[str, float | None], proxy: Proxy | None
    ) -> aiohttp.ClientResponse:
        headers = sent.headers
        if proxy is not None and sent.origin.startswith("http://"):
            headers = [*headers, *proxy.headers.items()]  # aiohttp shows them to a tunnel's proxy only
        return await self._session.request(
            sent.method,
            URL(sent.origin + sent.target, encoded=True),
            headers=headers,
            data=(content or None) if len(content) < LARGE else BytesIO(content),
            timeout=_timeout(limits.get("connect"), limits.get("read")),
            allow_redirects=False,
            proxy=None if proxy is None else proxy.url,
            proxy_headers=None if proxy is None else proxy.headers,
        )

    async def close(self) -> None:
        await self._session.close()
        await self._connector.end()

    async def forget(self) -> None:
        """Its event loop is no more, nor is there a way to close what belonged to it."""
        await self._session.close()


class IncompleteResponse(httpx.AsyncByteStream):
    """The body of an answer that did not come to its end."""

    def __init__(self, failure: httpx.TransportError) -> None:
        self._failure = failure

    async def __aiter__(self) -> AsyncIterator[bytes]:
        raise self._failure
        yield b""


class Proxy(NamedTuple):
    url: URL
    headers: dict[str, str]


def _proxy(url: str | None) -> Proxy | None:
    if url is None:
        return None
    if urlsplit(url).scheme not in ("http", "https"):
        raise ConfigurationError("unsupported proxy: URL must start with http:// or https://")
    proxy, headers = httpx.Proxy(url), dict[str, str]()
    if proxy.auth is not None:
        headers["Proxy-Authorization"] = f"Basic {b64encode(':'.join(proxy.auth).encode()).decode()}"
    return Proxy(URL(str(proxy.url), encoded=True), headers)


@lru_cache(maxsize=64)
def _timeout(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=connect, sock_read=read, ceil_threshold=float("inf"))


def _failure(exchange: Exchange, error: Exception) -> httpx.TransportError:
    """httpx's name for it. Of aiohttp's error nothing is kept, for its text may hold the URL."""
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
