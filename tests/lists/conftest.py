"""A sandbox with three hundred days of payments, and both flavours of the client over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Callable, Iterator
from typing import Any

import pytest
from portone_v1_sandbox import Sandbox, SandboxClock

START = 1_767_225_600  # 2026-01-01 09:00 KST

Collect = Callable[[Callable[[Any], Any]], list[Any]]
Watch = Callable[[Callable[[Any], Any], Callable[[Any], object]], list[Any]]


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(clock=SandboxClock(START))


@pytest.fixture(params=["sync", "async"])
def collect(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Collect]:
    """Return a function that returns what an iterator yields.

    `collect(lambda client: client.payments.iter_search(...))`
    """
    if request.param == "sync":
        client = sandbox.client(max_retries=0)
        yield lambda walk: [*walk(client)]
        return
    asynchronous = sandbox.async_client(max_retries=0)
    with asyncio.Runner() as runner:

        async def every(walk: Callable[[Any], Any]) -> list[Any]:
            return [item async for item in walk(asynchronous)]

        yield lambda walk: runner.run(every(walk))


@pytest.fixture(params=["sync", "async"])
def watch(request: pytest.FixtureRequest, sandbox: Sandbox) -> Watch:
    """Return a function that iterates, acts on each item, and returns all.

    `watch(lambda client: client.payments.iter_search(...), act)`
    """

    def at_once(walk: Callable[[Any], Any], act: Callable[[Any], object]) -> list[Any]:
        found = []
        for item in walk(sandbox.client(max_retries=0)):
            found.append(item)
            act(item)
        return found

    async def one_by_one(items: AsyncIterable[Any], act: Callable[[Any], object]) -> list[Any]:
        found = []
        async for item in items:
            found.append(item)
            act(item)
            await asyncio.sleep(0)
        return found

    if request.param == "sync":
        return at_once
    return lambda walk, act: asyncio.run(one_by_one(walk(sandbox.async_client(max_retries=0)), act))


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Callable[[Callable[[Any], Any]], Any]]:
    """Return a function that returns the answer of a call: `call(lambda client: client.payments.get_all(...))`."""
    if request.param == "sync":
        client = sandbox.client(max_retries=0)
        yield lambda method: method(client)
        return
    asynchronous = sandbox.async_client(max_retries=0)
    with asyncio.Runner() as runner:

        async def answer(method: Callable[[Any], Any]) -> Any:
            return await method(asynchronous)

        yield lambda method: runner.run(answer(method))
