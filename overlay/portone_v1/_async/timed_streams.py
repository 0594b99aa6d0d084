# The source of both flavours: `make generate` writes _sync/timed_streams.py from it.
"""httpcore's streams, with the time that is left of the exchange as the limit of each step."""

from __future__ import annotations

import ssl
from typing import Any

import httpcore

from .._http.exchange_limits import left_of

__all__ = ["AsyncTimedBackend"]


class AsyncTimedBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        left = left_of(timeout, httpcore.ConnectTimeout)
        return AsyncTimedStream(await self._backend.connect_tcp(host, port, left, local_address, socket_options))


class AsyncTimedStream(httpcore.AsyncNetworkStream):
    def __init__(self, timed: httpcore.AsyncNetworkStream) -> None:
        self.timed = timed

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self.timed.read(max_bytes, left_of(timeout, httpcore.ReadTimeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self.timed.write(buffer, left_of(timeout, httpcore.WriteTimeout))

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        left = left_of(timeout, httpcore.ConnectTimeout)
        return AsyncTimedStream(await self.timed.start_tls(ssl_context, server_hostname, left))

    async def aclose(self) -> None:
        await self.timed.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self.timed.get_extra_info(info)
