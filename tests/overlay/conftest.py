"""Both flavours of the client, a scripted V1, and a sleep that takes no time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from portone_v1._shells import AsyncShell, Shell

from tests.overlay.harness import AsyncFlavour, Flavour, ScriptedV1, SyncFlavour


@pytest.fixture(params=[SyncFlavour, AsyncFlavour], ids=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> Iterator[Flavour]:
    made: Flavour = request.param()
    yield made
    made.finish()


@pytest.fixture
def v1() -> ScriptedV1:
    return ScriptedV1()


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been slept."""
    slept: list[float] = []

    async def async_sleep(_: AsyncShell, seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(Shell, "sleep", lambda _, seconds: slept.append(seconds))
    monkeypatch.setattr(AsyncShell, "sleep", async_sleep)
    return slept
