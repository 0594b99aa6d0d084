"""Ctrl-C and SIGTERM during a write: they interrupt the call once, and never the printing of its outcome."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from portone_v1.events import Event

__all__ = ["SentWrites", "interrupted_once", "signals_kept"]

STOPPING: Final = (signal.SIGINT, signal.SIGTERM)
"""Signals of Ctrl-C, and of `timeout 30 portone-v1 …`, systemd and a stopping container."""


class SentWrites:
    """A callback for `on_event` that notes whether a request that changes something has begun to be sent."""

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
    """Raise KeyboardInterrupt for the first signal. Later ones do nothing: the outcome is still to be printed."""
    _set(_first)
    try:
        yield
    finally:
        _set(signal.SIG_IGN)


@contextmanager
def signals_kept() -> Generator[None]:
    """Restore the earlier signal handlers, for a program that continues after the command."""
    before: dict[signal.Signals, Any] = {number: signal.getsignal(number) for number in STOPPING}
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            for number, handler in before.items():
                if handler is not None:
                    signal.signal(number, handler)


def _set(handler: Any) -> None:
    """Set the handler, except in another thread, or if the shell ignores the signal (`nohup`, `&` in a script)."""
    if threading.current_thread() is threading.main_thread():
        for number in STOPPING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, handler)


def _first(_number: int, _frame: FrameType | None) -> None:
    _set(signal.SIG_IGN)
    raise KeyboardInterrupt
