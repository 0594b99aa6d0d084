"""Helpers for the contracts of both kinds of stores: many threads at once, and an asynchronous store that blocks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from threading import Barrier, Thread
from typing import Generic, TypeVar

__all__ = ["BlockingStore", "at_once"]

S = TypeVar("S")
T = TypeVar("T")


def at_once(task: Callable[[int], object], workers: int) -> list[int]:
    """Run a task in many threads at the same time, and return the numbers of those whose result was true."""
    barrier, winners, failures = Barrier(workers), list[int](), list[BaseException]()

    def run(number: int) -> None:
        try:
            barrier.wait(30)
            if task(number):
                winners.append(number)
        except BaseException as failure:  # raised below, in the thread of the test
            failures.append(failure)

    threads = [Thread(target=run, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return winners


class BlockingStore(Generic[S]):
    """An asynchronous store whose calls run in one event loop, in a thread of its own."""

    def __init__(self, store: S) -> None:
        self._store = store
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, awaitable: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await awaitable

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result()
