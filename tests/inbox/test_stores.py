"""Each store keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import AsyncSqlInboxStore, SqlInboxStore
from portone_v1.inbox import AsyncMemoryInboxStore, InboxStore, MemoryInboxStore
from portone_v1.inbox.testing import BlockingInboxStore, InboxStoreContract
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


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
