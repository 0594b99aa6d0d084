"""Behind a pooler that changes the session with each transaction, the journal keeps its promise or says why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import AsyncSQLAlchemyStore, SQLAlchemyStore
from portone_v1.errors import IntentStoreError
from portone_v1.inbox import InboxStore
from portone_v1.inbox.testing import InboxStoreContract
from portone_v1.intents import IntentStore
from portone_v1.intents.testing import SHOP, BlockingIntentStore, IntentStoreContract, sample_intent
from sqlalchemy.ext.asyncio import create_async_engine

from tests.contrib.django_site import set_up
from tests.intents.test_django_store import ClosingStore, migrated_postgres, with_alias
from tests.pgbouncer import pgbouncer_before
from tests.postgres import Postgres

PREPARED_AFTER = 5
"""psycopg prepares a statement that a connection has executed so often."""


@pytest.fixture(scope="session")
def pooler(postgres: Postgres) -> Iterator[Postgres]:
    with pgbouncer_before(postgres) as through:
        yield through


@pytest.fixture
def url(postgres: Postgres, pooler: Postgres) -> str:
    direct = sa.create_engine(postgres.url(postgres.database()))
    SQLAlchemyStore.metadata.create_all(direct)
    direct.dispose()
    return pooler.url("postgres")


class TestSQLAlchemy(IntentStoreContract):
    @pytest.fixture
    def store(self, url: str) -> Iterator[IntentStore]:
        engine = sa.create_engine(url, pool_size=4)
        yield SQLAlchemyStore(engine)
        engine.dispose()


class TestDjango(IntentStoreContract):
    @pytest.fixture
    def store(self, site: None, postgres: Postgres, pooler: Postgres) -> Iterator[IntentStore]:
        from portone_v1.contrib.django import DjangoStore

        for using in with_alias(migrated_postgres(postgres) | {"PORT": str(pooler.port)}):
            yield ClosingStore(DjangoStore(using), using)


class TestDjangoInbox(InboxStoreContract):
    @pytest.fixture
    def store(self, site: None, postgres: Postgres, pooler: Postgres) -> Iterator[InboxStore]:
        from portone_v1.contrib.django import DjangoInboxStore

        for using in with_alias(migrated_postgres(postgres) | {"PORT": str(pooler.port)}):
            yield ClosingStore(DjangoInboxStore(using), using)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> None:
    set_up(tmp_path_factory.mktemp("site"))


@pytest.fixture(params=["sync", "async"])
def two_stores(request: pytest.FixtureRequest, url: str) -> Iterator[tuple[Any, ...]]:
    """Open the stores of two processes, each with one connection to the pooler."""
    if request.param == "sync":
        engines = [sa.create_engine(url, pool_size=1, max_overflow=0) for _ in range(2)]
        yield tuple(SQLAlchemyStore(engine) for engine in engines)
        for engine in engines:
            engine.dispose()
        return
    asyncs = [create_async_engine(url, pool_size=1, max_overflow=0) for _ in range(2)]
    stores = [BlockingIntentStore(AsyncSQLAlchemyStore(engine)) for engine in asyncs]
    yield tuple(stores)
    for store, made in zip(stores, asyncs, strict=True):
        store.run(made.dispose())
        store.close()


def test_what_psycopg_prepares_of_itself(two_stores: tuple[Any, ...]) -> None:
    """It fails in a session that has no such statement, or has another one of this name."""
    begun = 0
    for number in range(3 * PREPARED_AFTER):
        for name, store in zip("ab", two_stores, strict=True):
            intent = f"{name}{number}"
            begun += store.begin(sample_intent(intent, resource=intent, key=intent))
    assert begun == len(two_stores[0].unfinished(SHOP)) == 6 * PREPARED_AFTER


def test_the_shops_own_statements_are_prepared_as_before(url: str) -> None:
    engine = sa.create_engine(url, connect_args={"prepare_threshold": 7})
    store = SQLAlchemyStore(engine)
    assert store.begin(sample_intent())
    assert store.now() > 0
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        assert driver.prepare_threshold == 7
    engine.dispose()


@pytest.mark.parametrize("statement", ["INSERT INTO cart VALUES ('1') RETURNING item", "INSERT INTO cart VALUES ('1')"])
def test_another_statement_that_is_executed_instead(url: str, statement: str) -> None:
    """As of asyncpg, which prepares each one: the name that was the insert's is that of a statement of the shop."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE cart (item text)"))

    @sa.event.listens_for(engine, "before_cursor_execute", retval=True)
    def exchange(_c: object, _cursor: object, text: str, values: Any, *_: object) -> tuple[str, Any]:
        return (statement, ()) if text.startswith("INSERT INTO portone_intent") else (text, values)

    with pytest.raises(IntentStoreError):
        SQLAlchemyStore(engine).begin(sample_intent())
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM cart")).scalar_one() == 0
    engine.dispose()


def test_the_error_names_the_pooler_where_the_driver_prepares(url: str) -> None:
    engine = sa.create_engine(url)

    @sa.event.listens_for(engine, "before_cursor_execute", retval=True)
    def exchange(*_: object) -> tuple[str, Any]:
        return "EXECUTE another_session_has_it", ()

    with pytest.raises(IntentStoreError, match="pgbouncer"):
        SQLAlchemyStore(engine).latest(SHOP, key="a")
    engine.dispose()
