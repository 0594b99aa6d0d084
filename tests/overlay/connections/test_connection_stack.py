"""The SDK's own connections: as many as are needed at once, the newest first, each with one owner."""

from __future__ import annotations

import asyncio
import contextlib
import json
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trustme
from portone_v1 import AsyncPortOne, NoAnswerError, NotSentError, OutcomeUnknownError, Timeout

from tests.overlay.harness import KEY, SECRET, AsyncFlavour, Flavour, SyncFlavour, flavours
from tests.overlay.raw_server import RawRequest, RawServer, http_answer, payment_answer

flavour = flavours(SyncFlavour, AsyncFlavour)


@pytest.fixture
def _two_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    for side in ("_async", "_sync"):
        monkeypatch.setattr(f"portone_v1.{side}.connections.MOST_CONNECTIONS", 2)


def echo(request: RawRequest) -> bytes:
    """Answer with the requested payment."""
    if request.target == "/users/getToken":
        return payment_answer(request)
    uid = request.target.rpartition("/")[2]
    payment = {"imp_uid": uid, "merchant_uid": "order-1", "amount": 1000, "status": "paid"}
    return http_answer(json.dumps({"code": 0, "message": None, "response": payment}).encode())


def test_each_call_gets_its_own_answer(flavour: Flavour) -> None:
    with RawServer(echo) as server:
        client = flavour.client(base_url=server.url)
        asked = [f"imp_{number}" for number in range(24)]
        for _ in range(3):
            got = flavour.run_at_once([partial(client.raw.payments.get, uid) for uid in asked])
            assert [payment.imp_uid for payment in got] == asked
        client.close()
    assert server.connections <= 24


@pytest.mark.usefixtures("_two_at_most")
def test_a_call_waits_for_a_place(flavour: Flavour) -> None:
    with RawServer(echo) as server:
        client = flavour.client(base_url=server.url)
        asked = [f"imp_{number}" for number in range(12)]
        got = flavour.run_at_once([partial(client.raw.payments.get, uid) for uid in asked])
        client.close()
    assert [payment.imp_uid for payment in got] == asked
    assert server.connections <= 3  # and one for the token, which was asked for first


@pytest.mark.usefixtures("_two_at_most")
def test_a_call_without_a_place_was_not_sent(flavour: Flavour) -> None:
    go_on = threading.Event()

    def late(request: RawRequest) -> bytes:
        if "imp_slow" in request.target:
            assert go_on.wait(20)
        return echo(request)

    with RawServer(late) as server:
        client = flavour.client(base_url=server.url, max_retries=0)
        client.call(lambda c: c.payments.get("imp_1"))
        patience = Timeout(connect=10, read=10, write=10, pool=0.05)

        def pay() -> Any:
            return client.raw.payments.cancel(imp_uid="imp_1", amount=5, timeout=patience)

        def slow() -> Any:
            return client.raw.payments.get("imp_slow")

        def two_are_at_work() -> bool:
            return sum("imp_slow" in request.target for request in server.requests) == 2

        if isinstance(flavour, SyncFlavour):
            threads = [threading.Thread(target=slow) for _ in range(2)]
            for thread in threads:
                thread.start()
            _until(two_are_at_work)
            error = client.failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5, timeout=patience))
            go_on.set()
            for thread in threads:
                thread.join(20)
        else:

            async def use() -> Any:
                tasks = [asyncio.ensure_future(slow()) for _ in range(2)]
                await asyncio.to_thread(_until, two_are_at_work)
                try:
                    return await asyncio.gather(pay(), return_exceptions=True)
                finally:
                    go_on.set()
                    await asyncio.gather(*tasks)

            [error] = flavour.run(use)
        assert client.call(lambda c: c.payments.get("imp_2")).imp_uid == "imp_2"
        client.close()
    assert type(error) is NotSentError
    assert "PoolTimeout" in str(error)
    assert not any("cancel" in request.target for request in server.requests)


def _until(condition: Any) -> None:
    deadline = threading.Event()
    for _ in range(2000):
        if condition():
            return
        deadline.wait(0.01)
    raise AssertionError("it did not come to that")


@pytest.mark.usefixtures("_two_at_most")
def test_cancelled_tasks_give_their_places_back() -> None:
    """Whether a task waits for a place, for a connection or for the answer."""
    hanging = threading.Event()

    def hang(request: RawRequest) -> bytes:
        if "imp_slow" in request.target:
            hanging.wait(20)
        return echo(request)

    async def use(url: str) -> None:
        async with AsyncPortOne(KEY, SECRET, base_url=url, max_retries=0) as client:
            await client.payments.get("imp_1")
            for _ in range(3):
                tasks = [asyncio.create_task(client.payments.get("imp_slow")) for _ in range(5)]
                for _ in range(20):
                    await asyncio.sleep(0)
                for task in tasks:
                    task.cancel()
                ended = await asyncio.gather(*tasks, return_exceptions=True)
                assert all(isinstance(error, asyncio.CancelledError) for error in ended)
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await client.payments.get("imp_slow")
            hanging.set()
            got = await asyncio.gather(*(client.payments.get(f"imp_{number}") for number in range(6)))
            assert [payment.imp_uid for payment in got] == [f"imp_{number}" for number in range(6)]

    with RawServer(hang) as server:
        asyncio.run(use(server.url))


def test_the_newest_connection_is_used_first(flavour: Flavour) -> None:
    with RawServer(echo) as server:
        client = flavour.client(base_url=server.url)
        flavour.run_at_once([lambda: client.raw.payments.get("imp_1") for _ in range(8)])
        opened = server.connections
        first = client.call(lambda c: c.payments.get("imp_2"))
        used = [request.connection for request in server.requests if request.target == "/payments/imp_2"]
        for _ in range(3):
            client.call(lambda c: c.payments.get("imp_2"))
        again = {request.connection for request in server.requests if request.target == "/payments/imp_2"}
        client.close()
    assert first.imp_uid == "imp_2"
    assert again == set(used)
    assert server.connections == opened


def test_what_nobody_uses_is_closed(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    for side in ("_async", "_sync"):
        monkeypatch.setattr(f"portone_v1.{side}.connections.KEEP_ALIVE", -1.0)
    with RawServer(echo) as server:
        client = flavour.client(base_url=server.url)
        for number in range(3):
            assert client.call(lambda c, uid=f"imp_{number}": c.payments.get(uid)).imp_uid == f"imp_{number}"
        client.close()
    assert server.connections == 4  # the token's, and one for each


def test_calls_that_outlive_the_client(flavour: Flavour) -> None:
    """`close()` while others are at work: they get their answers, and keep no connection."""
    arrived, go_on = threading.Event(), threading.Event()

    def late(request: RawRequest) -> bytes:
        if "imp_slow" in request.target:
            arrived.set()
            assert go_on.wait(20)
        return echo(request)

    with RawServer(late) as server:
        client = flavour.client(base_url=server.url)
        if isinstance(flavour, SyncFlavour):
            got: list[Any] = []
            thread = threading.Thread(target=lambda: got.append(client.raw.payments.get("imp_slow")))
            thread.start()
            assert arrived.wait(20)
            client.raw.close()
            go_on.set()
            thread.join(20)
        else:

            async def use() -> list[Any]:
                task = asyncio.ensure_future(client.raw.payments.get("imp_slow"))
                assert await asyncio.to_thread(arrived.wait, 20)
                await client.raw.aclose()
                go_on.set()
                return [await task]

            got = flavour.run(use)
        assert got[0].imp_uid == "imp_slow"
        assert client.call(lambda c: c.payments.get("imp_1")).imp_uid == "imp_1"
        client.close()
    used = {request.target: request.connection for request in server.requests}
    assert used["/payments/imp_slow"] != used["/payments/imp_1"]


@contextlib.contextmanager
def tunnel(*, keep_silent: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """Run an HTTP proxy that opens a tunnel, or one that reads the request and does not respond."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    stopping, heads, threads = threading.Event(), list[bytes](), list[threading.Thread]()

    def serve(near: socket.socket) -> None:
        near.settimeout(10)
        head = b""
        while b"\r\n\r\n" not in head:
            part = near.recv(65536)
            if not part:
                near.close()
                return
            head += part
        heads.append(head)
        if keep_silent:
            stopping.wait(20)
            near.close()
            return
        target = head.split()[1].decode()
        if not head.startswith(b"CONNECT"):
            target = target.split("/")[2]
        host, _, port = target.rpartition(":")
        with near, socket.create_connection((host, int(port)), 10) as far:
            if head.startswith(b"CONNECT"):
                near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                line, _, rest = head.partition(b"\r\n")
                method, url, version = line.split()
                path = b"/" + url.split(b"/", 3)[3]
                far.sendall(b" ".join((method, path, version)) + b"\r\n" + rest)
            while not stopping.is_set():
                ready, _, _ = select.select([near, far], [], [], 0.05)
                for side in ready:
                    data = side.recv(65536)
                    if not data:
                        return
                    (far if side is near else near).sendall(data)

    def accept() -> None:
        while not stopping.is_set():
            with contextlib.suppress(TimeoutError):
                near, _ = listener.accept()
                threads.append(threading.Thread(target=serve, args=(near,), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"http://user:p%40ss@127.0.0.1:{listener.getsockname()[1]}", heads
    finally:
        stopping.set()
        accepting.join(10)
        for thread in threads:
            thread.join(10)
        listener.close()


def test_a_proxy_opens_the_way_to_v1(flavour: Flavour, tmp_path: Path) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    with RawServer(echo, context=context) as server, tunnel() as (proxy, heads):
        client = flavour.client(base_url=server.url, ca_file=tmp_path / "ca.pem", proxy=proxy)
        for number in range(3):
            assert client.call(lambda c, uid=f"imp_{number}": c.payments.get(uid)).imp_uid == f"imp_{number}"
        client.close()
    assert server.connections == 1
    assert len(heads) == 1
    assert b"Proxy-Authorization: Basic dXNlcjpwQHNz" in heads[0]
    assert b"Bearer" not in heads[0]
    assert all(b"proxy-authorization" not in request.head.lower() for request in server.requests)


def test_a_proxy_that_says_nothing(flavour: Flavour) -> None:
    with tunnel(keep_silent=True) as (proxy, heads):
        client = flavour.client(base_url="https://api.iamport.kr", proxy=proxy, max_retries=0, timeout=0.05)
        error = client.failure(lambda c: c.payments.get("imp_1"))
        client.close()
    assert type(error) in (NoAnswerError, NotSentError)
    assert len(heads) == 1
    assert b"getToken" not in heads[0]


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/한글"])
def test_an_address_with_a_path(flavour: Flavour, path: str) -> None:
    def answer(request: RawRequest) -> bytes:
        token = request.target.endswith("/users/getToken")
        return payment_answer(request._replace(target="/users/getToken" if token else request.target))

    with RawServer(answer) as server:
        host = server.url.removeprefix("http://")
        client = flavour.client(base_url=server.url + path)
        assert client.call(lambda c: c.payments.get("imp_1")).imp_uid == "imp_1"
        client.close()
    prefix = {"/한글": "/%ED%95%9C%EA%B8%80"}.get(path, path.rstrip("/"))
    assert [request.target for request in server.requests] == [f"{prefix}/users/getToken", f"{prefix}/payments/imp_1"]
    assert all(f"host: {host}\r\n".encode() in request.head.lower() for request in server.requests)


def test_a_server_that_closes_while_the_request_is_written(flavour: Flavour) -> None:
    """What was written may have arrived."""
    with RawServer(lambda r: payment_answer(r) if r.target == "/users/getToken" else None) as server:
        client = flavour.client(base_url=server.url, max_retries=0)
        error = client.failure(
            lambda c: c.payments.cancel(imp_uid="imp_1", amount=5, extra_body={"x": "x" * 3_000_000})
        )
        client.close()
    assert type(error) is OutcomeUnknownError
