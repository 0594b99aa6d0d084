"""The lock around a sandbox, which knows when the last of its holders lets go."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import RLock
from types import TracebackType

__all__ = ["Guard"]


class Guard:
    """A lock that one thread may take several times.

    `before_release` runs before the outermost holder lets go, so that whatever was answered under the lock is safe
    by then; `after_release` runs without the lock.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._depth = 0
        self._only_looking = False
        self.before_release: Callable[[], object] = _nothing
        self.after_release: Callable[[], object] = _nothing

    @property
    def only_looking(self) -> bool:
        """Whether the holder has promised to change nothing."""
        return self._only_looking

    @contextmanager
    def looking(self, promised: bool) -> Generator[None, None, None]:  # noqa: FBT001 - `looking(operation.safe)` reads as it is meant
        """What is read inside needs no second look when the lock is let go. Held already."""
        before, self._only_looking = self._only_looking, promised
        try:
            yield
        finally:
            self._only_looking = before

    def __enter__(self) -> None:
        self._lock.acquire()
        self._depth += 1

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        outermost = self._depth == 1
        try:
            if outermost:
                self.before_release()
        finally:
            self._depth -= 1
            self._lock.release()
        if outermost:
            self.after_release()


def _nothing() -> None:
    return
