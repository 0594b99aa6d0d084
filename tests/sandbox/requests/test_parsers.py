"""What the server promises, over each of the two parsers: httptools, and h11 where that is not installed."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from portone_v1_sandbox import Sandbox, SandboxServer
from portone_v1_sandbox.transports import uvicorn
from portone_v1_sandbox.transports.connections import Connection, gathering
from uvicorn.protocols.http.h11_impl import H11Protocol

PAIR = "imp_key=sandbox_key&imp_secret=sandbox_secret"
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture(params=[Connection, gathering(H11Protocol)], ids=["httptools", "h11"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    monkeypatch.setattr(uvicorn, "Connection", request.param)
    with SandboxServer(Sandbox()) as running:
        yield running


class Wire:
    """A connection over which exactly these bytes go."""

    def __init__(self, server: SandboxServer) -> None:
        self.port = int(server.url.rpartition(":")[2])
        self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def send(self, head: str, body: str = "") -> None:
        lines = head.replace("PORT", str(self.port)).split("|")
        self._socket.sendall(("\r\n".join([*lines, "", ""]) + body).encode("latin-1"))

    def send_body(self, body: str) -> None:
        self._socket.sendall(body.encode())

    def answer(self, *, head: bool = False) -> tuple[int, dict[str, str], bytes]:
        status = int(self._file.readline().split(b" ", 2)[1])
        headers: dict[str, str] = {}
        while line := self._file.readline().strip().decode("latin-1"):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return status, headers, b"" if head else self._file.read(int(headers.get("content-length", 0)))

    def rest(self) -> bytes:
        return self._file.read()

    def token(self) -> str:
        self.send(f"POST /users/getToken HTTP/1.1|Host: localhost|{FORM}|Content-Length: {len(PAIR)}", PAIR)
        return str(json.loads(self.answer()[2])["response"]["access_token"])


def test_many_requests_over_one_connection(server: SandboxServer) -> None:
    with Wire(server) as wire:
        token = wire.token()
        for number in range(3):
            body = f"merchant_uid=order-{number}&amount=1000&card_number=4242424242424242&expiry=2099-12"
            head = f"POST /subscribe/payments/onetime HTTP/1.1|Host: localhost|Authorization: {token}|{FORM}"
            wire.send(f"{head}|Content-Length: {len(body)}", body)
        for number in range(3):
            status, headers, answer = wire.answer()
            result: dict[str, Any] = json.loads(answer)["response"]
            assert (status, result["merchant_uid"], result["amount"]) == (200, f"order-{number}", 1000)
            assert headers["x-sandbox"] == "portone-v1"
    assert len(server.sandbox.ledger) == 3


@pytest.mark.parametrize(
    "hosts",
    ["Host: 127.0.0.1:PORT|Host: evil.test", "Host: evil.test|Host: 127.0.0.1:PORT", "Accept: */*", "Host: evil.test"],
)
def test_a_request_is_for_one_host(server: SandboxServer, hosts: str) -> None:
    with Wire(server) as wire:
        wire.send(f"POST /_sandbox/reset HTTP/1.1|{hosts}|Content-Length: 0")
        assert wire.answer()[0] in (400, 403)


@pytest.mark.parametrize(
    ("target", "status"),
    [("http://evil.test", 403), ("http://localhost:PORT", 200), ("http://127.0.0.1@evil.test", 403)],
)
def test_a_host_in_the_request_line_counts(server: SandboxServer, target: str, status: int) -> None:
    with Wire(server) as wire:
        wire.send(f"GET {target}/_sandbox/health HTTP/1.1|Host: localhost")
        assert wire.answer()[0] == status


@pytest.mark.parametrize("names", ["X-Sandbox: a|X-Sandbox: b", "X-Sandbox: a|X-Sandbox: a", "X-Sandbox: a, b"])
def test_a_request_is_for_one_shop(server: SandboxServer, names: str) -> None:
    with Wire(server) as wire:
        wire.send(f"POST /_sandbox/reset HTTP/1.1|Host: localhost|{names}|Content-Length: 0")
        status, _, answer = wire.answer()
        assert status == 400
        assert b"X-Sandbox" in answer
    assert not server.sandbox.shops


def test_a_body_in_chunks_after_100_continue(server: SandboxServer) -> None:
    chunks = "".join(f"{len(part):x}\r\n{part}\r\n" for part in (PAIR[:9], PAIR[9:])) + "0\r\n\r\n"
    with Wire(server) as wire:
        wire.send(f"POST //users/getToken/ HTTP/1.1|Host: localhost|{FORM}|Transfer-Encoding: chunked", chunks)
        assert wire.answer()[0] == 200
        wire.send(
            f"POST /users/getToken HTTP/1.1|Host: localhost|{FORM}|Expect: 100-continue|Content-Length: {len(PAIR)}"
        )
        assert wire.answer()[0] == 100
        wire.send_body(PAIR)
        assert wire.answer()[0] == 200


@pytest.mark.parametrize("smuggled", ["Content-Length: 4|Content-Length: 5", "Content-Length: x", "X y: 1"])
def test_a_head_that_means_two_things(server: SandboxServer, smuggled: str) -> None:
    with Wire(server) as wire:
        wire.send(f"POST /_sandbox/reset HTTP/1.1|Host: localhost|{smuggled}", "abcde")
        assert wire.answer()[0] == 400


def test_head_and_a_broken_response(server: SandboxServer) -> None:
    with Wire(server) as wire:
        wire.send("HEAD /_sandbox/health HTTP/1.1|Host: localhost")
        status, headers, _ = wire.answer(head=True)
        assert (status, int(headers["content-length"]) > 0) == (200, True)
        token = wire.token()
        server.sandbox.faults.cut_next(operation="payments_get")
        wire.send(f"GET /payments/imp_1 HTTP/1.1|Host: localhost|Authorization: {token}")
        status, headers, half = wire.answer()
        assert len(half) == int(headers["content-length"]) // 2
    with Wire(server) as wire:
        server.sandbox.faults.cut_next(after="nothing", operation="payments_get")
        wire.send(f"GET /payments/imp_1 HTTP/1.1|Host: localhost|Authorization: {token}")
        assert wire.rest() == b""


@pytest.mark.parametrize("at_once", [True, False])
def test_a_client_that_offers_another_protocol_is_read_whole(server: SandboxServer, at_once: bool) -> None:
    """As Java's HttpClient does on each connection that it opens."""
    offer = "Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA"
    with Wire(server) as wire:
        for _ in range(2):
            head = f"POST /users/getToken HTTP/1.1|Host: 127.0.0.1:PORT|{FORM}|Content-Length: {len(PAIR)}|{offer}"
            wire.send(head, PAIR if at_once else "")
            if not at_once:
                wire.send_body(PAIR)
            status, _, body = wire.answer()
            assert (status, json.loads(body)["code"]) == (200, 0)
