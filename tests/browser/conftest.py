"""The sandbox on a socket, a shop beside it in a process of its own, and someone who clicks through both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.browser.chromium import DESKTOP, Watched, path_of_chromium, running_browser
from tests.browser.shops import Shop, running_shop


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


@pytest.fixture(scope="module")
def shop(server: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with running_shop(server.url, tmp_path_factory.mktemp("shop")) as running:
        yield running
