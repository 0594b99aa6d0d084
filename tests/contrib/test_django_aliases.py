"""The inbox and the journal in a database that is not `default`: commands and admin look where the stores write."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command  # type: ignore[import-untyped]
from django.test import RequestFactory  # type: ignore[import-untyped]

from tests.contrib import django_site
from tests.contrib.v1 import V1
from tests.intents.test_django_store import migrated_file, with_alias


@pytest.fixture
def using(site: Path, tmp_path: Path) -> Iterator[str]:
    django_site.set_up(site)
    for alias in with_alias(migrated_file(tmp_path / "payments.sqlite3")):
        from portone_v1.contrib.django._handlers import HANDLERS

        HANDLERS["payment"] = lambda change: None
        yield alias
        HANDLERS.clear()


def test_commands_and_admin_read_the_database_of_the_settings(v1: V1, using: str) -> None:
    from django.contrib import admin  # type: ignore[import-untyped]
    from portone_v1.contrib.django import DjangoStore, inbox, webhook
    from portone_v1.contrib.django.models import StoredIntent, StoredWebhook

    paid = v1.pay(amount=12000)
    client = v1.sandbox.client(intents=DjangoStore(using))
    with client, django_site.routed(webhook, CLIENT=lambda: client, DATABASE=using):
        assert inbox().replay([paid.imp_uid]) == {paid.imp_uid: "done"}
        client.payments.cancel_once(imp_uid=paid.imp_uid, amount=5000, key="k-1")
        assert inbox().replay([paid.imp_uid]) == {paid.imp_uid: "done"}
        out = StringIO()
        call_command("portone_reconcile", "--since", "2020-01-01", stdout=out)
        assert out.getvalue() == "1 payments compared, 0 differed\n"
        seen: list[Any] = [
            admin.site._registry[model].get_queryset(RequestFactory().get("/")).get()
            for model in (StoredWebhook, StoredIntent)
        ]
        assert (seen[0].imp_uid, seen[1].state) == (paid.imp_uid, "watch")
