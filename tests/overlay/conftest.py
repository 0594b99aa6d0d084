"""Both flavours of the client, a scripted V1, and a sleep that takes no time."""

from __future__ import annotations

from uuid import uuid4

import pytest
from portone_v1._async.session import AsyncSession
from portone_v1._http import responses
from portone_v1._sync.session import Session

from tests.overlay.harness import AsyncFlavour, ScriptedV1, SyncFlavour, flavours

flavour = flavours(SyncFlavour, AsyncFlavour)


@pytest.fixture
def v1() -> ScriptedV1:
    return ScriptedV1()


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the seconds that would have been slept."""
    slept: list[float] = []

    async def async_sleep(_: AsyncSession, seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(Session, "sleep", lambda _, seconds: slept.append(seconds))
    monkeypatch.setattr(AsyncSession, "sleep", async_sleep)
    return slept


@pytest.fixture(autouse=True)
def _no_journal_of_plain_writes(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give each test a new journal: V1 plays the answers to one call here, and none to a journal's reads."""
    monkeypatch.delenv("PORTONE_V1_INTENTS", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / uuid4().hex))


@pytest.fixture(params=["lenient", "strict"])
def decoding(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Decode without the `speed` extra, and with it."""
    way: str = request.param
    if way == "lenient":
        monkeypatch.setattr(responses, "_strict_reader", lambda: None)
    else:
        pytest.importorskip("msgspec", reason="the speed extra is not installed")
    return way
