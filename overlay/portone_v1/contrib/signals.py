"""Wait for Ctrl-C and SIGTERM in a worker."""

from __future__ import annotations

import select
import signal
import socket
from types import FrameType
from typing import Final, Self

__all__ = ["StopSignals"]

ENDING: Final = (signal.SIGINT, signal.SIGTERM)


class StopSignals:
    """A context manager: while it is open, SIGINT and SIGTERM do not end the process, and `wait` returns.

    For the main thread only, as `signal.signal` is.
    """

    # The interpreter writes the number of each signal into the socket as it arrives. A queue misses one that arrives
    # just before the wait: a handler runs only when the main thread runs Python again, and that is after the wait.
    # A handler that sets an Event can find its lock held by the very thread that it interrupts.

    def __enter__(self) -> Self:
        self._arrived, self._wakeup = socket.socketpair()
        self._wakeup.setblocking(False)  # noqa: FBT003  as the standard library has it
        self._fd_before = signal.set_wakeup_fd(self._wakeup.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _do_nothing) for number in ENDING}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._fd_before)
        self._arrived.close()
        self._wakeup.close()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for a signal, at most so many seconds. Return whether one has arrived, now or earlier."""
        ready, _, _ = select.select([self._arrived], [], [], seconds)
        return bool(ready)


def _do_nothing(_number: int, _frame: FrameType | None) -> None:
    """Handle a signal by doing nothing: without a handler, SIGTERM would end the process at once."""
