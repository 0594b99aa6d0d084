"""`examples.shops.browser_shop` in a process of its own."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Shop:
    """`examples.shops.browser_shop` and its database."""

    def __init__(self, url: str, database: Path) -> None:
        self.url = url
        self._database = database

    def order(self, merchant_uid: str) -> tuple[str, str | None]:
        """State and imp_uid, as they stand in the table."""
        with closing(sqlite3.connect(self._database, timeout=10)) as db:
            found = db.execute("SELECT state, imp_uid FROM orders WHERE merchant_uid = ?", (merchant_uid,)).fetchone()
        assert found is not None
        return found[0], found[1]

    def settle(self, merchant_uid: str, state: str) -> None:
        with closing(sqlite3.connect(self._database, timeout=10)) as db:
            db.execute("UPDATE orders SET state = ? WHERE merchant_uid = ?", (state, merchant_uid))
            db.commit()


@contextmanager
def running_shop(v1: str, folder: Path) -> Iterator[Shop]:
    """Run a shop with V1 at an address, and with its database in the folder."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PORTONE_V1_BASE_URL": v1}
    environment |= {"PORTONE_V1_KEY": "sandbox_key", "PORTONE_V1_SECRET": "sandbox_secret"}
    command = [sys.executable, "-m", "examples.shops.browser_shop", str(port)]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
    try:
        _wait_for(port, process, log)
        yield Shop(f"http://127.0.0.1:{port}", folder / "shop.sqlite3")
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in log.read_text("utf-8")


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"the shop did not come up: {log.read_text('utf-8')}")
