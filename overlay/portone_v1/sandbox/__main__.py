"""`python -m portone_v1.sandbox`: the sandbox until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from threading import Event
from types import FrameType

from ._server import SandboxServer, SandboxServerError


def main(arguments: Sequence[str] | None = None) -> int:
    """Answers the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m portone_v1.sandbox", description="PortOne V1 on this machine, in memory."
    )
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: this machine only)")
    parser.add_argument("--port", type=int, default=8765, help="0 takes a free one (default: 8765)")
    options = parser.parse_args(arguments)
    over = Event()

    def leave(_number: int, _frame: FrameType | None) -> None:
        over.set()

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    try:
        with SandboxServer(host=options.host, port=options.port) as server:
            sys.stdout.write(f"PortOne V1 sandbox on {server.url}, imp_key=sandbox_key imp_secret=sandbox_secret\n")
            sys.stdout.flush()
            over.wait()
    except SandboxServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
