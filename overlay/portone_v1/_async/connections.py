# The source of both flavours: `make generate` writes _sync/connections.py from it.
"""The SDK's own connections to V1: a stack. The newest free connection is used first, and each has one owner.

httpcore's pool looks at every connection and every waiting call for each request, and can close a connection that
another thread has just been given. Why this one is not a pool: docs/decisions/connections.md.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from .._http.concurrency import AsyncLimiter, PerLoop, async_shielded
from .._http.connections import (
    KEEP_ALIVE,
    MOST_CONNECTIONS,
    AsyncConnection,
    AsyncConnector,
    came_with_more,
    fail,
    to_response,
)
from .._http.exchange_limits import Body, begin, end
from .._http.messages import HttpRequest, HttpResponse, NotSent
from .._http.settings import Settings
from .timed_streams import AsyncTimedBackend

__all__ = ["AsyncConnections"]


class AsyncConnections:
    """One stack of connections for each process and event loop, made with its first call and shared with no other."""

    def __init__(self, settings: Settings) -> None:
        self.connector = AsyncConnector(settings)
        self._stacks = PerLoop(lambda: AsyncConnectionStack(self.connector))

    async def transmit(self, request: HttpRequest) -> HttpResponse:
        return await self._stacks.get().transmit(request)

    async def aclose(self) -> None:
        """Close what this loop opened. Another loop that still runs keeps its connections."""
        if (stack := self._stacks.take()) is not None:
            await stack.aclose()


class AsyncConnectionStack:
    def __init__(self, connector: AsyncConnector) -> None:
        self._target = connector.target
        self._open: Callable[..., AsyncConnection] = connector.maker(AsyncTimedBackend)
        self._places = AsyncLimiter(MOST_CONNECTIONS)
        self._free: deque[tuple[float, AsyncConnection]] = deque()
        """Each with the time since which it has been free; the newest last."""
        self._closed = False

    async def transmit(self, request: HttpRequest) -> HttpResponse:
        limit = begin(request.longest())
        try:
            if not await self._places.take(request.timeout.pool):
                raise NotSent("could not connect (PoolTimeout)")
            try:
                return await self._exchange(await self._newest() or self._open(self._target.origin), request)
            finally:
                self._places.give_back()
        finally:
            end(limit)

    async def _exchange(self, connection: AsyncConnection, request: HttpRequest) -> HttpResponse:
        status: int | None = None
        body = Body()
        try:
            answer = await connection.handle_async_request(self._target.request(request))
            status = answer.status
            async for part in answer.aiter_stream():
                body.add(part)
            alone = not came_with_more(answer)
            await answer.aclose()
        except BaseException as error:
            await self._discard(connection)
            if isinstance(error, Exception):
                fail(error, status)
            raise
        if alone and connection.is_idle() and not self._closed:
            await self._keep(connection)
        else:
            await self._discard(connection)
        return to_response(answer, body.whole())

    async def _newest(self) -> AsyncConnection | None:
        """Return the connection used last that V1 has neither closed nor sent unexpected bytes on, or None."""
        while self._free:
            try:
                _, connection = self._free.pop()
            except IndexError:  # another thread took the last one
                break
            if connection.is_idle() and not connection.has_expired():
                return connection
            await self._discard(connection)
        return None

    async def _keep(self, connection: AsyncConnection) -> None:
        """Put the connection on the stack, and close those at the bottom that have been unused for too long."""
        now = time.monotonic()
        self._free.append((now, connection))
        with suppress(IndexError):  # another thread took the last one
            await self._close_unused(now)
        if self._closed:
            await self.aclose()

    async def _close_unused(self, now: float) -> None:
        while self._free and now - self._free[0][0] > KEEP_ALIVE:
            _, oldest = self._free.popleft()
            await self._discard(oldest)

    async def _discard(self, connection: AsyncConnection) -> None:
        with async_shielded(), suppress(Exception):
            await connection.aclose()

    async def aclose(self) -> None:
        self._closed = True
        while self._free:
            try:
                _, connection = self._free.pop()
            except IndexError:
                break
            await self._discard(connection)
