"""From settings to a running server, and from a signal to the end of the process."""

from __future__ import annotations

import gc
import os
import signal
import socket
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from threading import Timer
from types import FrameType
from typing import Any, Final, Self

from .configuration import assumptions_of, clock_of
from .control.webhooks import content_type_of
from .facade.sandbox import Sandbox
from .server import SandboxServer

__all__ = ["Signals", "collecting_less_often", "credentials_of", "sandbox_of", "server_of"]

GRACE: Final = 0.7
"""The process ends at most this many seconds after the signal."""


class Signals:
    """SIGINT and SIGTERM, while it is open."""

    def __init__(self) -> None:
        # The interpreter writes the number of each signal as it arrives. A lock or a queue would miss one that arrives
        # just before the wait: a handler runs only when the main thread runs Python again, which is after the wait.
        self._arrived, self._wakeup = socket.socketpair()

    def __enter__(self) -> Self:
        self._wakeup.setblocking(False)  # noqa: FBT003  as the standard library has it
        signal.set_wakeup_fd(self._wakeup.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        self._arrived.close()
        self._wakeup.close()

    def wait(self) -> None:
        """Wait for one. The process ends soon after it, even if a window or a webhook still waits for the shop."""
        self._arrived.recv(1)
        timer = Timer(GRACE, os._exit, [0])
        timer.daemon = True
        timer.start()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: without a handler the signal would end the process at once."""


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
