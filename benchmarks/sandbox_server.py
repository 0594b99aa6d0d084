"""The sandbox on a socket on the other core, with one payment in it: `python -m benchmarks.sandbox_server`."""

from __future__ import annotations

import sys

from portone_v1_sandbox import Sandbox, SandboxServer

from benchmarks.process import pin_to_last

__all__ = ["main"]


def main() -> None:
    pin_to_last()
    sandbox = Sandbox()
    sandbox.pay(merchant_uid="order-1", amount=12000)
    with SandboxServer(sandbox) as server:
        print(server.url, flush=True)
        sys.stdin.read()  # until the parent lets go


if __name__ == "__main__":
    main()
