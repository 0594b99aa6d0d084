"""Each store keeps the contract."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import AsyncSqlInboxStore, SqlInboxStore
from portone_v1.inbox import AsyncMemoryInboxStore, InboxStore, MemoryInboxStore
from portone_v1.inbox.rows import ReceivedWebhook
from portone_v1.inbox.testing import BlockingInboxStore, InboxStoreContract
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool, QueuePool


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
    """A store whose pool has one connection, and an error after a moment without it."""
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
