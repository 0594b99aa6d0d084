"""A merchant's server for webhooks, on a socket of its own."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

__all__ = ["Merchant", "Received", "free_port", "merchant"]


class Received(NamedTuple):
    """One webhook that arrived."""

    path: str
    content_type: str
    fields: dict[str, Any]
    shop: str | None = None
    """The header X-Sandbox."""


class Merchant:
    """What it got, and what it answers: `statuses` first, then 200."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: Queue[Received] = Queue()
        self.statuses: list[int] = []
        self.meanwhile: Callable[[Received], object] = lambda _: None
        """What it does before it answers."""

    def next(self) -> Received:
        return self.received.get(timeout=20)


@contextmanager
def merchant() -> Iterator[Merchant]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
            kind = self.headers["Content-Type"]
            fields = json.loads(body) if kind == "application/json" else dict(parse_qsl(body))
            received = Received(self.path, kind, fields, self.headers["X-Sandbox"])
            shop.meanwhile(received)
            status = shop.statuses.pop(0) if shop.statuses else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
            shop.received.put(received)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop = Merchant(f"http://127.0.0.1:{server.server_port}/hooks")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
