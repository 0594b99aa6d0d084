"""The sandbox's own time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from threading import Lock
from typing import Any, Final, Self

from ...wire.real_time import wall_time

__all__ = ["FASTEST", "SandboxClock", "time_of"]

KST: Final = timezone(timedelta(hours=9))

FASTEST: Final = 10**6
"""Seconds that may pass in one second."""


class SandboxClock:
    """UNIX seconds that can be moved forward, never back behind what has happened.

    Times are given as aware datetimes, `datetime(2026, 3, 1, 9, tzinfo=KST)`, or as UNIX seconds.

    Unless it is frozen it runs with `time.time()`, `rate` times as fast: freezegun and time-machine move it, also back,
    as long as nothing has been stored. `SandboxClock.frozen_at(...)` follows nobody.
    """

    def __init__(self, at: datetime | int | None = None, *, frozen: bool = False, rate: float = 1.0) -> None:
        start = None if at is None else _seconds(at)
        if start is not None and start < 1:
            raise ValueError("the clock must start after the epoch: V1 encodes 'not yet' as 0")
        self._lock = Lock()
        self._since = wall_time()
        self._at = self._since if start is None else float(start)
        self._frozen = frozen
        self._rate = _checked_rate(rate)
        self._happened = 0
        self._watchers: list[Callable[[], object]] = []

    @classmethod
    def frozen_at(cls, at: datetime | int) -> Self:
        """Return a clock that does not move until it is moved."""
        return cls(at, frozen=True)

    @property
    def frozen(self) -> bool:
        return self._frozen

    @property
    def rate(self) -> float:
        """Seconds that pass in one second, while it runs."""
        return self._rate

    def now(self) -> int:
        """Return UNIX seconds."""
        with self._lock:
            return int(self._reading())

    def moment(self) -> float:
        """Return UNIX seconds with their fraction."""
        with self._lock:
            return self._reading()

    def keep(self, now: int) -> None:
        """Record that something happened at this time: the clock does not go back behind it."""
        with self._lock:
            self._happened = max(self._happened, now)

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> int:
        """Move forward and return the new time. Raises ValueError for a negative step."""
        step = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        if not 0 <= step < 10**10:
            raise ValueError("the clock can only move forward, within its supported range")
        with self._lock:
            self._at, self._since = self._reading() + step, wall_time()
            now = int(self._at)
        self._moved()
        return now

    def set(self, at: datetime | int) -> int:
        """Set the time and return it. Raises ValueError for a time before something that has happened."""
        start = _seconds(at)
        with self._lock:
            if not 1 <= start < 10**11:
                raise ValueError("the clock must start after the epoch: V1 encodes 'not yet' as 0")
            if start < self._happened:
                raise ValueError("the clock cannot go back behind what has happened; reset the sandbox first")
            self._at, self._since = float(start), wall_time()
        self._moved()
        return start

    def watch(self, watcher: Callable[[], object]) -> None:
        """Call `watcher` after each move of the clock, in the thread that moved it."""
        self._watchers.append(watcher)

    def reading(self) -> dict[str, Any]:
        """Return the arguments for `going_on`."""
        with self._lock:
            if self._frozen:
                return {"frozen_at": int(self._reading())}
            ahead = round(self._reading() - wall_time())
            return {"ahead": ahead} if self._rate == 1 else {"ahead": ahead, "rate": self._rate}

    @classmethod
    def going_on(cls, *, frozen_at: int | None = None, ahead: int = 0, rate: float = 1.0) -> Self:
        """Return a clock that continues another one, and has advanced by the time since then."""
        if frozen_at is not None:
            return cls.frozen_at(frozen_at)
        return cls(int(wall_time()) + ahead if ahead else None, rate=rate)

    def continue_as(self, *, frozen_at: int | None = None, ahead: int = 0, rate: float = 1.0) -> None:
        """Continue the clock that `reading` was taken from, even back in time, as everything else is restored, too."""
        with self._lock:
            self._since = wall_time()
            self._at = self._since + ahead if frozen_at is None else float(frozen_at)
            self._frozen, self._rate, self._happened = frozen_at is not None, rate, 0

    def freeze(self) -> None:
        """Stop at the current time."""
        with self._lock:
            self._at, self._frozen = self._reading(), True

    def run(self, rate: float | None = None) -> None:
        """Run again, `rate` times as fast as real time. Default: as fast as before."""
        checked = self._rate if rate is None else _checked_rate(rate)
        with self._lock:
            self._at, self._since = self._reading(), wall_time()
            self._frozen, self._rate = False, checked

    def forget(self) -> None:
        """Forget what has happened: the sandbox is new."""
        with self._lock:
            self._happened = 0

    def _moved(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()

    def _reading(self) -> float:
        passed = 0.0 if self._frozen else (wall_time() - self._since) * self._rate
        return max(self._at + passed, float(self._happened), 1.0)


def time_of(date: str) -> int:
    """Return the UNIX seconds of `2026-03-01T09:00`, in Korea, or of UNIX seconds. Raises ValueError."""
    if date.isascii() and date.isdigit():
        return int(date)
    at = datetime.fromisoformat(date)
    return int((at if at.tzinfo else at.replace(tzinfo=KST)).timestamp())


def _seconds(at: object) -> int:
    if isinstance(at, datetime):
        if at.utcoffset() is None:
            raise ValueError("the clock needs an aware datetime: add tzinfo=portone_v1.KST")
        return int(at.timestamp())
    if isinstance(at, bool) or not isinstance(at, int):
        raise TypeError(f"the clock takes an aware datetime or UNIX seconds, not {type(at).__name__}")
    return at


def _checked_rate(rate: float) -> float:
    if not 0 < rate <= FASTEST:
        raise ValueError(f"the rate of the clock must be above 0 and at most {FASTEST}")
    return float(rate)
