"""Django's inbox store keeps the contract, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from portone_v1.inbox import InboxStore
from portone_v1.inbox.testing import InboxStoreContract

from tests.contrib.django_site import set_up
from tests.intents.test_django_store import ClosingStore, with_alias
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> None:
    set_up(tmp_path_factory.mktemp("site"))


class DjangoContract(InboxStoreContract):
    @pytest.fixture
    def database(self, tmp_path: Path) -> dict[str, Any]:
        file = {"NAME": tmp_path / "inbox.sqlite3", "OPTIONS": {"timeout": 30}}
        return {"ENGINE": "django.db.backends.sqlite3", **file}

    @pytest.fixture
    def store(self, site: None, database: dict[str, Any]) -> Iterator[InboxStore]:
        from portone_v1.contrib.django import DjangoInboxStore

        for using in with_alias(database):
            yield ClosingStore(DjangoInboxStore(using), using)


class TestSQLite(DjangoContract):
    pass


class TestPostgreSQL(DjangoContract):
    @pytest.fixture
    def database(self, postgres: Postgres) -> dict[str, Any]:
        where = {"HOST": "127.0.0.1", "PORT": str(postgres.port), "USER": "shop"}
        return {"ENGINE": "django.db.backends.postgresql", "NAME": postgres.database(), **where}


def test_inside_a_transaction_of_the_shop_it_refuses(site: None, tmp_path: Path) -> None:
    """What is recorded there would be committed by someone else, or not at all."""
    from django.db import transaction  # type: ignore[import-untyped]
    from portone_v1.contrib.django import DjangoInboxStore

    file = {"NAME": tmp_path / "inbox.sqlite3", "OPTIONS": {"timeout": 30}}
    for using in with_alias({"ENGINE": "django.db.backends.sqlite3", **file}):
        with transaction.atomic(using=using), pytest.raises(RuntimeError, match="durable"):
            DjangoInboxStore(using).prune(0.0)
