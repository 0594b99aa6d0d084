"""The journal that a client opens by itself: it is closed with the client, and opened again where it is used again."""

from __future__ import annotations

import gc
import sqlite3
import weakref
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest
from portone_v1 import ConfigurationError
from portone_v1.errors import IntentStoreError
from portone_v1.intents import SQLiteStore
from portone_v1_sandbox import Sandbox

from tests.overlay.harness import AsyncFlavour, Flavour, SyncFlavour
from tests.safe.network import Network

SOLD = {"customer_uid": "card", "amount": 1000, "name": "구독"}


def open_files(path: Path) -> int:
    """Count the descriptors of this process for the journal: its file, its log, its shared memory."""
    found = 0
    for each in Path("/proc/self/fd").iterdir():
        try:
            found += str(each.readlink()).startswith(str(path))
        except OSError:
            continue  # the one that lists them
    return found


@pytest.fixture(params=[SyncFlavour, AsyncFlavour], ids=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> Iterator[Flavour]:
    made: Flavour = request.param()
    yield made
    made.finish()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not list a process's descriptors")
@pytest.mark.parametrize("clock", [False, True], ids=["", "with a clock"])
def test_nothing_stays_open(flavour: Flavour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: bool) -> None:
    path = tmp_path / "intents.sqlite3"
    monkeypatch.setenv("PORTONE_V1_INTENTS", str(path))
    sandbox = Sandbox()
    with sandbox.client() as operator:
        operator.billing_keys.issue("card", card_number="4242-4242-4242-4242", expiry="2039-12")
    options = {"clock": type(flavour.client(Network(sandbox)).raw._session.clock)()} if clock else {}
    clients = [
        flavour.client(Network(sandbox), imp_key="sandbox_key", imp_secret="sandbox_secret", **options)
        for _ in range(4)
    ]
    for number, client in enumerate(clients):
        assert (
            client.call(lambda c, n=number: c.subscribe.again_once(merchant_uid=f"order-{n}", **SOLD)).state == "paid"
        )
    assert open_files(path)
    clients[0].close()
    assert client.call(lambda c: c.subscribe.again_once(merchant_uid="order-0", **SOLD)).already_paid  # opened again
    for client in clients:
        client.close()
    assert open_files(path) == 0
    assert clients[0].call(lambda c: c.subscribe.again_once(merchant_uid="order-1", **SOLD)).already_paid
    clients[0].close()
    assert open_files(path) == 0


def test_a_store_that_nobody_holds_any_more_closes_its_file(tmp_path: Path) -> None:
    """From Python 3.13 on, one left open is a ResourceWarning, which is an error here."""
    path = tmp_path / "intents.sqlite3"
    store = SQLiteStore(path)
    assert store.get("none") is None
    held = weakref.ref(store)
    del store
    gc.collect()
    assert held() is None
    assert not path.with_name(f"{path.name}-wal").exists()  # SQLite removes it when the last connection is closed


def test_a_journal_that_depends_on_the_working_directory(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    """The web server and its cron job would have one each, and charge an order each."""
    monkeypatch.setenv("PORTONE_V1_INTENTS", "intents.sqlite3")
    sandbox = Sandbox()
    client = flavour.client(Network(sandbox), imp_key="sandbox_key", imp_secret="sandbox_secret")
    with pytest.raises(ConfigurationError, match="absolute path"):
        client.call(lambda c: c.subscribe.again_once(merchant_uid="order-1", **SOLD))
    assert not sandbox.ledger
    assert not Path("intents.sqlite3").exists()


def test_a_journal_in_a_home_that_no_shell_has_expanded(
    flavour: Flavour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a unit of systemd."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PORTONE_V1_INTENTS", "~/intents.sqlite3")
    client = flavour.client(Network(Sandbox()), imp_key="sandbox_key", imp_secret="sandbox_secret")
    assert client.call(lambda c: c.intents.open()) == []
    assert (tmp_path / "intents.sqlite3").exists()
    client.close()


def test_a_new_file_that_another_process_is_just_creating(tmp_path: Path) -> None:
    """Workers of one server that start together: SQLite answers "locked" at once here, whatever its timeout."""
    path = tmp_path / "intents.sqlite3"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE other (id)")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(IntentStoreError, match="database is locked"):
        SQLiteStore(path, busy=0.05)
    done = Timer(0.2, other.execute, ["COMMIT"])
    done.start()
    SQLiteStore(path).close()
    done.join()
    other.close()
