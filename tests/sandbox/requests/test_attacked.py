"""Requests over raw sockets, as a page of another name or of another origin can cause them."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from portone_v1_sandbox import SandboxServer


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


def status_of(server: SandboxServer, head: str, body: str = "") -> int:
    """Send exactly this and return the status of the response, 0 for a connection that was closed without one."""
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        lines = head.replace("PORT", str(port)).split("|")
        wire.sendall(("\r\n".join([*lines, "Connection: close", "", ""]) + body).encode("latin-1"))
        wire.shutdown(socket.SHUT_WR)
        answer = b""
        while part := wire.recv(65536):
            answer += part
    return int(answer.split(b" ", 2)[1]) if answer else 0


FOREIGN = [
    "evil.test",
    "evil.test:PORT",
    "127.0.0.1.evil.test:PORT",
    "localhost.evil.test",
    "localhostevil.test",
    "evil.test.",
    "EVIL.TEST",
    "user@evil.test",
    "127.0.0.1@evil.test",
    "0.0.0.0:PORT",
    "192.168.0.10:PORT",
    "[2001:db8::1]:PORT",
    "metadata.internal",
    "xn--evil",
]


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("line", ["GET /_sandbox/ledger", "POST /_sandbox/reset", "GET /", "GET /v1/iamport.js"])
def test_another_name_of_this_machine(server: SandboxServer, host: str, line: str) -> None:
    assert status_of(server, f"{line} HTTP/1.1|Host: {host}|Content-Length: 0") in (400, 403)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:PORT", "localhost:PORT", "LocalHost", "[::1]:PORT", "shop-1.localhost:PORT"]
)
def test_names_of_loopback(server: SandboxServer, host: str) -> None:
    assert status_of(server, f"GET /_sandbox/health HTTP/1.1|Host: {host}") == 200


SHOWN = ["http://evil.test", "http://evil.test:PORT", "https://evil.test", "http://127.0.0.1@evil.test"]


@pytest.mark.parametrize("target", SHOWN)
@pytest.mark.parametrize("line", ["GET TARGET/_sandbox/ledger", "POST TARGET/_sandbox/reset", "GET TARGET"])
def test_another_name_in_the_request_line(server: SandboxServer, target: str, line: str) -> None:
    line = line.replace("TARGET", target)
    assert status_of(server, f"{line} HTTP/1.1|Host: 127.0.0.1:PORT|Content-Length: 0") in (400, 403)


def test_loopback_in_the_request_line(server: SandboxServer) -> None:
    line = "GET http://127.0.0.1:PORT/_sandbox/list/payments?limit=1 HTTP/1.1"
    assert status_of(server, f"{line}|Host: 127.0.0.1:PORT") == 200
    assert status_of(server, f"{line}|Host: evil.test") == 403


@pytest.mark.parametrize(
    "head",
    [
        "POST /_sandbox/reset HTTP/1.1|Host: 127.0.0.1:PORT|Host: evil.test|Content-Length: 0",
        "POST /_sandbox/reset HTTP/1.1|Host: evil.test|Host: 127.0.0.1:PORT|Content-Length: 0",
        "POST /_sandbox/reset HTTP/1.1|Content-Length: 0",
        "POST /_sandbox/reset HTTP/1.1|Host: 127.0.0.1:PORT|Origin: http://evil.test|Content-Length: 0",
        "POST /_sandbox/reset HTTP/1.1|Host: 127.0.0.1:PORT|Origin: null|Content-Length: 0",
        "POST /_sandbox/reset HTTP/1.1|Host: 127.0.0.1:PORT|Origin: http://127.0.0.1:1|Content-Length: 0",
        "POST /_sandbox/shops/a/_sandbox/reset HTTP/1.1|Host: localhost|Origin: http://evil.test|Content-Length: 0",
        "POST /_sandbox/settings HTTP/1.1|Host: 127.0.0.1:PORT|Origin: http://evil.test|Content-Length: 0",
        "POST /payments/cancel HTTP/1.1|Host: 127.0.0.1:PORT|Origin: http://evil.test|Content-Length: 0",
    ],
)
def test_a_write_of_another_origin(server: SandboxServer, head: str) -> None:
    server.sandbox.reset()
    server.sandbox.pay(merchant_uid="order-1", amount=1000)
    assert status_of(server, head) in (400, 403)
    assert len(server.sandbox.ledger) == 1


def test_a_webhook_to_another_machine_needs_its_host(server: SandboxServer) -> None:
    body = "url=http://192.0.2.1/hook"
    head = f"Host: localhost|Content-Type: application/x-www-form-urlencoded|Content-Length: {len(body)}"
    assert status_of(server, f"POST /_sandbox/webhooks/settings HTTP/1.1|{head}", body) == 400
