"""aiohttp's session in one event loop: what is sent over it, what comes back, by which proxy."""

from __future__ import annotations

import math
import ssl
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import aiohttp
import httpx
from yarl import URL

from .._http.concurrency import AsyncLimiter
from ..errors import ConfigurationError
from ._aiohttp import Connector

__all__ = ["Came", "Proxy", "Sent", "Session", "proxy_of"]

CONNECTIONS: Final = 200
KEPT_FOR: Final = 5.0
LONGEST_LINE: Final = 65_536
LARGE: Final = 1_000_000
"""The size of a body from which aiohttp warns if it is not given as a file."""
NOT_OURS: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Headers that aiohttp would add."""


class Proxy(NamedTuple):
    url: URL
    headers: dict[str, str]


def proxy_of(url: str | None) -> Proxy | None:
    if url is None:
        return None
    if urlsplit(url).scheme not in ("http", "https"):
        raise ConfigurationError("unsupported proxy: URL must start with http:// or https://")
    proxy, headers = httpx.Proxy(url), dict[str, str]()
    if proxy.auth is not None:
        headers["Proxy-Authorization"] = f"Basic {b64encode(':'.join(proxy.auth).encode()).decode()}"
    return Proxy(URL(str(proxy.url), encoded=True), headers)


class Sent(NamedTuple):
    """A request; its headers hold the token."""

    method: str
    origin: str
    target: str
    headers: list[tuple[str, str]]

    def __repr__(self) -> str:
        return f"<{self.method}>"


class Came(NamedTuple):
    """The result of an exchange: an answer, a failure, or both if the answer broke off."""

    head: aiohttp.ClientResponse | None
    body: bytes
    failure: httpx.TransportError | None


class Session:
    """aiohttp's session in one event loop, without what aiohttp would do by itself: cookies, redirects, headers."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._room = AsyncLimiter(CONNECTIONS)
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
        if not await self._room.take(patience):
            raise httpx.PoolTimeout("no free connection in the pool")

    def leave(self) -> None:
        self._room.give_back()

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
            timeout=_timeout(limits.get("connect"), limits.get("read"), limits.get("total")),
            allow_redirects=False,
            proxy=None if proxy is None else proxy.url,
            proxy_headers=None if proxy is None else proxy.headers,
        )

    async def close(self) -> None:
        await self._session.close()
        await self._connector.end()

    async def forget(self) -> None:
        """Close the session only: its event loop is closed, so nothing else that belonged to it can be."""
        await self._session.close()


@lru_cache(maxsize=64)
def _timeout(connect: float | None, read: float | None, total: float | None) -> aiohttp.ClientTimeout:
    total = None if total == math.inf else total
    return aiohttp.ClientTimeout(total=total, connect=connect, sock_read=read, ceil_threshold=math.inf)
