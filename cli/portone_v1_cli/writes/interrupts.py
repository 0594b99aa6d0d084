"""Ctrl-C around a write: it interrupts the call once, and never the printing of its outcome."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from portone_v1.events import Event

__all__ = ["SentWrites", "interrupted_once", "signals_kept"]


class SentWrites:
    """For `on_event`: whether a request that changes something has begun to leave."""

    def __init__(self) -> None:
        self.began = False
        self._writes: set[str] = set()

    def __call__(self, event: Event) -> None:
        if event.kind == "call_started" and not event.safe:
            self._writes.add(event.request_id)
        elif event.kind == "request_started" and event.request_id in self._writes:
            self.began = True


@contextmanager
def interrupted_once() -> Generator[None]:
    """Raise KeyboardInterrupt for the first Ctrl-C inside. Later ones do nothing: an outcome is still to be printed."""
    if _is_changeable():
        signal.signal(signal.SIGINT, _first)
    try:
        yield
    finally:
        if _is_changeable():
            signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def signals_kept() -> Generator[None]:
    """Restore what Ctrl-C did before, for a program that goes on after the command."""
    before: Any = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread() and before is not None:
            signal.signal(signal.SIGINT, before)


def _is_changeable() -> bool:
    """Not in another thread, and not where the shell has ignored it (`nohup`, `&` in a script)."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return threading.current_thread() is threading.main_thread() and not ignored


def _first(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt
