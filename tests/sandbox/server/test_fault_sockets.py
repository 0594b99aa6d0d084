"""What goes wrong on purpose, on a real socket."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from portone_v1_sandbox import SandboxServer

PAIR = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
ORDER: dict[str, Any] = {
    "merchant_uid": "order-1",
    "amount": 1000,
    "card_number": "4242-4242-4242-4242",
    "expiry": "2099-12",
}
ONETIME = "/subscribe/payments/onetime"


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def client(server: SandboxServer) -> Iterator[httpx.Client]:
    server.sandbox.reset()
    with httpx.Client(base_url=server.url) as client:
        token = client.post("/users/getToken", json=PAIR).json()["response"]["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def raw_answer(server: SandboxServer, authorization: str) -> bytes:
    """Return everything that arrives before the other side closes."""
    url = httpx.URL(server.url)
    with socket.create_connection((url.host, url.port or 0), timeout=20) as raw:
        raw.sendall(f"GET /banks HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\n\r\n".encode())
        return b"".join(iter(lambda: raw.recv(65536), b""))


@pytest.mark.parametrize("executed", [False, True])
def test_cut_before_anything(server: SandboxServer, client: httpx.Client, executed: bool) -> None:
    server.sandbox.faults.cut_next(after="nothing", executed=executed)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        client.post(ONETIME, json=ORDER)
    assert len(server.sandbox.ledger) == executed
    assert client.get("/banks").status_code == 200


def test_cut_in_the_middle(server: SandboxServer, client: httpx.Client) -> None:
    server.sandbox.faults.cut_next()
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        client.post(ONETIME, json=ORDER)
    assert len(server.sandbox.ledger) == 1
    assert client.get("/banks").status_code == 200


def test_what_is_on_the_wire_when_it_is_cut(server: SandboxServer, client: httpx.Client) -> None:
    whole = client.get("/banks")
    server.sandbox.faults.cut_next()
    server.sandbox.faults.cut_next(after="nothing")
    head, _, body = raw_answer(server, client.headers["Authorization"]).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert f"content-length: {len(whole.content)}".encode() in head.lower()
    assert body == whole.content[: len(whole.content) // 2]
    assert raw_answer(server, client.headers["Authorization"]) == b""


def test_late(server: SandboxServer, client: httpx.Client) -> None:
    server.sandbox.faults.delay_next(seconds=0.05)
    before = time.monotonic()
    assert client.get("/banks").status_code == 200
    assert time.monotonic() - before >= 0.05


def test_too_late(server: SandboxServer, client: httpx.Client) -> None:
    server.sandbox.faults.delay_next(seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        client.post(ONETIME, json=ORDER, timeout=0.2)
    assert len(server.sandbox.ledger) == 1


def test_others_are_not_held_up(server: SandboxServer, client: httpx.Client) -> None:
    server.sandbox.faults.delay_next(seconds=60, operation="codes_list_cards")
    with pytest.raises(httpx.ReadTimeout):
        client.get("/cards", timeout=0.1)
    assert client.get("/banks").status_code == 200


def test_stopping_does_not_wait_for_a_late_answer() -> None:
    with SandboxServer() as server, httpx.Client(base_url=server.url) as client:
        server.sandbox.faults.delay_next(seconds=600, operation="auth_get_token")
        with pytest.raises(httpx.ReadTimeout):
            client.post("/users/getToken", json=PAIR, timeout=0.1)
        before = time.monotonic()
        server.stop()
        assert time.monotonic() - before < 60


def test_by_control_call(server: SandboxServer, client: httpx.Client) -> None:
    asked = {"kind": "html", "status": 504, "executed": True}
    assert client.post("/_sandbox/faults", json=asked).status_code == 200
    answer = client.post(ONETIME, json=ORDER)
    assert (answer.status_code, answer.headers["content-type"]) == (504, "text/html; charset=UTF-8")
    assert answer.headers["x-sandbox"] == "portone-v1"
    assert len(server.sandbox.ledger) == 1
