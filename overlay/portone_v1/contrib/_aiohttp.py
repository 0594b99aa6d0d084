"""aiohttp's connections, made safe for money: a request is sent at most once, and its response is its own.

aiohttp sends a GET, PUT or DELETE again when a kept connection breaks, and takes bytes left on a kept connection for
the next response. Here one exchange gets one connection, and a kept one only if nothing ever came over it but the
responses to its requests. This uses nothing private of aiohttp.
"""

from __future__ import annotations

import asyncio
import os
import select
from collections.abc import Mapping
from contextvars import ContextVar
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

import aiohttp

from .._http.exchange_limits import LONGEST_BODY

if TYPE_CHECKING:
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

__all__ = ["Connector", "Exchange", "current"]

HEAD_END = b"\r\n\r\n"

if not iscoroutinefunction(aiohttp.TCPConnector.connect):
    raise ImportError(f"unsupported aiohttp version: {aiohttp.__version__}")


class Line(asyncio.Protocol):
    """Stands between a socket and aiohttp, and counts the bytes. Those that nobody waits for end the connection."""

    def __init__(self, transport: asyncio.Transport, above: Any) -> None:
        self.transport = transport
        self.lost = asyncio.Event()
        self._above = above

    def lend(self, connection: Connection) -> None:
        """Lend the line to a connection of aiohttp: from now on, the bytes are the answer to its next request."""
        self._connection = connection
        self._head = b""
        self._body_from: int | None = None
        self._received = 0
        self._last = b""
        self._headers: Mapping[str, str] | None = None
        self._content: aiohttp.StreamReader | None = None

    def answered(self, response: aiohttp.ClientResponse) -> None:
        self._headers, self._content = response.headers, response.content
        if self.lost.is_set():
            self._break_off()

    def _break_off(self) -> None:
        """Fail an unfinished body: if its parser fails, aiohttp forgets the waiting reader and its own timeout."""
        content = self._content
        if content is not None and not content.is_eof() and content.exception() is None:
            content.set_exception(aiohttp.ClientPayloadError())

    def is_clean(self) -> bool:
        """Return whether the last answer came to its last byte, and nothing after it."""
        headers = self._headers
        if headers is None or self._above.should_close or _has_news(self.transport):
            return False
        if "Transfer-Encoding" in headers:
            return self._last == HEAD_END  # the start of another response cannot end in it
        if self._body_from is None:
            return False
        return headers.get("Content-Length", "0") == str(self._received - self._body_from)

    def data_received(self, data: bytes) -> None:
        if self._connection.protocol is None:  # aiohttp has given it back: nobody waits
            self.transport.abort()
            return
        if self._body_from is None:
            self._head += data
            end = self._head.find(HEAD_END)
            if end >= 0:
                self._body_from, self._head = end + len(HEAD_END), b""
        self._received += len(data)
        if self._received > LONGEST_BODY:  # more than any answer of V1 has
            self._break_off()
            self.transport.abort()
            return
        self._last = bytes(data[-len(HEAD_END) :])
        self._above.data_received(data)
        if self.transport.is_closing():
            self.transport.abort()  # closing would wait until all is written

    def eof_received(self) -> bool | None:
        ends: bool | None = self._above.eof_received()
        return ends

    def pause_writing(self) -> None:
        self._above.pause_writing()

    def resume_writing(self) -> None:
        self._above.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()
        self._above.connection_lost(exc)
        self._break_off()


def _has_news(transport: asyncio.Transport) -> bool:
    """Return whether bytes or an end came that the event loop has not fetched yet."""
    sock = transport.get_extra_info("socket")
    if sock is None or sock.fileno() < 0 or transport.is_closing():
        return True
    if not hasattr(select, "poll"):
        return bool(select.select([sock], [], [], 0)[0])
    poll = select.poll()
    poll.register(sock.fileno(), select.POLLIN)
    return bool(poll.poll(0))


class Exchange:
    """What is known of one request: on which line it was sent, and whether it was certainly not sent."""

    def __init__(self, target: str, write_timeout: float | None) -> None:
        self.target = target
        self.line: Line | None = None
        self.never_left = False
        self.overdue = False
        self.whole = False
        self._write_timeout = write_timeout
        self._timer: asyncio.TimerHandle | None = None

    def check_route(self, target: str) -> None:
        """Refuse a route that aiohttp changed: its handling of URLs must not turn an id into another route."""
        if target != self.target:
            raise ValueError("aiohttp changed the request route")

    def leave(self, line: Line, connection: Connection) -> None:
        line.lend(connection)
        self.line = line
        if self._write_timeout is not None:
            self._timer = asyncio.get_running_loop().call_later(self._write_timeout, self._check_writing)

    def answered(self, response: aiohttp.ClientResponse) -> None:
        if self.line is None:
            raise RuntimeError("this aiohttp version does not use the given connector")
        self.line.answered(response)

    def _check_writing(self) -> None:
        """Break off a request that takes too long to write: aiohttp limits only the reading that follows."""
        if self.line is not None and self.line.transport.get_write_buffer_size():
            self.overdue = True
            self.line.transport.abort()

    def end(self) -> None:
        """Keep the connection only if the whole answer came. Else abort it: closing would wait for the other side."""
        if self._timer is not None:
            self._timer.cancel()
        if self.line is not None and (not self.whole or self.line.transport.is_closing()):
            self.line.transport.abort()


current: ContextVar[Exchange] = ContextVar("current")


class AgainError(aiohttp.ClientError):
    """aiohttp wanted to send a request again that may have arrived."""


class Connector(aiohttp.TCPConnector):
    """Gives each exchange one connection."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # pyright: ignore[reportUnknownMemberType]
        self._process = os.getpid()
        self._lines: set[Line] = set()

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's own
    ) -> Connection:
        exchange = current.get()
        if exchange.line is not None:
            raise AgainError
        exchange.never_left = False
        try:
            exchange.check_route(req.url.raw_path_qs)
            while True:
                connection = await super().connect(req, traces, timeout)
                line = self._line(connection)
                if line is not None:
                    break
                connection.close()
        except BaseException:
            exchange.never_left = True
            raise
        exchange.leave(line, connection)
        return connection

    def _line(self, connection: Connection) -> Line | None:
        """Return the line of a connection, or None if it is a kept one that is not clean."""
        transport = connection.transport
        line = None if transport is None else transport.get_protocol()
        if isinstance(line, Line):
            return line if line.is_clean() else None
        if transport is None or transport.is_closing():
            connection.close()
            raise ConnectionError("connection closed before anything was sent")
        line = Line(transport, connection.protocol)
        transport.set_protocol(line)
        self._lines = {known for known in self._lines if not known.lost.is_set()} | {line}
        return line

    async def end(self) -> None:
        """Abort all lines after closing: no socket is left open, and none waits for the other side."""
        for line in self._lines:
            line.transport.abort()
        for line in self._lines:
            await line.lost.wait()

    def __del__(self, *given: Any) -> None:
        if os.getpid() == self._process:  # a child process must not touch the sockets of its parent
            super().__del__(*given)
