"""Each store keeps the contract."""

from __future__ import annotations

import asyncio
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa
from attrs import evolve
from portone_v1.contrib.sqlalchemy import AsyncSqlInboxStore, SqlInboxStore
from portone_v1.inbox import AsyncMemoryInboxStore, InboxStore, MemoryInboxStore
from portone_v1.inbox.rows import ReceivedWebhook
from portone_v1.inbox.testing import BlockingInboxStore, InboxStoreContract
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool, QueuePool

CANARY = "canary-5139"


class TestMemory(InboxStoreContract):
    @pytest.fixture
    def store(self) -> InboxStore:
        return MemoryInboxStore()


class TestAsyncMemory(InboxStoreContract):
    @pytest.fixture
    def store(self) -> Iterator[InboxStore]:
        store = BlockingInboxStore(AsyncMemoryInboxStore())
        yield store
        store.close()


class TestSQLite(InboxStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[InboxStore]:
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'shop.sqlite3'}")
        SqlInboxStore.metadata.create_all(engine)
        yield SqlInboxStore(engine)
        engine.dispose()


class TestAsyncSQLite(InboxStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[InboxStore]:
        url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
        engine = sa.create_engine(url)
        SqlInboxStore.metadata.create_all(engine)
        engine.dispose()
        made = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:"), poolclass=NullPool)
        store = BlockingInboxStore(AsyncSqlInboxStore(made))
        yield store
        store.close()


@pytest.fixture(params=["sync", "async"])
def one_connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[InboxStore]:
    """Open a store whose pool has one connection, and fails after a moment without it."""
    url, pool = f"sqlite:///{tmp_path / 'shop.sqlite3'}?timeout=0.05", {"pool_size": 1, "max_overflow": 0}
    engine = sa.create_engine(url, poolclass=QueuePool, pool_timeout=0.1, **pool)
    SqlInboxStore.metadata.create_all(engine)
    if request.param == "sync":
        yield SqlInboxStore(engine)
        engine.dispose()
        return
    engine.dispose()
    url = url.replace("sqlite:", "sqlite+aiosqlite:")
    made = create_async_engine(url, poolclass=AsyncAdaptedQueuePool, pool_timeout=0.1, **pool)
    store = BlockingInboxStore(AsyncSqlInboxStore(made))
    yield store
    store.run(made.dispose())
    store.close()


def test_a_transaction_that_could_not_begin_keeps_no_connection(one_connection: InboxStore, tmp_path: Path) -> None:
    store = one_connection
    store.record(ReceivedWebhook("payment::imp_1", "payment", "imp_1"), 1.0)
    row = store.lease(1.0, "worker-1", 61.0)
    assert row is not None
    with closing(sqlite3.connect(tmp_path / "shop.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked") as kept, store.open(row):
            pass
    assert [each.imp_uid for each in store.rows()] == ["imp_1"]
    del kept


def test_a_write_that_fails_shows_nothing_of_what_a_buyer_wrote(one_connection: InboxStore, tmp_path: Path) -> None:
    """A full disk, a lock that is waited for too long: the error and its frames go to the shop's log."""
    store = one_connection
    event = ReceivedWebhook("escrow::imp_1:1", "escrow", "imp_1", payload={"denied_reason": CANARY})
    store.record(event, 1.0)
    with closing(sqlite3.connect(tmp_path / "shop.sqlite3")) as other:
        other.execute("ALTER TABLE portone_inbox RENAME COLUMN payload TO other")
    new = evolve(event, key="escrow::imp_1:2")
    with pytest.raises(OperationalError, match="payload") as failed:
        store.record(new, 2.0)
    assert isinstance(failed.value.orig, sqlite3.Error)
    shown = traceback.TracebackException.from_exception(failed.value, capture_locals=True)
    assert CANARY not in "".join(shown.format())


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_handler_that_runs_longer_than_its_lease_runs_alone(kind: str) -> None:
    """In memory too: the row is locked as a database locks it, and no older outcome replaces a newer one."""
    store: InboxStore = MemoryInboxStore() if kind == "sync" else BlockingInboxStore(AsyncMemoryInboxStore())
    store.record(ReceivedWebhook("payment::imp_1", "payment", "imp_1"), 1.0)
    row = store.lease(1.0, "worker-1", 61.0)
    assert row is not None
    with store.open(row) as work:
        assert work is not None
        assert store.lease(100.0, "worker-2", 160.0) is None
        store.finish(work, evolve(row, owner=None, lease_until=0.0), 100.0)
    assert store.lease(100.0, "worker-2", 160.0) is not None
    if isinstance(store, BlockingInboxStore):
        store.close()


def test_a_request_that_was_cut_off_gives_its_connection_back(tmp_path: Path) -> None:
    """A scope that is cancelled, as Starlette's is when the client is gone, cancels each further await."""
    path = tmp_path / "shop.sqlite3"
    engine = sa.create_engine(f"sqlite:///{path}")
    SqlInboxStore.metadata.create_all(engine)
    engine.dispose()

    async def run() -> int:
        options = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.1}
        made = create_async_engine(f"sqlite+aiosqlite:///{path}", poolclass=AsyncAdaptedQueuePool, **options)
        store = AsyncSqlInboxStore(made)
        await store.record(ReceivedWebhook("payment::imp_1", "payment", "imp_1"), 1.0)
        row = await store.lease(1.0, "worker-1", 61.0)
        assert row is not None
        with anyio.CancelScope() as scope:
            async with store.open(row):
                scope.cancel()
                await anyio.sleep(60)
        taken = made.pool.checkedout()  # type: ignore[attr-defined]
        await made.dispose()
        return int(taken)

    assert asyncio.run(run()) == 0
