"""A small server that keeps connections, answers from memory and counts: `python -m benchmarks.server`."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter

from . import payload
from .process import pin_to_last

__all__ = ["main"]


class Answers:
    """What is sent for which path, and how often each was asked for."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._payment = payload.one()
        self._v2 = payload.v2_payment()
        charge = {"id": "ch_1", "object": "charge", "amount": 12000, "currency": "krw", "status": "succeeded"}
        self._charge = json.dumps(charge).encode()
        self._model = json.dumps({"id": "m", "object": "model", "created": 1, "owned_by": "example"}).encode()

    def body(self, head: bytes) -> bytes:
        path, _, query = head.split(b" ", 2)[1].decode().partition("?")
        if path == "/_counts":
            shown = json.dumps(self.counts).encode()
            if query == "reset":
                self.counts.clear()
            return shown
        self.counts["requests"] += 1
        if path == "/users/getToken":
            self.counts["tokens"] += 1
            return payload.token(int(time.time()))
        if path.startswith("/v1/charges/"):
            return self._charge
        if path.startswith("/models/"):
            return self._model
        return self._v2 if b"PortOne " in head else self._payment


class Connection(asyncio.Protocol):
    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            length = 0
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if len(self._buffer) < end + 4 + length:
                return
            self._buffer = self._buffer[end + 4 + length :]
            body = self._answers.body(head)
            if self._transport is not None:
                kind = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                self._transport.write(kind + str(len(body)).encode() + b"\r\n\r\n" + body)


async def serve() -> None:
    answers = Answers()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(answers), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until the parent lets go
    server.close()


def main() -> None:
    pin_to_last()
    asyncio.run(serve())


if __name__ == "__main__":
    main()
