"""Re-entrant lock around the state of a sandbox."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from threading import RLock

__all__ = ["StateLock"]


class StateLock:
    """A lock that one thread may take several times, each time for reading only or for changes."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._depth = 0
        self._is_read_only = False

    @property
    def is_read_only(self) -> bool:
        """Whether the holder has promised to change nothing."""
        return self._is_read_only

    @property
    def is_outermost(self) -> bool:
        """Whether the holder has taken it once."""
        return self._depth == 1

    def take(self, *, read_only: bool = False) -> bool:
        """Take the lock and return what `leave` needs.

        Records that are read under `read_only=True` need not be compared with what is stored.
        """
        self._lock.acquire()
        before, self._is_read_only = self._is_read_only, read_only
        self._depth += 1
        return before

    def leave(self, before: bool) -> None:  # noqa: FBT001 - what `take` returned
        """Release the lock once."""
        self._depth -= 1
        self._is_read_only = before
        self._lock.release()

    @contextmanager
    def hold(self) -> Generator[None]:
        """Hold the lock."""
        before = self.take()
        try:
            yield
        finally:
            self.leave(before)
