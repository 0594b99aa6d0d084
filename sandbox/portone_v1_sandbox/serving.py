"""From settings to a running server, and from a signal to the end of the process."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Timer
from types import FrameType
from typing import Any, Final

from .configuration import assumptions_of, clock_of
from .control.webhooks import content_type_of
from .facade.sandbox import Sandbox
from .server import SandboxServer

__all__ = ["Signals", "collecting_less_often", "credentials_of", "sandbox_of", "server_of"]

GRACE: Final = 0.7
"""The process ends at most this many seconds after the signal."""


class Signals:
    """SIGINT and SIGTERM, from now on."""

    def __init__(self) -> None:
        # The lock of an Event could be held by this thread when the signal arrives.
        self._over: SimpleQueue[int] = SimpleQueue()
        signal.signal(signal.SIGINT, self._leave)
        signal.signal(signal.SIGTERM, self._leave)

    def wait(self) -> None:
        """Wait for one. The process ends soon after it, even if a window or a webhook still waits for the shop."""
        self._over.get()
        timer = Timer(GRACE, os._exit, [0])
        timer.daemon = True
        timer.start()

    def _leave(self, number: int, _frame: FrameType | None) -> None:
        self._over.put(number)


def credentials_of(settings: Mapping[str, Any]) -> str:
    """Show only the published ones: a log keeps what is written here."""
    published = (settings["imp_key"], settings["imp_secret"]) == ("sandbox_key", "sandbox_secret")
    return "imp_key=sandbox_key imp_secret=sandbox_secret" if published else "with the key and secret that were set"


def sandbox_of(settings: Mapping[str, Any]) -> Sandbox:
    """Return a sandbox with these settings. Raises SandboxStoreError, ValueError."""
    kind = settings["webhook_type"]
    return Sandbox(
        imp_key=settings["imp_key"],
        imp_secret=settings["imp_secret"],
        channels=settings["channels"],
        clock=clock_of(settings),
        strict=settings["strict"],
        muted_rules=settings["muted_rules"],
        partial_cancel_status=settings["partial_cancel_status"],
        unknown_billing_key_status=404 if settings["unknown_billing_key_status"] == "404" else 200,
        webhook_hosts=settings["webhook_hosts"],
        unknown_close_status=settings["unknown_close_status"],
        pg_rules=settings["pg_rules"],
        registered_tiers_only=settings["registered_tiers_only"],
        tiers=settings["tiers"],
        assumptions=assumptions_of(settings),
        db=settings["db"],
        webhook_url=settings["webhook"],
        webhook_test_url=settings["webhook_test"],
        webhook_content_type=None if kind is None else content_type_of(kind),
        webhook_repeats=settings["webhook_repeats"],
        webhook_escrow=settings["webhook_escrow"],
        allow_remote_webhooks=settings["allow_remote_webhooks"],
    )


def server_of(settings: Mapping[str, Any], sandbox: Sandbox) -> SandboxServer:
    """Return a server with these settings, not started yet."""
    return SandboxServer(
        sandbox,
        host=settings["host"],
        port=settings["port"],
        expose_to_network=settings["expose_to_network"],
        allowed_hosts=settings["allowed_hosts"],
    )


@contextmanager
def collecting_less_often() -> Generator[None]:
    """Look for garbage in cycles less often: there is next to none, and each search passes over every payment."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
