"""SIGTERM: the process ends at once, also with open connections and webhooks that wait for the shop."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from portone_v1_sandbox import Sandbox

from tests.sandbox.server.test_server import PAIR, run

SOON = 3.0
"""Seconds, on a machine that does other things too; a shop that never answers would hold it up for longer."""


@contextmanager
def silent_shop() -> Iterator[tuple[str, socket.socket]]:
    """Run a shop that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/shop", listener


@contextmanager
def started(*arguments: str) -> Iterator[tuple[httpx.Client, Callable[[], float]]]:
    with run("--port", "0", *arguments) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://")).rstrip(",")

        def end() -> float:
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
            return time.monotonic() - began

        with httpx.Client(base_url=address) as client:
            yield client, end


def test_open_connections() -> None:
    with started() as (client, end), ExitStack() as connections:
        place = (client.base_url.host, client.base_url.port or 0)
        for _ in range(30):
            idle = connections.enter_context(socket.create_connection(place))
            idle.sendall(b"GET /_sandbox/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert idle.recv(65536).startswith(b"HTTP/1.1 200 ")
        half = connections.enter_context(socket.create_connection(place))
        half.sendall(b"POST /payments/cancel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nimp")
        assert client.get("/_sandbox/health").status_code == 200
        assert end() < SOON


def test_a_window_that_asks_the_shop(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite3"
    with silent_shop() as (url, shop), started("--db", str(path)) as (client, end), ThreadPoolExecutor() as pool:
        asked = {"merchant_uid": "order-1", "amount": 1000, "confirm_url": url}
        form = {"request": json.dumps({"asked": asked, "kind": "payment"})}
        opened = client.post("/_sandbox/web/windows", data=form)
        assert opened.status_code == 303, opened.text
        window = opened.headers["location"]
        origin = {"Origin": str(client.base_url).rstrip("/")}
        paying = pool.submit(client.post, window, data={"action": "approve"}, headers=origin)
        connection, _ = shop.accept()
        with connection:
            assert end() < SOON
            assert isinstance(paying.exception(timeout=20), httpx.HTTPError)
    with Sandbox(db=path) as sandbox:
        assert sandbox.ledger == ()


def test_a_webhook_that_the_shop_does_not_answer() -> None:
    with silent_shop() as (url, shop), started("--webhook", url) as (client, end):
        body = {"merchant_uid": "order-1", "amount": 1000}
        assert client.post("/_sandbox/payments", json=body).status_code == 200
        connection, _ = shop.accept()
        with connection:
            assert end() < SOON


@pytest.mark.parametrize("path", ["/_sandbox/sums", "/_sandbox/health"])
def test_delayed_responses(path: str) -> None:
    with started() as (client, end), ThreadPoolExecutor() as pool:
        fault = {"kind": "delay", "seconds": 60, "operation": "auth_get_token"}
        assert client.post("/_sandbox/faults", json=fault).status_code == 200
        late = pool.submit(client.post, "/users/getToken", json=PAIR, timeout=70)
        while not client.get("/_sandbox/journal").json()["response"]:
            pass
        assert client.get(path).status_code == 200
        assert end() < SOON
        late.exception(timeout=20)
