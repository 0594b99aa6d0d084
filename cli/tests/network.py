"""A sandbox behind a socket, and between them whatever a test wants to go wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

from portone_v1_sandbox import Request, Sandbox

__all__ = ["Fate", "Network"]

Fate = Literal["answer", "lose_request", "lose_answer"]


class Network:
    """`fate(method, path, number)` says what becomes of each request; it may block to hold one up."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.fate: Callable[[str, str, int], Fate] = lambda *_: "answer"
        self.alter: Callable[[bytes], bytes] = lambda body: body
        """Changes the bodies of responses."""
        self.number = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        network = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # it holds a body back until the head before it is acknowledged: 40 ms

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                path, _, query = self.path.partition("?")
                network.number += 1
                fate = network.fate(self.command, path, network.number)
                if fate == "lose_request":
                    self.close_connection = True
                    return
                answer = network.sandbox.handle(Request(self.command, path, query, dict(self.headers), body))
                if fate == "lose_answer":
                    self.close_connection = True
                    return
                sent = network.alter(answer.body)
                try:
                    self.send_response_only(answer.status)  # V1's Date is in the headers
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("content-length", str(len(sent)))
                    self.end_headers()
                    self.wfile.write(sent)
                except OSError:  # the client has gone
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the server's own names

            def log_message(self, *_: Any) -> None:
                pass

        return Handler
