"""A shop in each framework, and V1 behind it."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.authority import certified
from tests.contrib.kits import KITS, Handler, Shop
from tests.contrib.v1 import V1
from tests.plain_http import NO_AUTHORITIES


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of Django's database, which is set up once per process."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture
def v1() -> V1:
    return V1()


@pytest.fixture(params=KITS)
def open_shop(request: pytest.FixtureRequest, v1: V1, site: Path) -> Iterator[Callable[..., Shop]]:
    """Return a function that opens a shop with options of the kit."""
    with ExitStack() as stack:

        def start(**options: Any) -> Shop:
            handler = Handler()
            url = stack.enter_context(KITS[request.param](v1, handler, site, **options))
            http = stack.enter_context(httpx.Client(timeout=30, trust_env=False, verify=NO_AUTHORITIES))
            return Shop(request.param, url, handler, v1, http)

        yield start


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    return certified(tmp_path_factory.mktemp("authority"), "127.0.0.1", "v1.example.com")
