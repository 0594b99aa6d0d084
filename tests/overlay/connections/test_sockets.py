"""What only a real socket can show: the bytes of a route, connections, answers that break off, forks, event loops."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import traceback
import warnings
from typing import Any
from urllib.parse import unquote

import pytest
from portone_v1 import AsyncPortOne, NoAnswerError, NotSentError, OutcomeUnknownError, PortOne

from tests.overlay.harness import KEY, SECRET, AiohttpFlavour, AsyncFlavour, Flavour, SyncFlavour, flavours
from tests.overlay.raw_server import RawRequest, RawServer, http_answer, payment_answer

flavour = flavours(SyncFlavour, AsyncFlavour, AiohttpFlavour)


def read(client: Any) -> Any:
    return client.payments.get("imp_1")


def cancel(client: Any) -> Any:
    return client.payments.cancel(imp_uid="imp_1", amount=5)


IDS = [
    "imp_1",
    "a/b",
    "/",
    "//",
    "a//b",
    "?",
    "a?b=c",
    "#",
    "a#b",
    "%",
    "%2F",
    "%2e%2e",
    "100%",
    "../users/getToken",
    "..%2Fusers",
    "a/../../users/pg",
    "a/..",
    "...",
    "..a",
    ".a",
    "a.b",
    "a b",
    "a+b",
    "a&b=c",
    "a;b",
    "a:b@c",
    "a\\b",
    "한글-주문",
    "😀",
    "a\nb",
    "a\tb\x00",
    "é",
    "a'b\"c<d>",
    "[x]",
    "{imp_uid}",
    "~a-b_c!$*()",
    " a ",
    "findAll",
    "status/paid",
    "x" * 300,
]


def test_an_id_is_one_segment_of_its_own_route(flavour: Flavour) -> None:
    with RawServer() as server:
        client = flavour.client(base_url=server.url)
        for uid in IDS:
            client.call(lambda c, uid=uid: c.payments.get(uid))
            client.call(lambda c, uid=uid: c.payments.balance(uid))
            client.call(lambda c, uid=uid: c.payments.find(uid, "paid"))
        client.close()
    targets = [request.target for request in server.requests[1:]]
    for uid, got, balance, find in zip(IDS, targets[::3], targets[1::3], targets[2::3], strict=True):
        for target, before, after in (
            (got, ["payments"], []),
            (balance, ["payments"], ["balance"]),
            (find, ["payments", "find"], ["paid"]),
        ):
            segments = target.split("/")[1:]
            assert segments[: len(before)] == before, uid
            assert segments[len(before) + 1 :] == after, uid
            assert unquote(segments[len(before)]) == uid
            assert not set(target) & set('?#\\ <>"{}'), uid
            assert ".." not in target


@pytest.mark.parametrize("uid", ["", ".", ".."])
def test_an_id_that_would_be_another_route_is_refused(flavour: Flavour, uid: str) -> None:
    with RawServer() as server:
        client = flavour.client(base_url=server.url)
        for ask in (
            lambda c: c.payments.get(uid),
            lambda c: c.payments.find(uid),
            lambda c: c.billing_keys.delete(uid),
            lambda c: c.vbanks.revoke(uid),
        ):
            assert type(client.failure(ask)) is ValueError
        client.close()
    assert server.connections == 0


def test_an_id_in_a_query_stays_one_value(flavour: Flavour) -> None:
    with RawServer(lambda request: payment_answer(request) if "getToken" in request.target else LIST) as server:
        client = flavour.client(base_url=server.url)
        client.call(lambda c: c.payments.get_many(imp_uid=["a&b=c", "d#e", "한/글+ "]))
        client.close()
    assert server.requests[1].target == (
        "/payments?imp_uid%5B%5D=a%26b%3Dc&imp_uid%5B%5D=d%23e&imp_uid%5B%5D=%ED%95%9C%2F%EA%B8%80%2B%20"
    )


LIST = http_answer(b'{"code":0,"message":null,"response":[]}')


def test_a_connection_is_kept(flavour: Flavour) -> None:
    with RawServer() as server:
        client = flavour.client(base_url=server.url)
        for _ in range(5):
            client.call(read)
            client.call(cancel)
        client.with_options(tier="AB1").call(read)
        client.close()
    assert server.connections == 1
    assert len(server.requests) == 12


def test_a_server_that_closes_each_connection(flavour: Flavour) -> None:
    closing = b"Connection: close"

    def respond(request: RawRequest) -> bytes:
        head, _, body = payment_answer(request).partition(b"\r\n\r\n")
        return head + b"\r\n" + closing + b"\r\n\r\n" + body

    with RawServer(respond) as server:
        client = flavour.client(base_url=server.url, max_retries=0)
        for _ in range(3):
            assert client.call(cancel).imp_uid == "imp_1"
        client.close()
    assert server.connections == 4


def test_the_request_on_the_wire(flavour: Flavour) -> None:
    with RawServer() as server:
        client = flavour.client(base_url=server.url, tier="AB1")
        client.call(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5, reason="품절"))
        client.close()
    head = server.requests[1].head.decode().lower()
    assert head.startswith("post /payments/cancel http/1.1\r\n")
    assert "authorization: bearer token-1\r\n" in head
    assert "tier: ab1\r\n" in head
    assert "cookie" not in head
    assert server.requests[1].body == '{"amount":5,"imp_uid":"imp_1","reason":"품절"}'.encode()


def after_the_token(answer: bytes | None) -> Any:
    return lambda request: payment_answer(request) if request.target == "/users/getToken" else answer


TRUNCATED = http_answer(
    b'{"code":0,"message":null,"response":{"imp_uid":"canary', "200 OK", "Connection: close", length=500
)
NOT_HTTP = b"<html>canary</html>\r\n\r\n close"


@pytest.mark.parametrize(
    ("answer", "status"), [(TRUNCATED, 200), (None, None), (NOT_HTTP, None)], ids=["broken off", "hung up", "not HTTP"]
)
def test_an_answer_that_does_not_come_to_its_end(flavour: Flavour, answer: bytes | None, status: int | None) -> None:
    with RawServer(after_the_token(answer)) as server:
        client = flavour.client(base_url=server.url, max_retries=1)
        unread = client.failure(read)
        unknown = client.failure(cancel)
        client.close()
    assert (type(unread), type(unknown)) == (NoAnswerError, OutcomeUnknownError)
    assert (unread.status, unknown.status) == (status, status)
    for error in (unread, unknown):
        assert "canary" not in "".join([*traceback.format_exception(error), repr(error)])
    assert [request.target for request in server.requests].count("/payments/imp_1") == 2
    assert [request.target for request in server.requests].count("/payments/cancel") == 1


@pytest.mark.parametrize("ask", [read, cancel])
def test_nobody_listens(flavour: Flavour, ask: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = flavour.client(base_url=f"http://127.0.0.1:{port}").failure(ask)
    assert type(error) is NotSentError
    assert error.operation == f"payments.{'get' if ask is read else 'cancel'}"


def test_a_slow_answer_runs_into_the_timeout(flavour: Flavour) -> None:
    hang = after_the_token(http_answer(b"", length=10))  # an answer that never goes on
    with RawServer(hang) as server:
        client = flavour.client(base_url=server.url, max_retries=0)
        error = client.failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5, timeout=0.5))
        client.close()
    assert type(error) is OutcomeUnknownError
    assert error.status == 200
    assert "ReadTimeout" in str(error)


def test_a_closed_client_opens_anew(flavour: Flavour) -> None:
    with RawServer() as server:
        client = flavour.client(base_url=server.url)
        client.call(read)
        client.close()
        client.call(read)
        client.close()
    assert server.connections == 2


def test_many_at_once(flavour: Flavour) -> None:
    with RawServer() as server:
        client = flavour.client(base_url=server.url)
        answers = client.at_once(read, 40)
        client.close()
    assert [answer.imp_uid for answer in answers] == ["imp_1"] * 40
    assert [request.target for request in server.requests].count("/users/getToken") == 1


def test_one_asynchronous_client_in_two_event_loops() -> None:
    with RawServer() as server:
        client = AsyncPortOne(KEY, SECRET, base_url=server.url)

        async def use(*, close: bool) -> list[Any]:
            answers = await asyncio.gather(*(client.payments.get("imp_1") for _ in range(3)))
            if close:
                await client.aclose()
            return list(answers)

        with warnings.catch_warnings():
            # The first loop ends without closing the client: asyncio says so when its sockets are collected.
            warnings.simplefilter("ignore", ResourceWarning)
            first = asyncio.run(use(close=False))
            second = asyncio.run(use(close=True))
            gc.collect()
    assert [answer.imp_uid for answer in first + second] == ["imp_1"] * 6
    assert [request.target for request in server.requests].count("/users/getToken") == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_has_connections_of_its_own() -> None:
    with RawServer() as server:
        client = PortOne(KEY, SECRET, base_url=server.url, max_retries=0)
        client.payments.get("imp_1")
        client._engine.tokens._lock.acquire()  # another thread holds it at the fork
        child = os.fork()
        if child == 0:
            signal.alarm(20)  # a child that waits for the lock for ever ends here, and not well
            good = False
            try:
                client._engine.tokens._token = None
                good = client.payments.get("imp_of_the_child").imp_uid == "imp_1"
            finally:
                os._exit(0 if good else 1)
        client._engine.tokens._lock.release()
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert client.payments.get("imp_of_the_parent").imp_uid == "imp_1"
        client.close()
    used = {request.target: request.connection for request in server.requests if request.target != "/users/getToken"}
    assert used["/payments/imp_1"] == used["/payments/imp_of_the_parent"]
    assert used["/payments/imp_of_the_child"] != used["/payments/imp_1"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_clients_do_not_pile_up_for_a_fork() -> None:
    from portone_v1._http.concurrency import _owners

    gc.collect()
    before = len(_owners)
    for _ in range(5):
        PortOne(KEY, SECRET).close()
    gc.collect()
    assert len(_owners) == before


def test_the_proxy_of_the_environment(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked to reach V1, and not told the request: the tunnel is refused, so nothing was sent."""
    with RawServer(lambda _: http_answer(b"", "403 Forbidden", "Connection: close")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.removeprefix("http://"))
        client = flavour.client(base_url="https://api.iamport.kr", max_retries=0)
        error = client.failure(cancel)
        client.close()
    assert type(error) is NotSentError
    assert "ProxyError" in str(error)
    assert proxy.requests[0].target == "api.iamport.kr:443"
    assert b"getToken" not in proxy.requests[0].head
    assert b"CONNECT" in proxy.requests[0].head


def test_this_machine_is_reached_without_a_proxy(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with RawServer() as server:
        client = flavour.client(base_url=server.url)
        assert client.call(read).imp_uid == "imp_1"
        client.close()
