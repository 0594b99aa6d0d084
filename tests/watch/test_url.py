"""Fetching the document: https or loopback, the same host, no endless answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scripts.watch.source import LIMIT

from .conftest import SHOP, Watch


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        port = self.headers["Host"].rpartition(":")[2]
        redirects = {
            "/moved": "/shop.json",
            "/round": "/round",
            "/elsewhere?token=hidden": "http://user:hidden@localhost/",
            "/elsewhere": f"http://localhost:{port}/shop.json",
            "/plain": "http://api.example.com/shop.json",
        }
        if self.path in redirects:
            self.answer(302, b"", ("Location", redirects[self.path]))
        elif self.path.startswith("/shop.json"):
            self.answer(200, SHOP.read_bytes())
        elif self.path.startswith("/page"):
            self.answer(200, b"<html>not found</html>")
        elif self.path == "/endless":
            self.answer(200, b" " * (LIMIT + 1))
        else:
            self.answer(404, b"{}")

    def answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client has read enough

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("path", ["/shop.json", "/moved"])
def test_a_document_behind_a_url(watch: Watch, server: str, path: str) -> None:
    assert watch.run("--url", server + path) == (0, ["0 change(s) since the review of 2026-01-02"], "")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/elsewhere", "redirects to another host"),
        ("/plain", "redirects to another host"),
        ("/round", "more than 3 redirects"),
        ("/missing", "HTTP 404"),
        ("/page", "an HTML or XML page"),
        ("/endless", "larger than 16 MiB"),
    ],
)
def test_an_answer_that_is_no_document(watch: Watch, server: str, path: str, expected: str) -> None:
    status, lines, errors = watch.run("--url", server + path)

    assert (status, lines) == (2, [])
    assert errors.startswith(f"upstream: {server}{path}: ")
    assert expected in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://api.example.com/docs", "plain http is refused, use https"),
        ("http://127.0.0.1.example.com/docs", "plain http is refused, use https"),
        ("ftp://api.example.com/docs", "not an http or https address"),
        ("file:///etc/hostname", "not an http or https address"),
        ("api/docs", "not an http or https address"),
        ("https://", "not an http or https address"),
        ("http://[::1", "Invalid IPv6 URL"),
    ],
)
def test_an_address_that_is_not_asked(watch: Watch, url: str, expected: str) -> None:
    status, lines, errors = watch.run("--url", url)

    assert (status, lines) == (2, [])
    assert expected in errors
    assert errors.count("\n") == 1


def test_nobody_listens(watch: Watch) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as closed:
        port = closed.server_address[1]

    status, lines, errors = watch.run("--url", f"http://127.0.0.1:{port}/docs")

    assert (status, lines) == (2, [])
    assert errors.startswith(f"upstream: http://127.0.0.1:{port}/docs: ")


def test_a_password_in_the_address_is_not_printed(watch: Watch, server: str) -> None:
    for path in ("/missing", "/page", "/elsewhere"):
        status, _, errors = watch.run("--url", f"{server.replace('//', '//user:hidden@')}{path}?token=hidden")

        assert status == 2
        assert "hidden" not in errors
