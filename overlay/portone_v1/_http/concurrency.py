"""The only code that differs between the two flavours: locks, sleep, and values of one process or event loop."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeAlias, TypeVar
from weakref import WeakKeyDictionary, WeakSet

if TYPE_CHECKING:
    import asyncio

__all__ = [
    "AsyncFunction",
    "AsyncLimiter",
    "AsyncLock",
    "AsyncPartial",
    "Function",
    "Limiter",
    "Lock",
    "Partial",
    "PerLoop",
    "PerProcess",
    "async_from_shop",
    "async_shielded",
    "async_sleep",
    "from_shop",
    "shielded",
    "sleep",
]

P = ParamSpec("P")
T = TypeVar("T")

Function: TypeAlias = Callable[P, T]
AsyncFunction: TypeAlias = Callable[P, Awaitable[T]]
Partial: TypeAlias = partial[T]
AsyncPartial: TypeAlias = partial[Coroutine[Any, Any, T]]

sleep = time.sleep


async def async_sleep(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


def from_shop(name: str, returned: T) -> T:
    """Return what a function of the shop returned. A coroutine would never run, and what it does would be lost."""
    if isinstance(returned, Coroutine):
        returned.close()
        raise TypeError(f"{name} must be a plain function: the synchronous client does not await `async def`")
    return returned


async def async_from_shop(name: str, returned: Awaitable[T]) -> T:
    """Await what a function of the shop returned."""
    from inspect import isawaitable

    if not isawaitable(returned):
        raise TypeError(f"{name} must be an `async def` function: the asynchronous client awaits it")
    return await returned


class Lock:
    """A lock for threads. In a child process it is unlocked: the thread that held it does not exist there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        _locks.add(self)

    def acquire(self) -> bool:
        return self._lock.acquire()

    def take(self, seconds: float | None) -> bool:
        """Take the lock if it becomes free within so many seconds. Return whether it did."""
        return self._lock.acquire(timeout=-1 if seconds is None else max(0.0, seconds))

    def release(self) -> None:
        self._lock.release()

    def renew(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class PerLoop(Generic[T]):
    """One value for each event loop, created when the loop first needs it; loops may run in several threads at once."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._values: WeakKeyDictionary[asyncio.AbstractEventLoop, T] = WeakKeyDictionary()
        self._mutex = Lock()
        _owners.add(self)

    def get(self) -> T:
        """Return the value of the running loop."""
        import asyncio

        loop = asyncio.get_running_loop()
        value = self._values.get(loop)
        if value is None:
            with self._mutex:
                # A value may refer to its loop, and would then keep its own weak key alive.
                for closed in [other for other in self._values if other.is_closed()]:
                    del self._values[closed]
                value = self._values.get(loop)
                if value is None:
                    value = self._values[loop] = self._make()
        return value

    def take(self) -> T | None:
        """Forget the running loop's value and return it."""
        import asyncio

        with self._mutex:
            return self._values.pop(asyncio.get_running_loop(), None)

    def renew(self) -> None:
        self._values = WeakKeyDictionary()


class PerProcess(Generic[T]):
    """One value for this process, made on first access. A child process makes its own."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._value: T | None = None
        self._mutex = Lock()
        _owners.add(self)

    def get(self) -> T:
        value = self._value
        if value is None:
            with self._mutex:
                value = self._value
                if value is None:
                    value = self._value = self._make()
        return value

    def take(self) -> T | None:
        """Forget the value and return it."""
        with self._mutex:
            value, self._value = self._value, None
        return value

    def renew(self) -> None:
        self._value = None


class AsyncLock:
    """A lock for tasks: one for each event loop, so that a loop that stops while it holds its lock blocks no other."""

    def __init__(self) -> None:
        import asyncio

        self._locks = PerLoop(asyncio.Lock)

    async def take(self, seconds: float | None) -> bool:
        """Take the lock if it becomes free within so many seconds. Return whether it did."""
        import asyncio

        try:
            async with asyncio.timeout(seconds):
                return await self._locks.get().acquire()
        except TimeoutError:
            return False

    def release(self) -> None:
        self._locks.get().release()


class Limiter:
    """A limited number of places, for threads."""

    def __init__(self, number: int) -> None:
        self._free = threading.Semaphore(number)

    def take(self, seconds: float | None) -> bool:
        """Take a place if one becomes free within so many seconds. Return whether one did."""
        return self._free.acquire(timeout=seconds)

    def give_back(self) -> None:
        self._free.release()


class AsyncLimiter:
    """A limited number of places for the tasks of one event loop. The task that has waited longest gets the next one.

    `asyncio.Semaphore` looks through all tasks that it has woken and that have not run yet: with hundreds of tasks, 87
    of them for each call.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting: deque[asyncio.Future[bool]] = deque()

    async def take(self, seconds: float | None) -> bool:
        """Take a place if one becomes free within so many seconds. Return whether one did."""
        if self._free:
            self._free -= 1
            return True
        import asyncio

        loop = asyncio.get_running_loop()
        place: asyncio.Future[bool] = loop.create_future()
        self._waiting.append(place)
        timer = None if seconds is None else loop.call_later(seconds, _give_up, place)
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.result():  # it got a place while it was being cancelled
                self.give_back()
            raise
        finally:
            if timer is not None:
                timer.cancel()

    def give_back(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(True)
                return
        self._free += 1


def _give_up(place: asyncio.Future[bool]) -> None:
    if not place.done():
        place.set_result(False)


def shielded() -> AbstractContextManager[object]:
    return nullcontext()


def async_shielded() -> AbstractContextManager[object]:
    """Return a context in which every await completes, even if the task is cancelled."""
    import anyio

    return anyio.CancelScope(shield=True)


_locks: WeakSet[Lock] = WeakSet()
_owners: WeakSet[PerLoop[Any] | PerProcess[Any]] = WeakSet()


def _renew() -> None:
    """Free a child process of its parent's connections, and of locks held by threads that it does not have."""
    for lock in list(_locks):
        lock.renew()
    for owner in list(_owners):
        owner.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
