"""`portone-v1-sandbox`: serve the sandbox until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from queue import SimpleQueue
from threading import Timer
from types import FrameType
from typing import Any, Final

from .configuration import add_flags, clock_of, read_configuration
from .control.webhooks import content_type_of
from .engine.coverage import claims_table, coverage_table
from .facade.sandbox import Sandbox
from .server import SandboxServer, SandboxServerError
from .storage.errors import SandboxStoreError

GRACE: Final = 0.7
"""The process ends at most this many seconds after the signal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(
        prog="portone-v1-sandbox", description="Run a local sandbox of PortOne REST API V1. No money moves."
    )
    add_flags(parser)
    parser.add_argument("--coverage", action="store_true", help="print the coverage and evidence table and exit")
    parser.add_argument("--claims", action="store_true", help="print the claims about V1 with their grades and exit")
    options = parser.parse_args(arguments)
    if options.claims:
        sys.stdout.write(claims_table())
        return 0
    if options.coverage:
        sys.stdout.write(coverage_table())
        return 0
    over: SimpleQueue[int] = SimpleQueue()  # The lock of an Event could be held by this thread when the signal arrives.

    def leave(number: int, _frame: FrameType | None) -> None:
        over.put(number)

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    try:
        settings = read_configuration(options, os.environ)
        with _sandbox(settings) as sandbox, _server(settings, sandbox) as server:
            sys.stdout.write(f"PortOne V1 sandbox on {server.url}, {_credentials(settings)}\n")
            sys.stdout.flush()
            over.get()
            _leave_in_time()
    except (SandboxServerError, SandboxStoreError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _leave_in_time() -> None:
    """End the process soon even if a window or a webhook still waits for the shop: executed requests are stored."""
    timer = Timer(GRACE, os._exit, [0])
    timer.daemon = True
    timer.start()


def _credentials(settings: Mapping[str, Any]) -> str:
    """Show only the published ones: a log keeps what is written here."""
    published = (settings["imp_key"], settings["imp_secret"]) == ("sandbox_key", "sandbox_secret")
    return "imp_key=sandbox_key imp_secret=sandbox_secret" if published else "with the key and secret that were set"


def _sandbox(settings: Mapping[str, Any]) -> Sandbox:
    kind = settings["webhook_type"]
    return Sandbox(
        imp_key=settings["imp_key"],
        imp_secret=settings["imp_secret"],
        channels=settings["channels"],
        clock=clock_of(settings),
        strict=settings["strict"],
        partial_cancel_status=settings["partial_cancel_status"],
        unknown_billing_key_status=404 if settings["unknown_billing_key_status"] == "404" else 200,
        webhook_hosts=settings["webhook_hosts"],
        unknown_close_status=settings["unknown_close_status"],
        pg_rules=settings["pg_rules"],
        registered_tiers_only=settings["registered_tiers_only"],
        db=settings["db"],
        webhook_url=settings["webhook"],
        webhook_test_url=settings["webhook_test"],
        webhook_content_type=None if kind is None else content_type_of(kind),
        webhook_repeats=settings["webhook_repeats"],
        webhook_escrow=settings["webhook_escrow"],
        allow_remote_webhooks=settings["allow_remote_webhooks"],
    )


def _server(settings: Mapping[str, Any], sandbox: Sandbox) -> SandboxServer:
    return SandboxServer(
        sandbox,
        host=settings["host"],
        port=settings["port"],
        expose_to_network=settings["expose_to_network"],
        allowed_hosts=settings["allowed_hosts"],
    )


if __name__ == "__main__":
    sys.exit(main())
