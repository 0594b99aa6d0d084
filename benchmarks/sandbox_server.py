"""The sandbox on a socket on the other core, with one payment in it: `python -m benchmarks.sandbox_server`."""

from __future__ import annotations

import os
import sys

from portone_v1_sandbox import Sandbox, SandboxServer

__all__ = ["main"]


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    sandbox = Sandbox()
    sandbox.pay(merchant_uid="order-1", amount=12000)
    with SandboxServer(sandbox) as server:
        print(server.url, flush=True)
        sys.stdin.read()  # until the parent lets go


if __name__ == "__main__":
    main()
