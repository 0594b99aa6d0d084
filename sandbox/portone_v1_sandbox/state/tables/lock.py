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

    @contextmanager
    def hold(self, *, read_only: bool = False) -> Generator[bool]:
        """Hold the lock; the value says whether this is the outermost hold of the thread.

        Records that are read under `read_only=True` need not be compared with what is stored.
        """
        with self._lock:
            before, self._is_read_only = self._is_read_only, read_only
            self._depth += 1
            try:
                yield self._depth == 1
            finally:
                self._depth -= 1
                self._is_read_only = before
