"""A V1 on a socket that answers what a test wants, and the little of V1 that every client needs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

__all__ = ["Answer", "OtherV1", "envelope", "other_v1"]


class Answer(NamedTuple):
    status: int
    body: bytes
    content_type: str = "application/json; charset=UTF-8"
    headers: Mapping[str, str] = {}


def envelope(response: Any, *, status: int = 200, code: Any = 0, message: Any = None, **headers: str) -> Answer:
    body = json.dumps({"code": code, "message": message, "response": response}).encode()
    return Answer(status, body, headers={name.replace("_", "-"): value for name, value in headers.items()})


class OtherV1:
    """By path, the longest beginning that fits; `asked` is every request, method and path."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.asked: list[tuple[str, str]] = []
        self.url = ""

    def answer(self, method: str, target: str) -> Answer:
        path = urlsplit(target).path
        self.asked.append((method, path))
        if path == "/users/getToken":
            return envelope({"access_token": "0" * 40, "now": 1_773_104_400, "expired_at": 1_773_106_200})
        fitting = [beginning for beginning in self.answers if path.startswith(beginning)]
        if fitting:
            return self.answers[max(fitting, key=len)]
        return envelope(None, status=404, code=-1, message="존재하지 않는 결제정보입니다.")


@contextmanager
def other_v1(answers: Mapping[str, Answer]) -> Iterator[OtherV1]:
    v1 = OtherV1(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # it holds a body back until the head before it is acknowledged: 40 ms

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = v1.answer(self.command, self.path)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        v1.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield v1
        finally:
            server.shutdown()
            thread.join()
