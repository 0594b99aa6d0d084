"""A disk that is full: nothing is sent without its intent, and what was sent is told even if it cannot be stored."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from portone_v1.errors import IntentStoreError
from portone_v1.intents import SQLiteStore
from portone_v1_sandbox import Sandbox

from tests.overlay.harness import AsyncFlavour, Flavour, SyncFlavour
from tests.safe.conftest import again
from tests.safe.network import Network

resource = pytest.importorskip("resource", reason="this system has no limits of a process")


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow, so that SQLite fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(params=[SyncFlavour, AsyncFlavour], ids=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> Iterator[Flavour]:
    made: Flavour = request.param()
    yield made
    made.finish()


def test_a_journal_on_a_full_disk(flavour: Flavour, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "portone_v1.intents")
    sandbox, store = Sandbox(), SQLiteStore(tmp_path / "intents.sqlite3")
    with sandbox.client() as operator:
        operator.billing_keys.issue("ordinary", card_number="4242-4242-4242-4242", expiry="2039-12")
    network = Network(sandbox)
    client = flavour.client(network, imp_key="sandbox_key", imp_secret="sandbox_secret", intents=store)

    def charge(order: str) -> Any:
        return client.call(lambda c: c.subscribe.again_once(**again(order)))

    with full_disk(), pytest.raises(IntentStoreError):
        charge("order-1")
    assert not sandbox.ledger

    filled = full_disk()

    def fill(network: Network, request: Any) -> Any:
        answer = network.execute(request)
        filled.__enter__()
        return answer

    network.meet("POST /subscribe/payments/again", fill)
    try:
        assert charge("order-1").state == "paid"
    finally:
        filled.__exit__(None, None, None)
    assert "paid could not be stored" in caplog.text
    (kept,) = client.call(lambda c: c.intents.open())
    assert client.call(lambda c: c.settle(kept)).state == "paid"
    assert charge("order-1").already_paid
    assert len(sandbox.ledger) == 1
    store.close()
