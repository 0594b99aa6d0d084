"""MariaDB keeps the contracts with its defaults: text in latin1, compared without case, cut where it does not fit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from attrs import evolve
from portone_v1.contrib.sqlalchemy import SQLAlchemyStore, SqlInboxStore
from portone_v1.inbox import InboxStore, ReceivedWebhook
from portone_v1.inbox.testing import InboxStoreContract
from portone_v1.intents import IntentStore
from portone_v1.intents.testing import IntentStoreContract

from tests.contrib.django_site import set_up
from tests.intents.test_django_store import ClosingStore, with_alias
from tests.mariadb import MariaDB, mariadb_server, pymysql

TABLES = ("portone_intent", "portone_inbox", "portone_outbox")


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    with mariadb_server() as server:
        yield server


@pytest.fixture(scope="session")
def made(mariadb: MariaDB) -> Iterator[sa.Engine]:
    engine = sa.create_engine(mariadb.database(), pool_size=16)
    mariadb.execute("SET GLOBAL default_storage_engine = MyISAM")
    SQLAlchemyStore.metadata.create_all(engine)
    SqlInboxStore.metadata.create_all(engine)
    mariadb.execute("SET GLOBAL default_storage_engine = InnoDB")
    yield engine
    engine.dispose()


@pytest.fixture
def engine(made: sa.Engine, mariadb: MariaDB) -> sa.Engine:
    mariadb.empty(*(f"shop.{table}" for table in TABLES))
    return made


@pytest.fixture(scope="session")
def migrated(mariadb: MariaDB, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the settings of a migrated database that Django reaches by PyMySQL instead of mysqlclient."""
    sys.modules.setdefault("MySQLdb", pymysql)  # pymysql.install_as_MySQLdb() tells an older version than Django takes
    sys.modules.setdefault("MySQLdb.constants", pymysql.constants)
    pymysql.version_info = (2, 2, 1, "final", 0)
    set_up(tmp_path_factory.mktemp("site"))
    from django.core.management import call_command  # type: ignore[import-untyped]

    mariadb.database("django")
    where = {"HOST": "127.0.0.1", "PORT": str(mariadb.port), "USER": "root", "NAME": "django"}
    settings = {"ENGINE": "django.db.backends.mysql", **where, "OPTIONS": {"init_command": "SET sql_mode = ''"}}
    for using in with_alias(settings):
        call_command("migrate", "portone_v1", database=using, verbosity=0)
    return settings


@pytest.fixture
def using(migrated: dict[str, Any], mariadb: MariaDB) -> Iterator[str]:
    mariadb.empty(*(f"django.{table}" for table in TABLES))
    yield from with_alias(migrated)


class TestSQLAlchemy(IntentStoreContract):
    @pytest.fixture
    def store(self, engine: sa.Engine) -> IntentStore:
        return SQLAlchemyStore(engine)


class TestSQLAlchemyInbox(InboxStoreContract):
    @pytest.fixture
    def store(self, engine: sa.Engine) -> InboxStore:
        return SqlInboxStore(engine)

    def test_names_are_compared_to_the_character(self, store: InboxStore) -> None:
        for imp_uid in ("imp_a", "imp_A"):
            key = f"payment::{imp_uid}"
            store.record(ReceivedWebhook(key, "payment", imp_uid, merchant_uid="주문-1"), 1.0)
            row = store.lease(1.0, "worker", 61.0, key)
            assert row is not None
            assert (row.imp_uid, row.merchant_uid) == (imp_uid, "주문-1")
            with store.open(row) as work:
                assert work is not None
                work.later("send", key=f"receipt:{imp_uid}", order="주문-1")
                store.finish(work, evolve(row, owner=None, lease_until=0.0), 1.0)
        keys: list[str] = []
        while (task := store.take_task(1.0, 61.0)) is not None:
            keys.append(task.key)
            assert task.arguments == {"order": "주문-1"}
        assert sorted(keys) == ["receipt:imp_A", "receipt:imp_a"]


class TestDjango(IntentStoreContract):
    @pytest.fixture
    def store(self, using: str) -> IntentStore:
        from portone_v1.contrib.django import DjangoStore

        return ClosingStore(DjangoStore(using), using)


class TestDjangoInbox(TestSQLAlchemyInbox):
    @pytest.fixture
    def store(self, using: str) -> InboxStore:
        from portone_v1.contrib.django import DjangoInboxStore

        return ClosingStore(DjangoInboxStore(using), using)


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE", "AUTOCOMMIT"])
def test_the_shops_isolation_level(engine: sa.Engine, level: str) -> None:
    made = sa.create_engine(engine.url, isolation_level=level)
    IntentStoreContract().test_of_many_at_once_exactly_one_begins(SQLAlchemyStore(made))
    InboxStoreContract().test_webhooks_at_once_are_all_counted(SqlInboxStore(made))
    made.dispose()


def test_tables_have_transactions_whatever_the_servers_default_is(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        query = "SELECT DISTINCT engine FROM information_schema.tables WHERE table_schema = 'shop'"
        assert connection.execute(sa.text(query)).scalars().all() == ["InnoDB"]
