"""The sandbox on a socket, a shop beside it in a process of its own, and somebody who clicks through both."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from portone_v1.sandbox import Sandbox, SandboxServer

from tests.browser.chromium import DESKTOP, Watched, path_of_chromium, running_browser

ROOT = Path(__file__).parents[2]


# Not for the whole session: Playwright runs an event loop in this thread, which other folders' tests need for theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser(path_of_chromium()) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Opens a visitor with options of the browser: size, language, colours."""
    with ExitStack() as stack:

        def come(**options: Any) -> Watched:
            context = browser.new_context(**(DESKTOP | {"locale": "ko-KR"} | options))
            watched = Watched(context)
            stack.callback(watched.close)
            return watched

        yield come


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def sandbox(server: SandboxServer) -> Sandbox:
    """Empty."""
    server.sandbox.reset()
    return server.sandbox


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


@pytest.fixture(scope="module")
def shop(server: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PORTONE_V1_BASE_URL": server.url}
    environment |= {"PORTONE_V1_KEY": "sandbox_key", "PORTONE_V1_SECRET": "sandbox_secret"}
    command = [sys.executable, "-m", "examples.shops.browser_shop", str(port)]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
    try:
        _wait_for(port, process, log)
        yield Shop(f"http://127.0.0.1:{port}", folder / "fastapi_shop.sqlite3")
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
    pytest.fail(f"the shop did not come up: {log.read_text('utf-8')}")
