"""A worker that dies with SIGKILL, as its journal sees it: at one of its steps, and nothing of it comes after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from portone_v1.intents import Intent, MemoryStore

__all__ = ["STEPS", "KilledError", "MortalStore", "dies_at"]

STEPS = 5
"""More than a call takes: before and after its intent is committed, and the same for its outcome."""


class KilledError(BaseException):
    """Nobody catches it."""


_left: ContextVar[list[int] | None] = ContextVar("left", default=None)


@contextmanager
def dies_at(step: int | None) -> Iterator[None]:
    """Kill the worker of this thread or task at its n-th step, or never if None."""
    token = _left.set(None if step is None else [step])
    try:
        yield
    finally:
        _left.reset(token)


def _step() -> None:
    left = _left.get()
    if left is not None:
        left[0] -= 1
        if left[0] <= 0:
            raise KilledError


class MortalStore(MemoryStore):
    """One journal for all workers."""

    def begin(self, intent: Intent) -> bool:
        _step()
        begun = super().begin(intent)
        _step()
        return begun

    def save(self, intent: Intent) -> bool:
        _step()
        saved = super().save(intent)
        _step()
        return saved
