"""One shop for each flavour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.inbox.shop import V1, AsyncShop, Clock, SyncShop


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def v1(clock: Clock) -> V1:
    return V1(clock)


@pytest.fixture(params=["sync", "async"])
def open_shop(request: pytest.FixtureRequest, v1: V1, clock: Clock) -> Iterator[Callable[..., Any]]:
    opened: list[Any] = []

    def open_one(**options: Any) -> Any:
        shop = (SyncShop if request.param == "sync" else AsyncShop)(v1, clock, **options)
        opened.append(shop)
        return shop

    yield open_one
    for shop in opened:
        if isinstance(shop, AsyncShop):
            shop.runner.close()


@pytest.fixture
def shop(open_shop: Callable[..., Any]) -> Any:
    return open_shop()
