"""Two clocks: the one that tests move, which the sandbox follows, and the machine's, by which threads wait.

freezegun and time-machine replace `time.time`, freezegun also `time.monotonic`. An event loop that reads a frozen clock
never wakes up, and any code that waits for its thread waits forever.
"""

from __future__ import annotations

import calendar
import sys
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

__all__ = ["monotonic", "run", "wall_time"]

T = TypeVar("T")

# In a container, because freezegun replaces functions that are attributes of a module, wherever they were imported.
_ORIGINAL: Final = (time.monotonic,)


def monotonic() -> float:
    """Return seconds that no test can stop."""
    if sys.platform != "win32":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    freezer = sys.modules.get("freezegun.api")
    real = getattr(freezer, "real_monotonic", _ORIGINAL[0])
    seconds: float = real()
    return seconds


def wall_time() -> float:
    """Return UNIX seconds, as this process sees them under freezegun or time-machine.

    freezegun gives the real time to threads (it looks for `threading` among the callers), so it is asked directly.
    """
    freezer = sys.modules.get("freezegun.api")
    if freezer is not None and getattr(freezer, "freeze_factories", None):
        frozen = freezer.get_current_time()
        seconds: float = calendar.timegm(frozen.timetuple()) + frozen.microsecond / 1e6
        return seconds
    return time.time()


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a new event loop whose timers go by the machine's clock."""
    from asyncio import Runner  # Loaded when there is a socket.

    with Runner(loop_factory=_new_loop) as runner:
        return runner.run(main)


def _new_loop() -> AbstractEventLoop:
    from asyncio import new_event_loop

    loop = new_event_loop()
    loop.time = monotonic  # type: ignore[method-assign]
    return loop
