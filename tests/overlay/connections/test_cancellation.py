"""A call that is interrupted gives the token's lock back: the others still get their token."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from portone_v1 import AsyncPortOne, PortOne

from tests.overlay.harness import (
    KEY,
    SECRET,
    AiohttpFlavour,
    AsyncFlavour,
    Flavour,
    Recorded,
    ScriptedV1,
    flavours,
    payment,
)
from tests.overlay.raw_server import RawRequest, RawServer, http_answer, payment_answer

flavour = flavours(AsyncFlavour, AiohttpFlavour)


def test_a_cancelled_fetch_leaves_the_token_to_the_others(v1: ScriptedV1) -> None:
    async def run() -> None:
        client = AsyncPortOne(KEY, SECRET, transport=v1)
        fetching, never = asyncio.Event(), asyncio.Event()

        async def hang_once(request: Recorded) -> None:
            if request.path == "/users/getToken" and len(v1.token_calls) == 1:
                fetching.set()
                await never.wait()

        v1.before_async = hang_once
        first = asyncio.create_task(client.payments.get("imp_1"))
        await fetching.wait()
        others = [asyncio.create_task(client.payments.get(f"imp_{n}")) for n in range(20)]
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        answers = await asyncio.wait_for(asyncio.gather(*others), 30)
        assert len(answers) == 20
        assert len(v1.token_calls) == 2

    asyncio.run(run())


def test_a_cancelled_waiter_takes_nothing_with_it(v1: ScriptedV1) -> None:
    async def run() -> None:
        client = AsyncPortOne(KEY, SECRET, transport=v1)
        fetching, go_on = asyncio.Event(), asyncio.Event()

        async def hang(request: Recorded) -> None:
            if request.path == "/users/getToken":
                fetching.set()
                await go_on.wait()

        v1.before_async = hang
        first = asyncio.create_task(client.payments.get("imp_1"))
        await fetching.wait()
        waiting = [asyncio.create_task(client.payments.get("imp_2")) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        go_on.set()
        await asyncio.wait_for(asyncio.gather(first, *waiting[1:]), 30)
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
        assert len(v1.token_calls) == 1

    asyncio.run(run())


def test_a_timeout_around_a_call_does_not_lock_the_client(v1: ScriptedV1) -> None:
    async def run() -> None:
        client = AsyncPortOne(KEY, SECRET, transport=v1)
        never = asyncio.Event()

        async def hang_once(request: Recorded) -> None:
            if len(v1.requests) == 1:
                await never.wait()

        v1.before_async = hang_once
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await client.payments.get("imp_1")
        assert (await client.payments.get("imp_1")).imp_uid == "imp_1"

    asyncio.run(run())


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("where", ["/users/getToken", "/payments/imp_1"])
def test_an_interrupted_thread_leaves_the_token_to_the_others(
    v1: ScriptedV1, interruption: type[BaseException], where: str
) -> None:
    client = PortOne(KEY, SECRET, transport=v1)

    def interrupt_once(request: Recorded) -> None:
        if request.path == where and len([r for r in v1.requests if r.path == where]) == 1:
            raise interruption

    v1.before = interrupt_once
    with pytest.raises(interruption):
        client.payments.get("imp_1")
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(client.payments.get("imp_1"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 8
    assert len(v1.token_calls) == (2 if where == "/users/getToken" else 1)


@pytest.mark.parametrize("begun", [False, True], ids=["before the answer", "in the answer"])
def test_the_connection_of_a_cancelled_call_is_not_used_again(flavour: Flavour, *, begun: bool) -> None:
    arrived, go_on = threading.Event(), threading.Event()
    late = http_answer(payment(imp_uid="imp_late").body)

    def respond(request: RawRequest) -> bytes:
        if "imp_late" not in request.target:
            return payment_answer(request)
        if begun:
            server.push(late[:100])
        arrived.set()
        assert go_on.wait(20)
        return late[100:] if begun else late

    with RawServer(respond) as server:
        client = flavour.client(base_url=server.url, max_retries=0)

        async def cancel_it() -> str:
            call = asyncio.create_task(client.raw.payments.get("imp_late"))
            await asyncio.to_thread(arrived.wait, 20)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            go_on.set()
            found: str = (await client.raw.payments.get("imp_1")).imp_uid
            return found

        assert flavour.run(cancel_it) == "imp_1"
        client.close()
    assert [request.connection for request in server.requests] == [1, 1, 2]
