"""The time source, which tests can replace: `PortOne(clock=…)`."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import Final, Protocol

__all__ = ["AsyncClock", "AsyncSystemClock", "Clock", "SystemClock"]


class Clock(Protocol):
    """Time source of `PortOne(clock=…)`."""

    def time(self) -> float:
        """Return UNIX seconds. No verdict uses them: verdicts use V1's clock."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back, and that count the time for which the machine slept."""
        ...

    def sleep(self, seconds: float, /) -> None: ...


class AsyncClock(Protocol):
    """Time source of `AsyncPortOne(clock=…)`; `sleep` is awaited."""

    def time(self) -> float: ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float, /) -> Awaitable[None]: ...


STEADY: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def steady() -> float:
    """Return seconds that pass while the machine sleeps, too, if it has such a clock (Linux, macOS).

    By Linux's `time.monotonic`, a write that was prepared before the machine was suspended would look fresh when it
    wakes up, long after another process has found no trace of the write.
    """
    return time.monotonic() if STEADY is None else time.clock_gettime(STEADY)


class SystemClock:
    """The clock of this machine."""

    def time(self) -> float:
        return time.time()

    monotonic = staticmethod(steady)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class AsyncSystemClock:
    """The clock of this machine, for event loops."""

    def time(self) -> float:
        return time.time()

    monotonic = staticmethod(steady)

    async def sleep(self, seconds: float) -> None:
        import asyncio

        await asyncio.sleep(seconds)
