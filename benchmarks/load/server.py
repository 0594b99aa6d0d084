"""A server that answers after a pause and counts the connections: `python -m benchmarks.load.server MILLISECONDS`."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter

from benchmarks import payload
from benchmarks.process import pin_to_last

__all__ = ["main"]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "


def _answer(body: bytes) -> bytes:
    return HEAD + str(len(body)).encode() + b"\r\n\r\n" + body


class Answers:
    """Made once each: the server must be quicker than those who call it."""

    def __init__(self, pause: float) -> None:
        self.pause = pause
        self.counts: Counter[str] = Counter()
        self._example = json.loads(payload.one())
        self._payment = _answer(payload.one())

    def to(self, path: str) -> tuple[bytes, float]:
        if path == "/_counts":
            shown = _answer(json.dumps(self.counts).encode())
            self.counts.clear()
            return shown, 0.0
        self.counts["requests"] += 1
        if path == "/users/getToken":
            return _answer(payload.token(int(time.time()))), 0.0
        uid = path.partition("?")[0].rpartition("/")[2]
        if uid.startswith("imp_echo"):  # the caller checks that the answer is its own
            self._example["response"]["imp_uid"] = uid
            return _answer(json.dumps(self._example).encode()), self.pause
        return self._payment, self.pause


class Connection(asyncio.Protocol):
    def __init__(self, answers: Answers) -> None:
        self._answers, self._buffer = answers, b""
        self._transport: asyncio.Transport | None = None
        answers.counts["opened"] += 1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            _, _, length = head.lower().partition(b"\r\ncontent-length:")
            size = end + 4 + int(length.split(b"\r\n", 1)[0] or 0)
            if len(self._buffer) < size:
                return
            self._buffer = self._buffer[size:]
            answer, pause = self._answers.to(head.split(b" ", 2)[1].decode())
            if self._transport is None:
                return
            if pause:
                asyncio.get_running_loop().call_later(pause, self._transport.write, answer)
            else:
                self._transport.write(answer)


async def serve(pause: float) -> None:
    answers = Answers(pause)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answers), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # until the parent lets go
    server.close()


def main(milliseconds: float) -> None:
    pin_to_last()
    asyncio.run(serve(milliseconds / 1e3))


if __name__ == "__main__":
    main(float(sys.argv[1]))
