"""`python -m portone_v1_sandbox`: serve the sandbox until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from queue import SimpleQueue
from types import FrameType

from .control.webhooks import content_type_of
from .engine.coverage import coverage_table
from .facade.sandbox import Sandbox
from .server import SandboxServer, SandboxServerError
from .storage.errors import SandboxStoreError


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m portone_v1_sandbox", description="Run a local sandbox of PortOne REST API V1. No money moves."
    )
    parser.add_argument("--host", default="127.0.0.1", help="bind address (default: loopback only)")
    parser.add_argument("--port", type=int, default=8765, help="port; 0 picks a free one (default: 8765)")
    parser.add_argument("--coverage", action="store_true", help="print the coverage and evidence table and exit")
    parser.add_argument(
        "--expose-to-network",
        action="store_true",
        help="allow a --host other machines can reach; they can control the sandbox",
    )
    parser.add_argument("--db", metavar="FILE", help="persist state in an SQLite file (default: in memory)")
    parser.add_argument("--webhook", metavar="URL", help="webhook URL")
    parser.add_argument("--webhook-test", metavar="URL", help="webhook URL for test channels")
    parser.add_argument("--webhook-type", choices=("json", "form"), help="webhook body format (default: json)")
    parser.add_argument(
        "--webhook-repeats",
        action="store_true",
        default=None,
        help="retry up to five times, one minute apart, after a network error or 5xx",
    )
    parser.add_argument(
        "--webhook-escrow",
        action="store_true",
        default=None,
        help="also send INICIS escrow events",
    )
    parser.add_argument("--allow-remote-webhooks", action="store_true", help="allow webhook URLs on other machines")
    options = parser.parse_args(arguments)
    if options.coverage:
        sys.stdout.write(coverage_table())
        return 0
    over: SimpleQueue[int] = SimpleQueue()  # The lock of an Event could be held by this thread when the signal arrives.

    def leave(number: int, _frame: FrameType | None) -> None:
        over.put(number)

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    try:
        with _sandbox(options) as sandbox, _server(options, sandbox) as server:
            sys.stdout.write(f"PortOne V1 sandbox on {server.url}, imp_key=sandbox_key imp_secret=sandbox_secret\n")
            sys.stdout.flush()
            over.get()
    except (SandboxServerError, SandboxStoreError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _sandbox(options: argparse.Namespace) -> Sandbox:
    return Sandbox(
        db=options.db,
        webhook_url=options.webhook,
        webhook_test_url=options.webhook_test,
        webhook_content_type=None if options.webhook_type is None else content_type_of(options.webhook_type),
        webhook_repeats=options.webhook_repeats,
        webhook_escrow=options.webhook_escrow,
        allow_remote_webhooks=options.allow_remote_webhooks,
    )


def _server(options: argparse.Namespace, sandbox: Sandbox) -> SandboxServer:
    return SandboxServer(sandbox, host=options.host, port=options.port, expose_to_network=options.expose_to_network)


if __name__ == "__main__":
    sys.exit(main())
