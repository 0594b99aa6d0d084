"""Django's inbox store keeps the contract, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from portone_v1.errors import ConfigurationError
from portone_v1.inbox import InboxStore
from portone_v1.inbox.testing import InboxStoreContract

from tests.contrib.django_site import set_up
from tests.intents.test_django_store import ClosingStore, migrated_file, migrated_postgres, with_alias
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> None:
    set_up(tmp_path_factory.mktemp("site"))


class DjangoContract(InboxStoreContract):
    @pytest.fixture
    def database(self, site: None, tmp_path: Path) -> dict[str, Any]:
        return migrated_file(tmp_path / "inbox.sqlite3")

    @pytest.fixture
    def store(self, database: dict[str, Any]) -> Iterator[InboxStore]:
        from portone_v1.contrib.django import DjangoInboxStore

        for using in with_alias(database):
            yield ClosingStore(DjangoInboxStore(using), using)


class TestSQLite(DjangoContract):
    pass


class TestPostgreSQL(DjangoContract):
    @pytest.fixture
    def database(self, site: None, postgres: Postgres) -> dict[str, Any]:
        return migrated_postgres(postgres)


def test_inside_a_transaction_of_the_shop_it_refuses(site: None, tmp_path: Path) -> None:
    """What is recorded there would be committed by someone else, or not at all."""
    from django.db import transaction  # type: ignore[import-untyped]
    from portone_v1.contrib.django import DjangoInboxStore

    for using in with_alias(migrated_file(tmp_path / "inbox.sqlite3")):
        with transaction.atomic(using=using), pytest.raises(ConfigurationError, match="autocommit"):
            DjangoInboxStore(using).prune(0.0)
