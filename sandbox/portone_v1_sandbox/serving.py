"""Start a server from settings, and end the process at a signal."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from threading import Timer
from typing import Any, Final

from portone_v1.contrib.signals import StopSignals

from .configuration import assumptions_of, clock_of
from .control.webhooks import content_type_of
from .facade.sandbox import Sandbox
from .server import SandboxServer

__all__ = ["collecting_less_often", "credentials_of", "sandbox_of", "serve_until", "server_of"]

GRACE: Final = 0.7
"""The process ends at most this many seconds after the signal."""


def serve_until(signals: StopSignals) -> None:
    """Wait for a signal. The process ends soon after it, even if a window or a webhook still waits for the shop."""
    signals.wait()
    timer = Timer(GRACE, os._exit, [0])
    timer.daemon = True
    timer.start()


def credentials_of(settings: Mapping[str, Any]) -> str:
    """Return the credentials for the first line of output. Only the published ones are shown: logs keep that line."""
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
    """Collect cyclic garbage less often: there is next to none, and each search passes over every payment."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
