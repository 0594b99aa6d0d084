"""Django's store keeps the contract too, and never joins a transaction of the shop."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from portone_v1.errors import ConfigurationError, IntentStoreError
from portone_v1.intents import IntentStore
from portone_v1.intents.testing import SHOP, BlockingIntentStore, IntentStoreContract, sample_intent

from tests.contrib.django_site import set_up
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> None:
    set_up(tmp_path_factory.mktemp("site"))


@pytest.fixture
def using(request: pytest.FixtureRequest, site: None, tmp_path: Path) -> Iterator[str]:
    """Return the alias of an empty database with the app's migrations applied."""
    if request.cls.postgres:
        yield from with_alias(migrated_postgres(request.getfixturevalue("postgres")))
    else:
        yield from with_alias(migrated_file(tmp_path / "intents.sqlite3"))


def migrated_file(path: Path) -> dict[str, Any]:
    """Return the settings of a SQLite file with the app's migrations applied."""
    path.write_bytes(_migrated_bytes())
    return _sqlite(path)


@cache
def _migrated_bytes() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.sqlite3"
        _migrate(_sqlite(path))
        return path.read_bytes()


def _sqlite(path: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": {"timeout": 30}}


def migrated_postgres(server: Postgres) -> dict[str, Any]:
    """Return the settings of a PostgreSQL database with the app's migrations applied."""
    where = {"HOST": "127.0.0.1", "PORT": str(server.port), "USER": "shop"}
    settings = {"ENGINE": "django.db.backends.postgresql", **where}
    return settings | {"NAME": server.copy("django", lambda name: _migrate(settings | {"NAME": name}))}


def _migrate(database: dict[str, Any]) -> None:
    from django.core.management import call_command  # type: ignore[import-untyped]

    for using in with_alias(database):
        call_command("migrate", database=using, verbosity=0)


def with_alias(database: dict[str, Any]) -> Iterator[str]:
    from django.db import connections  # type: ignore[import-untyped]

    settled = connections.configure_settings({"default": {}, "intents": database})
    connections.settings["intents"] = settled["intents"]
    try:
        yield "intents"
    finally:
        connections["intents"].close()
        del connections["intents"], connections.settings["intents"]


class DjangoContract(IntentStoreContract):
    postgres = False

    @pytest.fixture
    def store(self, using: str) -> IntentStore:
        from portone_v1.contrib.django import DjangoStore

        return ClosingStore(DjangoStore(using), using)

    def test_inside_the_shops_transaction_it_refuses(self, using: str) -> None:
        from django.db import transaction
        from portone_v1.contrib.django import DjangoStore

        store = DjangoStore(using)
        with transaction.atomic(using=using), pytest.raises(ConfigurationError, match="nothing was sent"):
            store.begin(sample_intent())
        assert store.get("a") is None

    def test_it_says_when_the_table_is_missing(self, using: str) -> None:
        from django.core.management import call_command
        from portone_v1.contrib.django import DjangoStore

        call_command("migrate", "portone_v1", "zero", database=using, verbosity=0)
        store = DjangoStore(using)
        for use in (lambda: store.begin(sample_intent()), lambda: store.latest(SHOP, key="k"), lambda: store.get("a")):
            with pytest.raises(IntentStoreError, match="could not be used"):
                use()


class ClosingStore:
    """A store whose threads give their connections back, as Django's requests do."""

    def __init__(self, store: Any, using: str) -> None:
        self._store, self._using = store, using

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def call(*values: Any, **named: Any) -> Any:
            from threading import current_thread, main_thread

            from django.db import connections

            try:
                return method(*values, **named)
            finally:
                if current_thread() is not main_thread():
                    connections[self._using].close()

        return call


class TestSQLite(DjangoContract):
    pass


class TestPostgreSQL(DjangoContract):
    postgres = True


class AsyncDjangoContract(IntentStoreContract):
    postgres = False

    @pytest.fixture
    def store(self, using: str) -> Iterator[IntentStore]:
        from asgiref.sync import sync_to_async
        from django.db import connections
        from portone_v1.contrib.django import AsyncDjangoStore

        store = BlockingIntentStore(AsyncDjangoStore(using))
        yield store

        def forget() -> None:
            connections[using].close()
            del connections[using]

        store.run(sync_to_async(forget)())
        store.close()


class TestAsyncSQLite(AsyncDjangoContract):
    pass


class TestAsyncPostgreSQL(AsyncDjangoContract):
    postgres = True


def test_the_migrations_are_those_of_the_models(site: None) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "portone_v1", check=True, dry_run=True, verbosity=0)


def test_a_connection_that_the_database_has_closed(site: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An `InterfaceError` is no `DatabaseError` of Django's: MySQL's and PostgreSQL's drivers raise it."""
    from django.db import InterfaceError, connections
    from portone_v1.contrib.django import DjangoStore

    def closed(*_: object, **__: object) -> None:
        raise InterfaceError("connection already closed")

    for using in with_alias(migrated_file(tmp_path / "intents.sqlite3")):
        store = DjangoStore(using)
        connections[using].ensure_connection()
        monkeypatch.setattr(connections[using], "cursor", closed)
        for use in (store.now, lambda store=store: store.get("a"), lambda store=store: store.save(sample_intent())):
            with pytest.raises(IntentStoreError, match="InterfaceError"):
                use()


def test_a_rolled_back_order_leaves_the_intent(site: None, tmp_path: Path) -> None:
    """A second alias of the same database is the way under ATOMIC_REQUESTS."""
    from django.db import connections, transaction
    from portone_v1.contrib.django import DjangoStore

    for using in with_alias(migrated_file(tmp_path / "intents.sqlite3")):
        store = DjangoStore(using)
        with transaction.atomic():
            assert store.begin(sample_intent())
            transaction.set_rollback(True)
        connections[using].close()
        assert store.get("a") == sample_intent()
