"""What the servers of the benchmarks share: kept connections, and requests of which only the head is read."""

from __future__ import annotations

import asyncio
import sys

from .process import pin_to_last

__all__ = ["Answers", "respond", "target"]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "


def target(head: bytes) -> tuple[str, str]:
    """Return the path and the query that a request names."""
    path, _, query = head.split(b" ", 2)[1].decode().partition("?")
    return path, query


class Answers:
    """What a server sends."""

    def opened(self) -> None:
        """Count a connection, if anyone wants to know."""

    def answer(self, head: bytes) -> tuple[bytes, float]:
        """Return the body, and the seconds to wait before it is sent."""
        raise NotImplementedError


class _Connection(asyncio.Protocol):
    def __init__(self, answers: Answers) -> None:
        self._answers, self._buffer = answers, b""
        self._transport: asyncio.Transport | None = None
        answers.opened()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            _, _, length = head.lower().partition(b"\r\ncontent-length:")
            size = end + 4 + int(length.split(b"\r\n", 1)[0] or 0)
            if len(self._buffer) < size or self._transport is None:
                return
            self._buffer = self._buffer[size:]
            body, pause = self._answers.answer(head)
            whole = HEAD + str(len(body)).encode() + b"\r\n\r\n" + body
            if pause:
                asyncio.get_running_loop().call_later(pause, self._transport.write, whole)
            else:
                self._transport.write(whole)


async def _serve(answers: Answers) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(answers), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # until the parent lets go
    server.close()


def respond(answers: Answers) -> None:
    """Print the port and serve on the last processor, until standard input ends."""
    pin_to_last()
    asyncio.run(_serve(answers))
