"""The access token is asked for within the call's deadline: a V1 that hangs there holds no worker up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from portone_v1 import DeadlineError, NotSentError
from portone_v1_sandbox import Sandbox

from tests.safe.conftest import Shop, again


def hangs(shop: Shop, path: str) -> None:
    """Let V1 read the request without an answer, while the clock advances as long as the client waits."""
    answer = shop.network._answer

    def waits(request: httpx.Request, body: bytes) -> httpx.Response:
        if request.url.path != path:
            return answer(request, body)
        shop.network.seen.append(f"{request.method} {path}")
        shop.clock.advance(request.extensions["timeout"]["read"])
        raise httpx.ReadTimeout("nothing")

    shop.network._answer = waits  # type: ignore[method-assign]


CALLS: list[Callable[[Any], Any]] = [
    lambda c: c.subscribe.again_once(**again(), deadline=10.0),
    lambda c: c.payments.cancel_once(imp_uid="imp_1", left=0, deadline=10.0),
    lambda c: c.payments.cancel_once(merchant_uid="order-1", amount=1, key="a", deadline=10.0),
]


@pytest.mark.parametrize("ask", CALLS)
@pytest.mark.parametrize("retries", [0, 5])
def test_a_token_call_that_hangs_ends_with_the_deadline(shop: Shop, ask: Callable[[Any], Any], retries: int) -> None:
    shop.client = shop.new_client(max_retries=retries)
    hangs(shop, "/users/getToken")
    error = shop.failure(ask, NotSentError)
    assert shop.clock.monotonic() <= 11.0
    assert "nothing was sent" in str(error) or "did not execute" in str(error)
    assert {line.partition(" ")[2] for line in shop.network.seen} == {"/users/getToken"}


def test_a_read_that_hangs_ends_with_the_deadline(shop: Shop) -> None:
    hangs(shop, "/payments/findAll/order-1")
    shop.failure(lambda c: c.subscribe.again_once(**again(), deadline=10.0), NotSentError)
    assert shop.clock.monotonic() <= 11.0


def test_a_token_that_another_thread_asks_for_is_waited_for_within_the_deadline() -> None:
    client = Sandbox().client()
    assert client._engine.tokens._lock.acquire()
    with pytest.raises(NotSentError):
        client.payments.cancel_once(imp_uid="imp_1", left=0, deadline=0.5)
    client._engine.tokens._lock.release()
    with pytest.raises(Exception, match="존재하지"):
        client.payments.cancel_once(imp_uid="imp_1", left=0, deadline=5.0)


def test_a_token_that_another_task_asks_for_is_waited_for_within_the_deadline() -> None:
    async def play() -> None:
        client = Sandbox().async_client()
        assert await client._engine.tokens._lock.take(None)
        with pytest.raises(NotSentError):
            await client.payments.cancel_once(imp_uid="imp_1", left=0, deadline=0.5)
        client._engine.tokens._lock.release()

    asyncio.run(play())


def test_a_deadline_that_is_over_sends_nothing(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, left=0, deadline=1.0), DeadlineError)
    assert not shop.network.count("POST /payments")
