"""An answer that comes byte by byte, or without end: no call waits longer than all its steps together may take."""

from __future__ import annotations

import gzip
import math
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest
from portone_v1 import NoAnswerError, NotSentError, OutcomeUnknownError, Timeout
from portone_v1.intents import MemoryStore

from tests.overlay.harness import AiohttpFlavour, AsyncFlavour, Client, Flavour, SyncFlavour, flavours
from tests.overlay.raw_server import RawRequest, RawServer, http_answer, payment_answer

flavour = flavours(SyncFlavour, AsyncFlavour, AiohttpFlavour)

STEPS = Timeout(connect=2.0, read=0.5, write=0.3, pool=0.2)
LONGEST = 20.0
"""Seconds in which a call that ends after 3 is over, however busy the machine is; the answers take much longer."""
PAUSE = 0.1
PIECES = 300


def read(client: Any) -> Any:
    return client.payments.get("imp_1")


def cancel(client: Any) -> Any:
    return client.payments.cancel(imp_uid="imp_1", amount=5)


def dripping(whole: bytes, pause: Callable[[float], object] = time.sleep) -> Iterator[bytes]:
    for place in range(len(whole)):
        yield whole[place : place + 1]
        pause(PAUSE)


def dripping_body(request: RawRequest) -> Iterator[bytes]:
    body = payment_answer(request).partition(b"\r\n\r\n")[2]
    size = len(body) + PIECES
    yield b"HTTP/1.1 200 OK\r\nContent-Length: " + str(size).encode() + b"\r\n\r\n"
    yield from dripping(b" " * PIECES + body)


def dripping_head(request: RawRequest) -> Iterator[bytes]:
    yield from dripping(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * PIECES)
    yield b"\r\n" + payment_answer(request).partition(b"\r\n")[2]


def endless_informational(request: RawRequest) -> Iterator[bytes]:
    for _ in range(PIECES):
        yield b"HTTP/1.1 103 Early Hints\r\n\r\n"
        time.sleep(PAUSE)
    yield payment_answer(request)


SLOW = {"imp_body": dripping_body, "imp_head": dripping_head, "imp_informational": endless_informational}


def slow_by_id(request: RawRequest) -> Any:
    for imp_uid, slow in SLOW.items():
        if imp_uid in request.target or imp_uid.encode() in request.body:
            return slow(request)
    return payment_answer(request)


def all_but_the_token(slow: Callable[[RawRequest], Any]) -> Callable[[RawRequest], Any]:
    return lambda request: payment_answer(request) if request.target == "/users/getToken" else slow(request)


def clients(flavour: Flavour, url: str, **options: Any) -> Iterator[Client]:
    """Make a client with the SDK's own connections, and one with those of the caller.

    Until the head of an answer is there, what a synchronous transport of the caller waits for is up to it.
    """
    given = {"base_url": url, "timeout": STEPS, "max_retries": 0, **options}
    yield flavour.client(**given)
    yield flavour.client(http_client=flavour.http_client(), **given)


def test_no_call_waits_longer_than_its_steps_together(flavour: Flavour) -> None:
    with RawServer(slow_by_id) as server:
        own, given = clients(flavour, server.url)
        over_the_callers = [*SLOW] if flavour.name != "sync" else ["imp_body"]
        pairs = [(own, imp_uid) for imp_uid in SLOW] + [(given, imp_uid) for imp_uid in over_the_callers]
        reads = [partial(client.raw.payments.get, imp_uid) for client, imp_uid in pairs]
        writes = [partial(client.raw.payments.cancel, imp_uid=imp_uid, amount=5) for client, imp_uid in pairs]
        began = time.monotonic()
        got = flavour.run_at_once([*reads, *writes])
        assert time.monotonic() - began < LONGEST
    kinds = [NoAnswerError] * len(reads) + [OutcomeUnknownError] * len(writes)
    assert [type(error) for error in got] == kinds
    shown = [error.status for (client, _), error in zip(pairs * 2, got, strict=True) if client is own]
    assert shown == [200 if imp_uid == "imp_body" else None for imp_uid in SLOW] * 2


def test_a_token_that_drips_sends_nothing(flavour: Flavour) -> None:
    with RawServer(dripping_body) as server:
        began = time.monotonic()
        got = flavour.run_at_once([partial(cancel, client.raw) for client in clients(flavour, server.url)])
        assert time.monotonic() - began < LONGEST
    assert [type(error) for error in got] == [NotSentError] * 2
    assert {request.target for request in server.requests} == {"/users/getToken"}


def test_a_deadline_holds_for_an_answer_that_drips(flavour: Flavour) -> None:
    def one_second(client: Any) -> Any:
        return client.payments.cancel_once(imp_uid="imp_1", amount=5, key="key-1", deadline=1.0)

    with RawServer(all_but_the_token(dripping_body)) as server:
        client = flavour.client(base_url=server.url, intents=MemoryStore())
        began = time.monotonic()
        assert isinstance(client.failure(one_second), NoAnswerError | NotSentError)
        assert time.monotonic() - began < LONGEST


def test_without_limits_a_slow_answer_is_awaited(flavour: Flavour) -> None:
    def slow(request: RawRequest) -> Iterator[bytes]:
        answer = payment_answer(request)
        yield answer[:20]
        time.sleep(1.0)
        yield answer[20:]

    with RawServer(all_but_the_token(slow)) as server:
        for client in clients(flavour, server.url, timeout=None):
            assert client.call(read).imp_uid == "imp_1"


def endless_body(request: RawRequest) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n"
    while True:
        yield b" " * 65_536


def bomb(request: RawRequest) -> bytes:
    return http_answer(gzip.compress(b" " * 4_000_000), "200 OK", "Content-Encoding: gzip")


@pytest.mark.parametrize("large", [endless_body, bomb])
def test_a_body_without_end_is_given_up(
    flavour: Flavour, large: Callable[[RawRequest], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("portone_v1._http.exchange_limits", "portone_v1.contrib._aiohttp"):
        monkeypatch.setattr(f"{place}.LONGEST_BODY", 1_000_000, raising=False)
    with RawServer(all_but_the_token(large)) as server:
        for client in clients(flavour, server.url, timeout=30):
            assert type(client.failure(read)) is NoAnswerError
            error = client.failure(cancel)
            assert type(error) is OutcomeUnknownError
            assert error.status == 200


def test_nothing_is_left_of_a_limit_after_the_call(flavour: Flavour) -> None:
    """The limit of one call is none of the next one, nor of what the caller does with httpx himself."""
    from portone_v1._http.exchange_limits import left_of

    with RawServer() as server:
        for client in clients(flavour, server.url, timeout=30):
            client.call(read)
            assert left_of(None, httpx.ReadTimeout) is None
            assert left_of(math.inf, httpx.ReadTimeout) == math.inf
