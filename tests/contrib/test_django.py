"""What only Django has: settings, handlers that are found, one transaction for the order and the inbox, commands."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command  # type: ignore[import-untyped]
from django.core.management.base import CommandError  # type: ignore[import-untyped]
from django.db import DatabaseError, connection, transaction  # type: ignore[import-untyped]
from django.test import Client, RequestFactory, override_settings  # type: ignore[import-untyped]
from portone_v1.inbox import PaymentChanged, RetryLater

from tests.contrib import django_site
from tests.contrib.v1 import V1

DONE: list[str] = []


@pytest.fixture(autouse=True)
def database(site: Path) -> Iterator[None]:
    django_site.set_up(site)
    django_site.empty()
    DONE.clear()
    yield
    connection.close()


@pytest.fixture
def shop(v1: V1, database: None) -> Iterator[Any]:
    """Return PortOne's side of a shop: it posts webhooks, with CSRF checked as on a server."""
    from portone_v1.contrib.django import webhook

    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    with v1.client() as client, django_site.routed(webhook, CLIENT=lambda: client):
        yield functools.partial(notify, browser)


def notify(browser: Any, imp_uid: str, path: str = "/portone/webhook") -> int:
    return int(browser.post(path, {"imp_uid": imp_uid}, content_type="application/json").status_code)


def handle(function: Any) -> None:
    from portone_v1.contrib.django import webhook_handler

    webhook_handler("payment")(function)


def orders() -> list[str]:
    return [order.state for order in django_site.order_model().objects.all()]


def rows() -> list[tuple[str, str]]:
    from portone_v1.contrib.django import DjangoInboxStore

    return [(row.state, row.error) for row in DjangoInboxStore().rows()]


def command(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def write_order(change: PaymentChanged) -> None:
    from portone_v1.contrib.django import later

    order = django_site.order_model().objects.create(merchant_uid=change.payment.merchant_uid, state="paid")
    later(send_receipt, key=f"receipt:{order.pk}", order_id=order.pk)


def send_receipt(order_id: str) -> None:
    DONE.append(order_id)


def broken(change: PaymentChanged) -> None:
    write_order(change)
    raise DatabaseError("gone")


def test_the_order_its_task_and_the_row_are_committed_together(v1: V1, shop: Any) -> None:
    handle(write_order)
    assert shop(v1.pay().imp_uid) == 200
    assert (orders(), rows(), DONE) == (["paid"], [("done", "")], [])
    assert command("portone_drain") == "1\n"
    assert command("portone_drain") == "0\n"
    assert DONE == ["order-1"]


def test_none_of_them_is_there_when_the_handler_raises(v1: V1, shop: Any) -> None:
    paid = v1.pay()
    handle(broken)
    assert shop(paid.imp_uid) == 503
    assert (orders(), rows()) == ([], [("waiting", "DatabaseError")])
    django_site.forget_handlers()
    handle(write_order)
    assert shop(paid.imp_uid) == 200
    command("portone_drain")
    assert (orders(), rows(), DONE) == (["paid"], [("done", "")], ["order-1"])


def test_a_database_that_is_down_is_answered_500_and_a_resend_helps(
    v1: V1, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = v1.pay()
    handle(write_order)
    with monkeypatch.context() as down:

        def refuse(*_: object) -> None:
            raise DatabaseError("no connection")

        connection.close()
        down.setattr(connection, "get_new_connection", refuse)
        assert shop(paid.imp_uid) == 500
    assert shop(paid.imp_uid) == 200
    assert orders() == ["paid"]


def test_v1_is_never_asked_inside_a_transaction_and_the_handler_always_runs_in_one(v1: V1, shop: Any) -> None:
    """With ATOMIC_REQUESTS on, as these settings have it."""
    asked: list[bool] = []
    handled: list[bool] = []
    v1.watch = lambda: asked.append(connection.in_atomic_block)
    handle(lambda _: handled.append(connection.in_atomic_block))
    assert shop(v1.pay().imp_uid) == 200
    assert (set(asked), handled) == ({False}, [True])


def test_a_wrapper_of_the_shops_own_keeps_the_marks(v1: V1) -> None:
    from portone_v1.contrib.django import async_webhook, webhook

    @functools.wraps(webhook)
    def logged(request: Any, **arguments: Any) -> Any:
        return webhook(request, **arguments)

    handle(write_order)
    with v1.client() as client, django_site.routed(logged, CLIENT=lambda: client):
        browser = Client(enforce_csrf_checks=True)
        assert notify(browser, v1.pay().imp_uid) == 200
        paid = v1.sandbox.pay(merchant_uid="order-2", amount=1000, tier="AB1")
        assert notify(browser, paid.imp_uid, "/portone/AB1/webhook") == 200
    views: list[Any] = [webhook, async_webhook, logged]
    for view in views:
        assert (view.csrf_exempt, view.login_required, "any" in view._non_atomic_requests) == (True, False, True)


def test_a_tasks_function_has_to_be_found_by_its_name(v1: V1) -> None:
    from portone_v1.contrib.django import later

    with transaction.atomic(), pytest.raises(ValueError, match="module-level function"):
        later(lambda: None, key="k")
    with pytest.raises(RuntimeError, match="transaction"):
        later(send_receipt, key="k", order_id="order-1")


def test_handlers_are_ordinary_functions_and_one_for_each_kind() -> None:
    from django.core.exceptions import ImproperlyConfigured  # type: ignore[import-untyped]
    from portone_v1.contrib.django import webhook_handler

    async def awaited(_: PaymentChanged) -> None: ...

    with pytest.raises(ImproperlyConfigured, match="regular function"):
        webhook_handler("payment")(awaited)
    handle(write_order)
    with pytest.raises(ImproperlyConfigured, match="two handlers"):
        handle(broken)
    with pytest.raises(ImproperlyConfigured, match="unknown kind"):
        webhook_handler("refund")(broken)  # type: ignore[arg-type]


def test_replay_passes_only_new_changes_to_the_handler(v1: V1, shop: Any) -> None:
    paid = v1.pay()
    handle(write_order)
    assert command("portone_replay", paid.imp_uid) == f"{paid.imp_uid} done\n"
    assert command("portone_replay", paid.imp_uid) == f"{paid.imp_uid} done\n"
    assert command("portone_replay", "--since", "2020-01-01") == f"{paid.imp_uid} done\n"
    assert orders() == ["paid"]


def test_a_period_is_compared_with_what_the_handlers_have_processed(v1: V1, shop: Any) -> None:
    handle(lambda change: None)
    seen, lost = v1.pay(), v1.pay("order-2")
    assert shop(seen.imp_uid) == 200
    command("portone_drain")
    with pytest.raises(CommandError, match="1 of 2 payments differ"):
        command("portone_reconcile", "--since", "2020-01-01")
    lines = command("portone_reconcile", "--since", "2020-01-01", "--replay").splitlines()
    assert lines[0] == f"{lost.imp_uid} order-2 paid at PortOne, no webhook stored"
    assert lines[-1] == "2 payments compared, 1 differed"
    assert command("portone_reconcile", "--since", "2020-01-01") == "2 payments compared, 0 differed\n"
    with v1.client() as client:
        client.payments.cancel(imp_uid=seen.imp_uid, amount=5000)
    assert f"{seen.imp_uid} order-1" in command("portone_reconcile", "--since", "2020-01-01", "--replay")
    assert command("portone_reconcile", "--since", "2020-01-01").startswith("2 payments compared, 0")
    with pytest.raises(CommandError, match="must not be later"):
        command("portone_reconcile", "--since", "2020-01-02", "--until", "2020-01-01")


def test_an_order_that_comes_after_its_webhook(v1: V1, shop: Any) -> None:
    paid = v1.pay()

    def payment_changed(change: PaymentChanged) -> None:
        order = django_site.order_model().objects.filter(pk=change.payment.merchant_uid).first()
        if order is None:
            raise RetryLater
        order.state = "paid"
        order.save()

    handle(payment_changed)
    assert shop(paid.imp_uid) == 503
    django_site.order_model().objects.create(merchant_uid="order-1", state="waiting")
    assert shop(paid.imp_uid) == 200
    assert orders() == ["paid"]


def test_the_client_is_made_at_its_first_use_and_again_for_other_settings(shop: Any) -> None:
    from django.core.exceptions import ImproperlyConfigured
    from portone_v1.contrib.django import DjangoStore, client

    with override_settings(PORTONE_V1={"IMP_KEY": "k", "IMP_SECRET": "s", "BASE_URL": "http://127.0.0.1:1"}):
        assert client() is client()
        assert client().base_url == "http://127.0.0.1:1"
        assert client("AB1").tier == "AB1"
        assert isinstance(client()._session.journal.store, DjangoStore)
    with override_settings(PORTONE_V1={}), pytest.raises(ImproperlyConfigured, match="PORTONE_V1"):
        client()


def test_settle_and_prune_ask_the_clients_journal(v1: V1, shop: Any) -> None:
    assert command("portone_settle") == ""
    assert command("portone_prune") == "webhooks and tasks 0, intents 0\n"


def check_ids(**options: Any) -> set[str]:
    from django.core.checks import run_checks  # type: ignore[import-untyped]

    with override_settings(PORTONE_V1=options):
        return {message.id for message in run_checks(tags=["portone"], include_deployment_checks=True)}


def test_the_system_checks_say_what_is_missing(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORTONE_V1_KEY", "PORTONE_V1_SECRET", "PORTONE_V1_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    keys = {"IMP_KEY": "k", "IMP_SECRET": "s"}
    assert check_ids() == {"portone.W001", "portone.W004", "portone.E101", "portone.W101"}
    handle(write_order)
    assert check_ids(**keys, WORKER="command") == {"portone.W004"}
    assert check_ids(**keys, WORKER="nobody", SECRET=1) >= {"portone.E001", "portone.E003"}
    assert check_ids(**keys, TRUSTED_PROXIES=["10.0.0.1/8"], DATABASE="none") >= {"portone.E002", "portone.E004"}
    assert check_ids(**keys, BASE_URL="http://v1.example.com", ALLOW_TEST_PAYMENTS=True) >= {
        "portone.E005",
        "portone.E102",
    }


def test_the_system_checks_find_a_webhook_that_is_not_mounted() -> None:
    from portone_v1.contrib.django import webhook

    with django_site.routed(lambda request, **_: webhook(request)):
        assert "portone.W002" in check_ids()
    with django_site.routed(webhook):
        assert "portone.W002" not in check_ids()


SETTINGS = """
SECRET_KEY = "only for tests"
ROOT_URLCONF = "urls"
STATIC_ROOT, STATIC_URL = "static", "/static/"
INSTALLED_APPS = ["django.contrib.staticfiles", "portone_v1.contrib.django", "orders"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.sqlite3"}}
"""
URLS = """
from django.urls import path
from portone_v1.contrib.django import webhook

urlpatterns = [path("portone/webhook", webhook)]
"""
HANDLER = """
from portone_v1.contrib.django import webhook_handler
@webhook_handler("payment")
def payment_changed(change): ...
"""


def test_a_new_project_migrates_checks_and_collects_without_keys(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(SETTINGS)
    (tmp_path / "urls.py").write_text(URLS)
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "__init__.py").touch()
    (tmp_path / "orders" / "portone.py").write_text(HANDLER)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTONE_V1_")}
    environment |= {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(tmp_path)}
    output = ""
    for words in ("check", "migrate", "makemigrations --check", "collectstatic --noinput", "portone_drain"):
        program = [sys.executable, "-m", "django", *words.split()]
        done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        output += done.stderr
    assert "portone.W003" in output  # SQLite without IMMEDIATE
    assert "portone.W001" not in output  # orders/portone.py was found


def test_the_factory_of_requests_needs_no_url(v1: V1) -> None:
    from portone_v1.contrib.django import webhook

    assert webhook(RequestFactory().get("/portone/webhook")).status_code == 405


def test_the_migration_is_what_the_model_says() -> None:
    call_command("makemigrations", "portone_v1", check=True, dry_run=True, verbosity=0)
