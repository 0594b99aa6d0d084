"""The sandbox on a socket, a shop beside it in a process of its own, and someone who clicks through both."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.browser.chromium import DESKTOP, Browsers, Watched
from tests.browser.shops import Shop, running_shop

HERE = Path(__file__).parent
BROWSERS = Browsers()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Generator[None]:
    """Close the browsers after what seems to be the last test of this folder."""
    try:
        return (yield)
    finally:
        if nextitem is None or not nextitem.path.is_relative_to(HERE):
            BROWSERS.close()


@pytest.fixture
def browsers() -> Browsers:
    return BROWSERS


@pytest.fixture
def browser(browsers: Browsers) -> Browser:
    return browsers.running()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Return a function that opens a visitor with options of the browser: size, language, colours."""
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
    """Provide an empty sandbox."""
    server.sandbox.reset()
    return server.sandbox


@pytest.fixture(scope="module")
def shop(server: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with running_shop(server.url, tmp_path_factory.mktemp("shop")) as running:
        yield running
