"""`MemoryStates`, the store of one process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import pytest
from portone_v1.contrib import _states
from portone_v1.contrib._sync.process_webhook import handle
from portone_v1.contrib.flask import MemoryStates, PaymentChange
from portone_v1.webhooks import WebhookEvent

from tests.contrib.v1 import V1


def test_a_change_is_claimed_once() -> None:
    states = MemoryStates()
    with states.claim("a") as first, states.claim("b") as other:
        assert (first, other) == (True, True)
    with states.claim("a") as again:
        assert again is False


def test_a_block_that_raises_leaves_it_unclaimed() -> None:
    states = MemoryStates()
    with pytest.raises(LookupError), states.claim("a"):
        raise LookupError
    with states.claim("a") as again:
        assert again is True


def test_the_oldest_are_forgotten_first() -> None:
    states = MemoryStates(size=2)
    for key in "abc":
        with states.claim(key):
            pass
    assert len(states) == 2
    with states.claim("c") as newest, states.claim("a") as oldest:
        assert (newest, oldest) == (False, True)
    with pytest.raises(ValueError, match="size"):
        MemoryStates(size=0)


@pytest.mark.parametrize("fails", [False, True])
def test_a_second_thread_waits_for_the_first_and_takes_over_when_it_fails(fails: bool) -> None:
    states, entered, go_on, found = MemoryStates(), Event(), Event(), list[bool]()

    def first() -> None:
        with suppress(LookupError), states.claim("a"):
            entered.set()
            go_on.wait(20)
            if fails:
                raise LookupError

    def second() -> None:
        with states.claim("a") as ours:
            found.append(ours)

    threads = [Thread(target=first), Thread(target=second)]
    threads[0].start()
    entered.wait(20)
    threads[1].start()
    threads[1].join(0.05)
    assert found == []
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert found == [fails]


def test_a_second_task_waits_and_one_that_gives_up_disturbs_nobody() -> None:
    async def run() -> list[bool]:
        states, found = MemoryStates(), list[bool]()

        async def later() -> None:
            async with states.claim("a") as ours:
                found.append(ours)

        async with states.claim("a") as ours:
            found.append(ours)
            tasks = [asyncio.create_task(later()) for _ in range(3)]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            tasks[0].cancel()
            await asyncio.wait({tasks[0]})
            assert found == [True]
        await asyncio.gather(*tasks[1:])
        return found

    assert asyncio.run(run()) == [True, False, False]


def test_a_task_that_is_cancelled_in_the_block_leaves_it_unclaimed() -> None:
    async def run() -> bool:
        states = MemoryStates()

        async def cancelled() -> None:
            async with states.claim("a"):
                await asyncio.Event().wait()

        task = asyncio.create_task(cancelled())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        async with states.claim("a") as ours:
            return ours

    assert asyncio.run(run()) is True


def test_who_waits_too_long_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_states, "LONGEST_WAIT", 0.01)
    states = MemoryStates()

    async def second() -> None:
        async with states.claim("a"):
            pytest.fail("it was entered")

    with states.claim("a"):
        with pytest.raises(TimeoutError, match="still being processed"), states.claim("a"):
            pytest.fail("it was entered")
        with pytest.raises(TimeoutError, match="still being processed"):
            asyncio.run(second())


def test_a_store_that_swallows_the_handlers_exception_is_found_out(v1: V1) -> None:
    class Careless:
        @contextmanager
        def claim(self, _: str) -> Iterator[bool]:
            with suppress(LookupError):
                yield True

    def handler(_: PaymentChange) -> None:
        raise LookupError

    paid = v1.pay()
    with pytest.raises(RuntimeError, match="suppressed"):
        handle(Careless(), handler, PaymentChange(paid, WebhookEvent(paid.imp_uid)))
