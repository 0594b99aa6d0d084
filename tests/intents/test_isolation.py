"""The stores in the shop's database, whatever its transactions are set to: what they write is committed."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import SQLAlchemyStore, SqlInboxStore
from portone_v1.errors import ConfigurationError, IntentStoreError
from portone_v1.inbox import InboxStore, ReceivedWebhook
from portone_v1.inbox.testing import InboxStoreContract
from portone_v1.intents import IntentStore
from portone_v1.intents.testing import SHOP, IntentStoreContract, sample_intent

from tests.contrib.django_site import set_up
from tests.intents.test_django_store import migrated_file, migrated_postgres, with_alias
from tests.postgres import Postgres

WEBHOOK = ReceivedWebhook("payment::imp_1", "payment", "imp_1")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> None:
    set_up(tmp_path_factory.mktemp("site"))


@pytest.fixture
def engine(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[sa.Engine]:
    """Make an engine for PostgreSQL, with the isolation level that the test or its class names."""
    level = getattr(request, "param", None) or getattr(request.cls, "level", "READ COMMITTED")
    made = sa.create_engine(postgres.url(postgres.database()), isolation_level=level)
    SQLAlchemyStore.metadata.create_all(made)
    SqlInboxStore.metadata.create_all(made)
    yield made
    made.dispose()


class TestRepeatableRead(IntentStoreContract):
    level = "REPEATABLE READ"

    @pytest.fixture
    def store(self, engine: sa.Engine) -> IntentStore:
        return SQLAlchemyStore(engine)


class TestSerializable(TestRepeatableRead):
    level = "SERIALIZABLE"


class TestAutocommit(TestRepeatableRead):
    level = "AUTOCOMMIT"


class TestInboxSerializable(InboxStoreContract):
    level = "SERIALIZABLE"

    @pytest.fixture
    def store(self, engine: sa.Engine) -> InboxStore:
        return SqlInboxStore(engine)


class TestInboxAutocommit(TestInboxSerializable):
    level = "AUTOCOMMIT"


@pytest.mark.parametrize("level", ["AUTOCOMMIT", "autocommit"])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_an_order_is_taken_back_with_its_handler_under_autocommit(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, level: str
) -> None:
    url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    if database == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.url(server.database())
    engine = sa.create_engine(url, isolation_level=level)
    SqlInboxStore.metadata.create_all(engine)
    store = SqlInboxStore(engine)
    store.record(WEBHOOK, 1.0)
    row = store.lease(1.0, "worker", 61.0)
    assert row is not None
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE orders (id integer)"))

    def handle() -> None:
        with store.open(row) as work:
            assert work is not None
            work.session.execute(sa.text("INSERT INTO orders VALUES (1)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        handle()
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM orders")).scalar_one() == 0
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlalchemy", "django"])
def test_a_prune_that_is_not_committed_yet(request: pytest.FixtureRequest, kind: str) -> None:
    """Who counted on from what it deletes waits for it, and begins nothing: who reads after it begins with 1."""
    server: Postgres = request.getfixturevalue("postgres")
    if kind == "sqlalchemy":
        engine: sa.Engine = request.getfixturevalue("engine")
        _begins_nothing(SQLAlchemyStore(engine), server.conninfo("postgres"))
        return
    request.getfixturevalue("site")
    from portone_v1.contrib.django import DjangoStore

    database = migrated_postgres(server)
    for using in with_alias(database):
        _begins_nothing(DjangoStore(using), server.conninfo(database["NAME"]), using)


def _begins_nothing(store: IntentStore, conninfo: str, using: str = "") -> None:
    intent = sample_intent(sent_at=1.0)
    assert store.begin(intent)
    assert store.save(intent.changed(state="closed"))
    begun: list[bool] = []

    def begin() -> None:
        begun.append(store.begin(sample_intent("late", seq=2)))
        if using:
            from django.db import connections  # type: ignore[import-untyped]

            connections[using].close()

    with psycopg.connect(conninfo) as pruning, psycopg.connect(conninfo, autocommit=True) as watching:
        pruning.execute("DELETE FROM portone_intent")
        thread = threading.Thread(target=begin)
        thread.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while watching.execute(waiting).fetchone() == (0,):
            assert thread.is_alive(), "it did not wait for the prune"
        pruning.commit()
        thread.join()
    assert begun == [False]
    assert store.begin(sample_intent("anew"))


def test_without_autocommit_django_stores_refuse(site: None, tmp_path: Path) -> None:
    """`atomic()` commits nothing there: a later rollback of the shop would take the intent, or the webhook, with it."""
    from django.db import connections, transaction
    from portone_v1.contrib.django import DjangoInboxStore, DjangoStore

    for using in with_alias(migrated_file(tmp_path / "shop.sqlite3")):
        journal, inbox = DjangoStore(using), DjangoInboxStore(using)
        transaction.set_autocommit(False, using)
        with pytest.raises(ConfigurationError, match="nothing was sent"):
            journal.begin(sample_intent())
        with pytest.raises(ConfigurationError, match="autocommit is off"):
            inbox.record(WEBHOOK, 1.0)
        transaction.rollback(using)
        transaction.set_autocommit(True, using)
        assert journal.begin(sample_intent())
        inbox.record(WEBHOOK, 1.0)
        connections[using].close()
        assert len(inbox.rows()) == len(journal.unfinished(SHOP)) == 1


def test_a_connection_that_is_lost_between_two_calls_of_a_worker(site: None, postgres: Postgres) -> None:
    """Outside of requests, Django looks for it nowhere: every later call would fail."""
    from django.db import Error, connections
    from portone_v1.contrib.django import DjangoInboxStore, DjangoStore

    database = migrated_postgres(postgres)
    for using in with_alias(database):
        journal, inbox = DjangoStore(using), DjangoInboxStore(using)
        assert journal.begin(sample_intent())
        uses: tuple[tuple[Callable[[], object], Callable[[], object]], ...] = (
            (partial(journal.begin, sample_intent("b", resource="b", key="b")), journal.now),
            (partial(journal.get, "a"), partial(journal.get, "a")),
            (partial(inbox.record, WEBHOOK, 1.0), partial(inbox.lease, 0.0, "worker", 1.0)),
        )
        for failing, works in uses:
            with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as operator:
                end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
                operator.execute(end, [database["NAME"]])
            with pytest.raises((IntentStoreError, Error)):
                failing()
            works()
        assert connections[using].is_usable()


def check_a_child(store: IntentStore, session: Callable[[], int]) -> None:
    """Check a child process. `session` returns which of the database's sessions the process uses."""
    assert store.begin(sample_intent())
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            assert store.begin(sample_intent("child", resource="child", key="child"))
            os.write(writing, str(session()).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    childs = int(os.read(reading, 100) or 0)
    os.close(reading)
    assert childs not in (0, session())
    assert {intent.id for intent in store.unfinished(SHOP)} == {"a", "child"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_of_a_fork_has_connections_of_its_own(engine: sa.Engine) -> None:
    """Two processes with one connection read each other's results: one is told that its intent is committed."""

    def session() -> int:
        with engine.connect() as connection:
            return int(connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one())

    check_a_child(SQLAlchemyStore(engine), session)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_of_a_fork_has_a_connection_of_its_own_in_django(site: None, postgres: Postgres) -> None:
    from django.db import connections
    from portone_v1.contrib.django import DjangoStore

    def session() -> int:
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    for using in with_alias(migrated_postgres(postgres)):
        check_a_child(DjangoStore(using), session)
