"""The way out over aiohttp: what aiohttp would do of itself does not happen. (The suites about sockets run over it.)"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from portone_v1 import AsyncPortOne, ConfigurationError, NotSentError, OutcomeUnknownError, Timeout

from tests.overlay.harness import KEY, SECRET, AiohttpFlavour, AsyncFlavour, Flavour, flavours
from tests.overlay.raw_server import RawRequest, RawServer, http_answer, payment_answer

pytest.importorskip("aiohttp", reason="the way out over aiohttp is an extra")

from portone_v1.contrib import _aiohttp_session as kit
from portone_v1.contrib.aiohttp import AiohttpTransport

flavour = flavours(AiohttpFlavour)


def read(client: Any) -> Any:
    return client.payments.get("imp_1")


def cancel(client: Any) -> Any:
    return client.payments.cancel(imp_uid="imp_1", amount=5, extra_headers={"X-Mine": "a  b"})


def client_of(server: RawServer, transport: AiohttpTransport, **options: Any) -> AsyncPortOne:
    return AsyncPortOne(KEY, SECRET, base_url=server.url, transport=transport, **options)


def test_the_same_request_leaves_as_over_httpx() -> None:
    """But that aiohttp counts the bytes of no body, too."""
    heads: list[list[set[bytes]]] = []
    for kind in (AsyncFlavour, AiohttpFlavour):
        other: Flavour = kind()
        with RawServer(_order) as server:
            client = other.client(base_url=server.url, tier="AB1")
            for ask in (read, cancel, lambda c: c.vbanks.revoke("imp_1", pg_api_key="a b&c"), _prepare):
                client.call(ask)
            other.finish()
            port = server.url.rpartition(":")[2].encode()
        heads.append([set(request.head.replace(port, b"PORT").split(b"\r\n")) for request in server.requests])
    heads[0][3].add(b"Content-Length: 0")
    assert heads[0][3] >= {b"DELETE /vbanks/imp_1?pg_api_key=a%20b%26c HTTP/1.1", b"Tier: AB1"}
    assert heads[0] == heads[1]
    assert len(heads[0]) == 5


def _order(request: RawRequest) -> bytes:
    _, _, body = payment_answer(request).partition(b"\r\n\r\n")
    return http_answer(body.replace(b"order-1", "주문/1".encode()))


def _prepare(client: Any) -> Any:
    return client.prepare.update(merchant_uid="주문/1", amount=5)


def test_no_credentials_of_the_environment(flavour: Flavour, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password hunter2\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(netrc))
    with RawServer() as server:
        client = flavour.client(base_url=server.url)
        client.call(read)
        client.close()
    assert b"authorization" not in server.requests[0].head.lower()


def test_a_redirect_is_not_followed(flavour: Flavour) -> None:
    def respond(request: RawRequest) -> bytes:
        if request.target == "/users/getToken":
            return payment_answer(request)
        return http_answer(b"", "307 Temporary Redirect", f"Location: {server.url}/payments/cancel")

    with RawServer(respond) as server:
        client = flavour.client(base_url=server.url)
        error = client.failure(cancel)
        client.close()
    assert (type(error), error.status) == (OutcomeUnknownError, 307)
    assert len(server.requests) == 2


def test_a_route_that_was_changed_does_not_leave(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    from yarl import URL as made  # noqa: N811

    monkeypatch.setattr(kit, "URL", lambda text, encoded: made(text.replace("%2F", "/"), encoded=encoded))
    with RawServer() as server:
        client = flavour.client(base_url=server.url, max_retries=0)
        assert client.call(read).imp_uid == "imp_1"
        error = client.failure(lambda c: c.payments.get("../users/pg"))
        assert client.call(read).imp_uid == "imp_1"
        client.close()
    assert type(error) is NotSentError
    assert [request.target for request in server.requests[1:]] == ["/payments/imp_1", "/payments/imp_1"]


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"\r\n", b""])
def test_a_server_that_speaks_or_hangs_up_first(flavour: Flavour, first: bytes) -> None:
    """Whether it is seen before the request leaves is chance; that it comes to an end is not."""
    tries = 0
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)

        def serve() -> None:
            nonlocal tries
            while True:
                connection, _ = listener.accept()
                with connection:
                    if done.is_set():
                        return
                    tries += 1
                    connection.sendall(first)

        done = threading.Event()
        thread = threading.Thread(target=serve)
        thread.start()
        client = flavour.client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", max_retries=1)
        error = client.failure(cancel)
        client.close()
        done.set()
        socket.create_connection(listener.getsockname()).close()
        thread.join(20)
    assert type(error) is NotSentError  # the token was asked for, and never came
    assert tries <= 2


def test_no_more_connections_than_allowed(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "CONNECTIONS", 3)
    go_on = threading.Event()

    def respond(request: RawRequest) -> bytes:
        assert request.target == "/users/getToken" or go_on.wait(20)
        return payment_answer(request)

    with RawServer(respond) as server:
        client = flavour.client(base_url=server.url, max_retries=0, timeout=Timeout(10, 10, 10, 0.05))

        async def crowd() -> list[Any]:
            await client.raw.auth.get_token(imp_key=KEY, imp_secret=SECRET)
            calls = [asyncio.create_task(client.raw.payments.get("imp_1")) for _ in range(8)]
            done, under_way = await asyncio.wait(calls, return_when=asyncio.FIRST_EXCEPTION)
            while len(done) < 5:
                more, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                done |= more
            go_on.set()
            return list(await asyncio.gather(*calls, return_exceptions=True))

        answers = flavour.run(crowd)
        assert client.call(read).imp_uid == "imp_1"
        client.close()
    refused = [answer for answer in answers if isinstance(answer, NotSentError)]
    assert len(refused) == 5
    assert all("PoolTimeout" in str(error) for error in refused)
    assert server.connections == 3


def test_a_crowd_waits_for_its_turn(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "CONNECTIONS", 4)
    with RawServer() as server:
        client = flavour.client(base_url=server.url)
        assert [answer.imp_uid for answer in client.at_once(read, 60)] == ["imp_1"] * 60
        client.close()
    assert server.connections <= 4


@pytest.fixture
def tidy() -> Iterator[None]:
    """Check that everything was closed: a warning, which is an error here, would tell at garbage collection."""
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
        for _ in range(3):
            gc.collect()
    assert [str(warning.message) for warning in caught] == []


@pytest.mark.usefixtures("tidy")
@pytest.mark.parametrize("secured", [False, True], ids=["plain", "TLS"])
def test_nothing_is_left_open(authority: tuple[ssl.SSLContext, Path], *, secured: bool) -> None:
    context, file = authority
    with RawServer(context=context if secured else None) as server:

        async def use() -> None:
            async with AiohttpTransport(ca_file=file) as transport, client_of(server, transport) as client:
                await asyncio.gather(*(client.payments.get("imp_1") for _ in range(5)))
                call = asyncio.create_task(client.payments.get("imp_1"))
                await asyncio.sleep(0)
                call.cancel()
                await asyncio.gather(call, return_exceptions=True)

        asyncio.run(use())
        asyncio.run(use())


@pytest.mark.usefixtures("tidy")
def test_a_call_that_is_under_way_when_it_is_closed_has_an_unknown_outcome() -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def respond(request: RawRequest) -> bytes:
        if request.target != "/users/getToken":
            arrived.set()
            assert go_on.wait(20)
        return payment_answer(request)

    with RawServer(respond) as server:

        async def use() -> Any:
            async with AiohttpTransport() as transport:
                call = asyncio.create_task(client_of(server, transport).payments.cancel(imp_uid="imp_1", amount=5))
                await asyncio.to_thread(arrived.wait, 20)
            go_on.set()
            return (await asyncio.gather(call, return_exceptions=True))[0]

        assert type(asyncio.run(use())) is OutcomeUnknownError


def test_one_transport_in_two_event_loops_one_after_the_other() -> None:
    with RawServer() as server:
        transport = AiohttpTransport()
        client = client_of(server, transport)

        async def use(*, close: bool) -> list[Any]:
            answers = await asyncio.gather(*(client.payments.get("imp_1") for _ in range(3)))
            if close:
                await transport.aclose()
            return list(answers)

        with warnings.catch_warnings():
            # The first loop ends without closing anything: asyncio says so when its sockets are collected. aiohttp,
            # whose words begin with a capital, has nothing to say.
            warnings.simplefilter("ignore", ResourceWarning)
            warnings.filterwarnings("error", "(?-i:Unclosed)", ResourceWarning)
            first = asyncio.run(use(close=False))
            second = asyncio.run(use(close=True))
            gc.collect()
    assert [answer.imp_uid for answer in first + second] == ["imp_1"] * 6


@pytest.mark.usefixtures("tidy")
def test_one_transport_in_two_event_loops_at_once() -> None:
    with RawServer() as server:
        transport = AiohttpTransport()
        both = threading.Barrier(2)
        results: list[Any] = []

        async def use() -> None:
            client = client_of(server, transport)
            for _ in range(10):
                await asyncio.to_thread(both.wait, 20)
                results.append((await client.payments.get("imp_1")).imp_uid)
            await transport.aclose()

        threads = [threading.Thread(target=asyncio.run, args=(use(),)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert results == ["imp_1"] * 20
    assert server.connections == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_has_connections_of_its_own(
    authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And takes nothing from its parent, not even when it ends in good order."""
    context, file = authority
    monkeypatch.setattr("portone_v1.contrib._aiohttp_session.KEPT_FOR", 60)  # however long the child takes
    with RawServer(context=context) as server:
        flavour = AiohttpFlavour()
        client = flavour.client(base_url=server.url, ca_file=file, max_retries=0)
        assert client.call(lambda c: c.payments.get("imp_of_the_parent")).imp_uid == "imp_1"
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            good = False
            try:
                transport = client.raw._session._transport._transport

                async def use() -> bool:
                    answer = await client.raw.payments.get("imp_of_the_child")
                    await transport.aclose()
                    return bool(answer.imp_uid == "imp_1")

                good = asyncio.run(use())
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", ResourceWarning)
                    transport._sessions.clear()
                    gc.collect()
            finally:
                os._exit(0 if good else 1)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert client.call(lambda c: c.payments.get("imp_of_the_parent")).imp_uid == "imp_1"
        flavour.finish()
    used = [(request.target.rpartition("/")[2], request.connection) for request in server.requests[1:]]
    assert used == [("imp_of_the_parent", 1), ("imp_of_the_child", 2), ("imp_of_the_parent", 1)]


def test_settings_are_checked(tmp_path: Path) -> None:
    wrong: list[Callable[[], object]] = [
        lambda: AiohttpTransport(ca_file=tmp_path / "nothing.pem"),
        lambda: AiohttpTransport(client_cert=str(tmp_path / "nothing.pem")),
        lambda: AiohttpTransport(proxy="proxy.example.com:3128"),
    ]
    for make in wrong:
        with pytest.raises(ConfigurationError):
            make()


def test_inside_a_client_of_httpx(flavour: Flavour) -> None:
    """Where it is a transport like others: streams in, and names and texts that are not ASCII."""
    parts = [b'{"amount":5,', b'"imp_uid":"imp_1"}']

    async def content() -> Any:
        for part in parts:
            yield part

    with RawServer() as server:
        http_client = flavour.http_client()

        async def use() -> httpx.Response:
            answer: httpx.Response = await http_client.post(f"{server.url}/payments/cancel", content=content())
            return answer

        answer = flavour.run(use)
        flavour.run(http_client.aclose)
    assert answer.json()["response"]["imp_uid"] == "imp_1"
    assert server.requests[0].body == b"".join(parts)
