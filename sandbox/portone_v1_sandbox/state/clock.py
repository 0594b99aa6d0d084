"""The sandbox's own time."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Self

__all__ = ["SandboxClock"]


class SandboxClock:
    """UNIX seconds that can be moved on, never back. It runs like the real time unless it is frozen."""

    def __init__(self, at: int | None = None, *, frozen: bool = False) -> None:
        if at is not None and at < 1:
            raise ValueError("V1 writes 0 for a time that has not come, so the clock starts later")
        self._lock = Lock()
        self._at = float(time.time() if at is None else at)
        self._since = None if frozen else time.monotonic()
        self._watchers: list[Callable[[], object]] = []

    @classmethod
    def frozen_at(cls, at: int) -> Self:
        """A clock that stands still until it is moved."""
        return cls(at, frozen=True)

    @property
    def frozen(self) -> bool:
        return self._since is None

    def now(self) -> int:
        """UNIX seconds."""
        with self._lock:
            return int(self._reading())

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> int:
        """Moves on and answers the new time. Raises ValueError for a way back."""
        step = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        if not 0 <= step < 10**10:
            raise ValueError("the clock only moves on, and not for ever")
        with self._lock:
            self._at += step
            now = int(self._reading())
        for watcher in tuple(self._watchers):
            watcher()
        return now

    def watch(self, watcher: Callable[[], object]) -> None:
        """Calls `watcher` each time after the clock was moved, in the thread that moved it."""
        self._watchers.append(watcher)

    def reading(self) -> dict[str, int]:
        """What `going_on` needs."""
        with self._lock:
            if self._since is None:
                return {"frozen_at": int(self._reading())}
            return {"ahead": round(self._reading() - time.time())}

    @classmethod
    def going_on(cls, *, frozen_at: int | None = None, ahead: int = 0) -> Self:
        """A clock that stands or runs as another one did, the time in between included."""
        if frozen_at is not None:
            return cls.frozen_at(frozen_at)
        return cls(int(time.time()) + ahead) if ahead else cls()

    def freeze(self) -> None:
        """Stands still from now on."""
        with self._lock:
            self._at = self._reading()
            self._since = None

    def run(self) -> None:
        """Goes on like the real time."""
        with self._lock:
            if self._since is None:
                self._since = time.monotonic()

    def _reading(self) -> float:
        return self._at if self._since is None else self._at + time.monotonic() - self._since
