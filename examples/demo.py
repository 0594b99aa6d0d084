"""Start the sandbox on a free port of this machine and run the quickstart against it."""

from __future__ import annotations

import os

from portone_v1_sandbox import SandboxServer

from examples import quickstart


def main() -> None:
    with SandboxServer() as server:
        print(f"sandbox: {server.url}")
        os.environ["PORTONE_V1_BASE_URL"] = server.url
        os.environ["PORTONE_V1_KEY"] = "sandbox_key"
        os.environ["PORTONE_V1_SECRET"] = "sandbox_secret"
        quickstart.main()
    print("sandbox: stopped")


if __name__ == "__main__":
    main()
