"""The sandbox's own time."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Self

__all__ = ["SandboxClock"]


class SandboxClock:
    """UNIX seconds that can be moved forward, never back. It runs in real time unless it is frozen."""

    def __init__(self, at: int | None = None, *, frozen: bool = False) -> None:
        if at is not None and at < 1:
            raise ValueError("the clock must start after the epoch: V1 encodes 'not yet' as 0")
        self._lock = Lock()
        self._at = float(time.time() if at is None else at)
        self._since = None if frozen else time.monotonic()
        self._watchers: list[Callable[[], object]] = []

    @classmethod
    def frozen_at(cls, at: int) -> Self:
        """Return a clock that stands still until it is moved."""
        return cls(at, frozen=True)

    @property
    def frozen(self) -> bool:
        return self._since is None

    def now(self) -> int:
        """Return UNIX seconds."""
        with self._lock:
            return int(self._reading())

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> int:
        """Move forward and return the new time. Raises ValueError for a negative step."""
        step = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        if not 0 <= step < 10**10:
            raise ValueError("the clock can only move forward, within its supported range")
        with self._lock:
            self._at += step
            now = int(self._reading())
        for watcher in tuple(self._watchers):
            watcher()
        return now

    def watch(self, watcher: Callable[[], object]) -> None:
        """Call `watcher` after each move of the clock, in the thread that moved it."""
        self._watchers.append(watcher)

    def reading(self) -> dict[str, int]:
        """Return the arguments for `going_on`."""
        with self._lock:
            if self._since is None:
                return {"frozen_at": int(self._reading())}
            return {"ahead": round(self._reading() - time.time())}

    @classmethod
    def going_on(cls, *, frozen_at: int | None = None, ahead: int = 0) -> Self:
        """Return a clock that continues another one, the time since then included."""
        if frozen_at is not None:
            return cls.frozen_at(frozen_at)
        return cls(int(time.time()) + ahead) if ahead else cls()

    def freeze(self) -> None:
        """Stand still from now on."""
        with self._lock:
            self._at = self._reading()
            self._since = None

    def run(self) -> None:
        """Run in real time again."""
        with self._lock:
            if self._since is None:
                self._since = time.monotonic()

    def _reading(self) -> float:
        return self._at if self._since is None else self._at + time.monotonic() - self._since
