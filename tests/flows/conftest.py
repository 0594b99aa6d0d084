"""A shop's client in every place that the sandbox has: both flavours, in the process and over a socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from portone_v1_sandbox import Sandbox, SandboxClock, SandboxServer

from tests.flows.shop import NOON, Shop
from tests.overlay.harness import AsyncFlavour, Flavour, SyncFlavour


@pytest.fixture(scope="session")
def server() -> Iterator[SandboxServer]:
    with SandboxServer(Sandbox(clock=SandboxClock.frozen_at(NOON))) as running:
        yield running


@pytest.fixture(params=[SyncFlavour, AsyncFlavour], ids=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> Iterator[Flavour]:
    made: Flavour = request.param()
    yield made
    made.finish()


@pytest.fixture(params=["in the process", "over a socket"])
def shop(request: pytest.FixtureRequest, flavour: Flavour) -> Shop:
    if request.param == "in the process":
        sandbox = Sandbox(clock=SandboxClock.frozen_at(NOON))
        return Shop(sandbox, flavour, {"transport": sandbox.transport()})
    server: SandboxServer = request.getfixturevalue("server")
    server.sandbox.reset()
    return Shop(server.sandbox, flavour, {"base_url": server.url})
