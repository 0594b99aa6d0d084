"""Tasks of handlers that are `async def`: `await` is easily left out, and a receipt must not be lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from portone_v1.inbox import AsyncWork, PaymentChanged

from tests.inbox.shop import V1, AsyncShop, Clock, post


@pytest.fixture
def shop(v1: V1, clock: Clock) -> Iterator[AsyncShop]:
    opened = AsyncShop(v1, clock)
    yield opened
    opened.runner.close()


@pytest.mark.parametrize("awaited", [True, False])
def test_a_task_is_enqueued_once_awaited_or_not(shop: AsyncShop, v1: V1, awaited: bool) -> None:
    @shop.inbox.on_payment
    async def payment(_change: PaymentChanged, work: AsyncWork) -> None:
        assert work.session is None
        first = work.later("send", key="send:1", order="1")
        if awaited:
            await first
        await work.later("send", key="send:2", order="2")

    v1.write("imp_1", "paid")
    assert post(shop, "imp_1", "paid").status == 200
    shop.drain()
    assert sorted(shop.done, key=str) == [{"order": "1"}, {"order": "2"}]
    del payment


def test_a_task_of_a_handler_that_raised_is_not_enqueued(shop: AsyncShop, v1: V1, clock: Clock) -> None:
    failures = [OSError("disk")]

    @shop.inbox.on_payment
    async def payment(_change: PaymentChanged, work: AsyncWork) -> None:
        _: Any = work.later("send", key="send:1", order="o")
        if failures:
            raise failures.pop()

    v1.write("imp_1", "paid")
    assert post(shop, "imp_1", "paid").status == 503
    assert shop.done == []
    for _ in range(3):
        clock.now += 4.0
        shop.drain()
    assert shop.done == [{"order": "o"}]
    del payment
