"""Tasks of handlers that are `async def`: `await` is easily left out, and a receipt must not be lost by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from portone_v1.inbox import AsyncWork, PaymentChanged

from tests.inbox.shop import V1, AsyncShop, Clock, SyncShop, post


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


@pytest.mark.parametrize(("lease", "runs"), [(60.0, 2), (300.0, 1)])
@pytest.mark.parametrize("kind", [SyncShop, AsyncShop])
def test_a_task_that_takes_long_runs_once_within_its_lease(
    v1: V1, clock: Clock, kind: Callable[..., Any], lease: float, runs: int
) -> None:
    shop = kind(v1, clock, task_lease=lease)
    other = kind(v1, clock, task_lease=lease, store=shop.store)
    shop.handle = lambda _change, later: later("slow", key="slow:1")
    v1.write("imp_1", "paid")
    assert post(shop, "imp_1", "paid").status == 200
    started: list[float] = []

    def run() -> None:
        started.append(clock.now)
        if len(started) == 1:
            clock.now += 100.0
            with ThreadPoolExecutor(1) as worker:
                worker.submit(other.drain).result()

    def slow() -> None:
        run()

    async def slow_awaited() -> None:
        run()

    slow_awaited.__name__ = "slow"
    for each in (shop, other):
        each.inbox.task(slow if kind is SyncShop else slow_awaited)
    shop.drain()
    assert len(started) == runs
    for each in (shop, other):
        if isinstance(each, AsyncShop):
            each.runner.close()


def test_a_lease_of_no_time_is_refused(v1: V1, clock: Clock) -> None:
    for nothing in (0.0, float("nan")):
        with pytest.raises(ValueError, match="task_lease"):
            SyncShop(v1, clock, task_lease=nothing)
