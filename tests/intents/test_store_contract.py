"""Each store keeps the contract that `portone_v1.intents.testing` gives to everyone."""

from __future__ import annotations

import linecache
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import AsyncSQLAlchemyStore, SQLAlchemyStore
from portone_v1.errors import IntentStoreError
from portone_v1.intents import IntentStore, MemoryStore, SQLiteStore
from portone_v1.intents.stores import memory, sqlite
from portone_v1.intents.stores.threads import AsyncStoreAdapter
from portone_v1.intents.testing import BlockingIntentStore, IntentStoreContract, sample_intent
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tests.intents.begin import begin_in_database, begin_in_file
from tests.postgres import Postgres
from tests.processes import FORKED


class TestMemory(IntentStoreContract):
    @pytest.fixture
    def store(self) -> IntentStore:
        return MemoryStore()


class TestSQLite(IntentStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[IntentStore]:
        store = SQLiteStore(tmp_path / "intents.sqlite3")
        yield store
        store.close()

    def test_of_many_processes_exactly_one_begins(self, store: IntentStore, tmp_path: Path) -> None:
        with FORKED.Pool(3) as pool:
            result = pool.starmap(begin_in_file, [(str(tmp_path / "intents.sqlite3"), n) for n in range(6)])
        assert sum(result) == 1


def test_no_statement_has_numbered_placeholders() -> None:
    """Python 3.12.0 to 3.12.3 warn of them at each call (gh-117995)."""
    statements = [sqlite.INSERT, sqlite.UPDATE, sqlite.PRUNE]
    assert [each for each in statements if re.search(r"\?\d", each)] == []


@pytest.mark.parametrize("line", range(14))
@pytest.mark.parametrize("method", ["begin", "save", "prune"])
def test_ctrl_c_in_the_middle_leaves_all_or_nothing(method: str, line: int) -> None:
    """At each line of the store in memory: what one look-up finds, every other one finds too."""
    store, first = MemoryStore(), sample_intent("a", state="closed", sent_at=10.0)
    assert store.begin(first)
    new = sample_intent("b", seq=2)
    left = line

    def trace(frame: Any, event: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename != memory.__file__:
            return None
        locking = "with self._lock" in linecache.getline(
            memory.__file__, frame.f_lineno
        )  # nor does a signal come there
        left -= event == "line" and not locking
        if left < 0:
            raise KeyboardInterrupt
        return trace

    todo: dict[str, Callable[[], object]] = {
        "begin": lambda: store.begin(new),
        "save": lambda: store.save(first.changed(outcome="paid")),
        "prune": lambda: store.prune(first.shop, 20.0),
    }
    before = sys.gettrace()
    with suppress(KeyboardInterrupt):
        sys.settrace(trace)
        try:
            todo[method]()
        finally:
            sys.settrace(before)
    by_resource = store.latest(first.shop, resource=first.resource)
    assert by_resource == store.latest(first.shop, key=first.key)
    assert by_resource is None or store.get(by_resource.id) == by_resource
    open_ones = store.unfinished(first.shop)
    assert [each.id for each in open_ones] == (["b"] if by_resource is not None and by_resource.id == "b" else [])
    follows = 1 if by_resource is None else by_resource.resource_seq + 1
    assert store.begin(sample_intent("c", seq=follows)), "its number is free"
    store.prune(first.shop, 20.0)
    assert [each.id for each in store.unfinished(first.shop)] == [*(each.id for each in open_ones), "c"]


class TestSQLiteInThreads(IntentStoreContract):
    """As `AsyncPortOne` uses it."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[IntentStore]:
        kept = SQLiteStore(tmp_path / "intents.sqlite3")
        store = BlockingIntentStore(AsyncStoreAdapter(kept))
        yield store
        store.close()
        kept.close()


class TestSQLAlchemyOverSQLite(IntentStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[IntentStore]:
        yield from with_tables(f"sqlite:///{tmp_path / 'shop.sqlite3'}")


class TestAsyncSQLAlchemyOverSQLite(IntentStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[IntentStore]:
        url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
        yield from with_tables(url, url.replace("sqlite:", "sqlite+aiosqlite:"))


class TestSQLAlchemyOverPostgreSQL(IntentStoreContract):
    @pytest.fixture
    def store(self, postgres: Postgres) -> Iterator[IntentStore]:
        yield from with_tables(postgres.url(postgres.database()))

    def test_of_many_processes_exactly_one_begins(self, postgres: Postgres) -> None:
        url = postgres.url(postgres.database())
        for _ in with_tables(url):
            with FORKED.Pool(3) as pool:
                result = pool.starmap(begin_in_database, [(url, n) for n in range(6)])
            assert sum(result) == 1


class TestAsyncSQLAlchemyOverPostgreSQL(IntentStoreContract):
    @pytest.fixture
    def store(self, postgres: Postgres) -> Iterator[IntentStore]:
        url = postgres.url(postgres.database())
        yield from with_tables(url, url)


def with_tables(url: str, async_url: str | None = None) -> Iterator[IntentStore]:
    engine = sa.create_engine(url, poolclass=NullPool, connect_args={"timeout": 30} if "sqlite" in url else {})
    SQLAlchemyStore.metadata.create_all(engine)
    if async_url is None:
        yield SQLAlchemyStore(engine)
        return
    options: dict[str, Any] = {"timeout": 30} if "sqlite" in url else {}
    store = BlockingIntentStore(
        AsyncSQLAlchemyStore(create_async_engine(async_url, poolclass=NullPool, connect_args=options))
    )
    yield store
    store.close()


def test_a_driver_that_is_refused_a_connection() -> None:
    """asyncpg raises an OSError, which SQLAlchemy passes on as it is."""

    def refused() -> object:
        raise ConnectionRefusedError

    store = SQLAlchemyStore(sa.create_engine("sqlite://", creator=refused, poolclass=NullPool))
    for use in (store.now, lambda: store.get("a"), lambda: store.begin(sample_intent())):
        with pytest.raises(IntentStoreError, match="ConnectionRefusedError"):
            use()
