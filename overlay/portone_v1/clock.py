"""Time, to be replaced in tests: `PortOne(clock=…)`."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import Protocol

__all__ = ["AsyncClock", "AsyncSystemClock", "Clock", "SystemClock"]


class Clock(Protocol):
    """Time source of `PortOne(clock=…)`."""

    def time(self) -> float:
        """UNIX seconds. No verdict rests on it: those go by V1's clock."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    def sleep(self, seconds: float, /) -> None: ...


class AsyncClock(Protocol):
    """Time source of `AsyncPortOne(clock=…)`; `sleep` is awaited."""

    def time(self) -> float: ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float, /) -> Awaitable[None]: ...


class SystemClock:
    """The clock of this machine."""

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class AsyncSystemClock:
    """The clock of this machine, for event loops."""

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        import asyncio

        await asyncio.sleep(seconds)
