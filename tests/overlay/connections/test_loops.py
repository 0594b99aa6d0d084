"""One asynchronous client in several event loops: each has a token request and a transport of its own."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from portone_v1 import AsyncPortOne

from tests.overlay.harness import KEY, SECRET
from tests.overlay.raw_server import RawServer

PAYMENT = {"imp_uid": "imp_1", "merchant_uid": "order-1", "amount": 1000, "status": "paid", "pay_method": "card"}
TOKEN = {"access_token": "t" * 40, "now": 1, "expired_at": 1801}
LOOPS = 6


class SlowTokens(httpx.AsyncBaseTransport):
    """A V1 whose token takes until `gate` opens; it notes which thread, and so which loop, asked."""

    def __init__(self) -> None:
        self.tokens: list[int] = []
        self.asked: Callable[[], Coroutine[Any, Any, None]] | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        payload: dict[str, Any] = PAYMENT
        if request.url.path.endswith("getToken"):
            self.tokens.append(threading.get_ident())
            if self.asked is not None:
                await self.asked()
            payload = TOKEN
        return httpx.Response(200, json={"code": 0, "message": None, "response": payload})


def test_loops_at_the_same_time_ask_for_one_token_each() -> None:
    v1 = SlowTokens()
    together = threading.Barrier(LOOPS)

    async def asked() -> None:
        for _ in range(20):  # time for the other tasks of this loop, and for other loops, to come by
            await asyncio.sleep(0.001)

    v1.asked = asked
    client = AsyncPortOne(KEY, SECRET, transport=v1)

    async def calls() -> None:
        together.wait(30)
        tasks = [asyncio.create_task(client.payments.get("imp_1")) for _ in range(20)]
        assert [payment.imp_uid for payment in await asyncio.gather(*tasks)] == ["imp_1"] * 20

    with ThreadPoolExecutor(LOOPS) as pool:
        list(pool.map(lambda _: asyncio.run(calls()), range(LOOPS)))
    assert 1 <= len(v1.tokens) <= LOOPS
    assert len(set(v1.tokens)) == len(v1.tokens), "a loop asked twice"


def test_a_cancelled_leader_leaves_the_token_to_one_of_those_that_wait() -> None:
    v1 = SlowTokens()

    async def main() -> list[str]:
        under_way, gate = asyncio.Event(), asyncio.Event()

        async def asked() -> None:
            under_way.set()
            await gate.wait()

        v1.asked = asked
        client = AsyncPortOne(KEY, SECRET, transport=v1)
        leader = asyncio.create_task(client.payments.get("imp_1"))
        await under_way.wait()
        waiting = [asyncio.create_task(client.payments.get("imp_1")) for _ in range(5)]
        await asyncio.sleep(0)
        leader.cancel()
        waiting[0].cancel()
        gate.set()
        done = await asyncio.gather(leader, *waiting, return_exceptions=True)
        return [type(one).__name__ for one in done]

    assert asyncio.run(main()) == ["CancelledError", "CancelledError", *["Payment"] * 4]
    assert len(v1.tokens) == 2  # the cancelled one, and one more


def test_a_loop_that_stops_while_it_asks_keeps_no_other_loop_waiting() -> None:
    v1 = SlowTokens()
    client = AsyncPortOne(KEY, SECRET, transport=v1)

    async def for_ever() -> None:
        await asyncio.Event().wait()

    v1.asked = for_ever
    stopped = asyncio.new_event_loop()
    task = stopped.create_task(client.payments.get("imp_1"))
    while not v1.tokens:
        stopped.run_until_complete(asyncio.sleep(0))
    v1.asked = None

    async def other() -> str:
        return (await asyncio.wait_for(client.payments.get("imp_1"), 20)).imp_uid

    assert asyncio.run(other()) == "imp_1"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        stopped.run_until_complete(task)
    stopped.close()


def test_loops_that_take_turns_keep_their_connections() -> None:
    with RawServer() as server:
        client = AsyncPortOne(KEY, SECRET, base_url=server.url, max_retries=0)
        with asyncio.Runner() as one, asyncio.Runner() as two:
            for _ in range(3):
                for runner in (one, two):
                    runner.run(client.payments.get("imp_1"))
            assert server.connections == 2
            one.run(client.aclose())
            two.run(client.payments.get("imp_1"))
            assert server.connections == 2, "closing in one loop closed the other's connections"
            two.run(client.aclose())


def test_closed_loops_are_let_go() -> None:
    with RawServer() as server:
        client = AsyncPortOne(KEY, SECRET, base_url=server.url, max_retries=0)
        gone: list[weakref.ref[asyncio.AbstractEventLoop]] = []

        async def once() -> None:
            gone.append(weakref.ref(asyncio.get_running_loop()))
            await asyncio.gather(*(client.payments.get("imp_1") for _ in range(3)))
            await client.aclose()

        for _ in range(4):
            asyncio.run(once())
        gc.collect()
        assert sum(loop() is not None for loop in gone) <= 1
