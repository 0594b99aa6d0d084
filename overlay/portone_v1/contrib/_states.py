"""Which changes of state were handled already, so that a handler is called once for each.

A webhook may come twice, at once or a day later. The mark and what the handler does belong into one transaction.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from threading import Lock
from types import TracebackType
from typing import Final, Protocol

__all__ = ["AsyncStates", "MemoryStates", "States"]

LONGEST_WAIT: Final = 10.0
"""Seconds that a delivery waits for another one of the same change, before it gives way and fails."""


class States(Protocol):
    """A store of handled changes, for handlers that are ordinary functions."""

    def claim(self, key: str, /) -> AbstractContextManager[bool]:
        """Whether the change is to be handled now, by the block.

        False where it was handled before. Leaving the block marks it as handled, together with what the handler wrote;
        an exception leaves it unmarked. Of two at the same time, one waits for the other or raises.
        """
        ...


class AsyncStates(Protocol):
    """`States` for handlers that are coroutine functions."""

    def claim(self, key: str, /) -> AbstractAsyncContextManager[bool]:
        """See `States.claim`."""
        ...


class MemoryStates:
    """For one process, for as long as it lives. Serves as `States` and as `AsyncStates`.

    Fit for tests and for a handler that may well be called twice. Where money hangs on it, or where there are several
    workers, the marks belong into the database of the orders.

    Args:
        size: how many handled changes are remembered; the oldest are forgotten first.
    """

    def __init__(self, size: int = 100_000) -> None:
        if size < 1:
            raise ValueError("size must be >= 1")
        self._size = size
        self._lock = Lock()
        self._handled: OrderedDict[str, None] = OrderedDict()
        self._under_way: dict[str, Future[None]] = {}

    def claim(self, key: str, /) -> _Claim:
        return _Claim(self, key)

    def __len__(self) -> int:
        """How many handled changes are remembered."""
        return len(self._handled)

    def begin(self, key: str) -> bool | Future[None]:
        """Whether it is to be handled; or what to wait for before asking again."""
        with self._lock:
            if key in self._handled:
                return False
            if (other := self._under_way.get(key)) is not None:
                return other
            self._under_way[key] = Future()
            return True

    def end(self, key: str, *, handled: bool) -> None:
        with self._lock:
            if handled:
                self._handled[key] = None
                while len(self._handled) > self._size:
                    self._handled.popitem(last=False)
            done = self._under_way.pop(key)
        done.set_result(None)


class _Claim(AbstractContextManager[bool], AbstractAsyncContextManager[bool]):
    def __init__(self, states: MemoryStates, key: str) -> None:
        self._states = states
        self._key = key
        self._mine = False

    def __enter__(self) -> bool:
        while isinstance(begun := self._states.begin(self._key), Future):
            try:
                begun.result(LONGEST_WAIT)
            except FutureTimeoutError:
                raise TimeoutError("another delivery of the same event is still being processed") from None
        self._mine = begun
        return begun

    async def __aenter__(self) -> bool:
        while isinstance(begun := self._states.begin(self._key), Future):
            done, _ = await asyncio.wait({asyncio.wrap_future(begun)}, timeout=LONGEST_WAIT)
            if not done:
                raise TimeoutError("another delivery of the same event is still being processed")
        self._mine = begun
        return begun

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._mine:
            self._states.end(self._key, handled=kind is None)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)
