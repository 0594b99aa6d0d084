"""One transaction: the lock is held, and the outermost one commits."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from ..state.tables.lock import StateLock

__all__ = ["Transaction"]


class Transaction:
    """A context manager for one use.

    It is a class because a request opens four of them, and a generator costs more than twice as much.
    """

    __slots__ = ("_before", "_commit", "_lock", "_read_only", "_wake")

    def __init__(
        self, lock: StateLock, commit: Callable[[], bool], wake: Callable[[], None], *, read_only: bool
    ) -> None:
        self._lock, self._commit, self._wake, self._read_only = lock, commit, wake, read_only
        self._before = False

    def __enter__(self) -> None:
        self._before = self._lock.take(read_only=self._read_only)

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        is_due = False
        try:
            if self._lock.is_outermost:
                is_due = self._commit()
        finally:
            self._lock.leave(self._before)
        if is_due:
            self._wake()
