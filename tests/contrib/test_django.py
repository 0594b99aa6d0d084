"""What only Django has: one transaction for the order and the mark, in a real database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction  # type: ignore[import-untyped]
from portone_v1.contrib.django import ModelStates, PaymentChange, webhook

from tests.contrib import django_site
from tests.contrib.kits import KITS
from tests.contrib.v1 import V1


@pytest.fixture(autouse=True)
def database(site: Path) -> Iterator[None]:
    django_site.set_up(site)
    django_site.empty()
    yield
    connection.close()


def marks() -> list[str]:
    from portone_v1.contrib.django.models import HandledChange

    return [str(mark) for mark in HandledChange.objects.order_by("key")]


def orders() -> list[str]:
    return [order.state for order in django_site.order_model().objects.all()]


class Notified:
    """A view of the kit, called without a server."""

    def __init__(self, v1: V1, handler: Any, **options: Any) -> None:
        from django.test import RequestFactory  # type: ignore[import-untyped]

        self.requests = RequestFactory()
        self.client = v1.client()
        self.view: Any = webhook(self.client, handler, **options)

    def __call__(self, imp_uid: str) -> int:
        request = self.requests.post("/portone/webhook", {"imp_uid": imp_uid}, content_type="application/json")
        return int(self.view(request).status_code)


def write_order(change: PaymentChange) -> None:
    django_site.order_model().objects.create(merchant_uid=change.payment.merchant_uid, state="paid")


def test_the_order_and_the_mark_are_committed_together(v1: V1) -> None:
    paid = v1.pay()
    notified = Notified(v1, write_order)
    assert notified(paid.imp_uid) == 200
    assert (orders(), marks()) == (["paid"], [f"{paid.imp_uid}:paid:0"])


def test_neither_is_there_when_the_handler_raises(v1: V1) -> None:
    def broken(change: PaymentChange) -> None:
        write_order(change)
        raise DatabaseError("gone")

    paid = v1.pay()
    assert Notified(v1, broken)(paid.imp_uid) == 500
    assert (orders(), marks()) == ([], [])
    assert Notified(v1, write_order)(paid.imp_uid) == 200
    assert (orders(), marks()) == (["paid"], [f"{paid.imp_uid}:paid:0"])


def test_an_integrity_error_of_the_handler_is_not_taken_for_a_second_delivery(v1: V1) -> None:
    django_site.order_model().objects.create(merchant_uid="order-1", state="waiting")
    paid = v1.pay()
    assert Notified(v1, write_order)(paid.imp_uid) == 500
    assert marks() == []


def test_a_database_that_is_down_is_answered_500_and_a_resend_helps(v1: V1, monkeypatch: pytest.MonkeyPatch) -> None:
    paid = v1.pay()
    notified = Notified(v1, write_order)
    with monkeypatch.context() as down:

        def refuse(*_: object) -> None:
            raise DatabaseError("no connection")

        connection.close()
        down.setattr(connection, "get_new_connection", refuse)
        assert notified(paid.imp_uid) == 500
    assert notified(paid.imp_uid) == 200
    assert orders() == ["paid"]


def test_v1_is_never_asked_inside_a_transaction_and_the_handler_always_runs_in_one(v1: V1, site: Path) -> None:
    """With ATOMIC_REQUESTS on, as these settings have it."""
    inside: list[bool] = []
    handled_inside: list[bool] = []
    v1.watch = lambda: inside.append(connection.in_atomic_block)
    paid = v1.pay()
    import httpx

    class Watched:
        calls: list[PaymentChange] = []  # noqa: RUF012

        def __call__(self, change: PaymentChange) -> None:
            handled_inside.append(connection.in_atomic_block)

    handler: Any = Watched()
    with KITS["django"](v1, handler, site) as url:
        answer = httpx.post(f"{url}/portone/webhook", json={"imp_uid": paid.imp_uid}, trust_env=False)
    assert answer.status_code == 200
    assert (set(inside), handled_inside) == ({False}, [True])


def test_a_second_delivery_waits_for_the_first_and_takes_over_when_it_fails() -> None:
    """Two claims of one change in two connections: the second's answer depends on how the first one ends."""
    for ending, expected in ((None, False), (LookupError(), True)):
        django_site.empty()
        entered, go_on = Event(), Event()
        found: list[bool] = []

        def first(ending: Exception | None = ending, entered: Event = entered, go_on: Event = go_on) -> None:
            try:
                with ModelStates().claim("imp_1:paid:0"):
                    entered.set()
                    go_on.wait(20)
                    if ending is not None:
                        raise ending
            except LookupError:
                pass
            finally:
                connection.close()

        def second(found: list[bool] = found) -> None:
            with ModelStates().claim("imp_1:paid:0") as ours:
                found.append(ours)
            connection.close()

        threads = [Thread(target=first), Thread(target=second)]
        threads[0].start()
        assert entered.wait(20)
        threads[1].start()
        threads[1].join(0.1)
        assert found == []  # it waits
        go_on.set()
        for thread in threads:
            thread.join(20)
        assert (found, marks()) == ([expected], ["imp_1:paid:0"])


def test_a_claim_inside_another_transaction_is_refused() -> None:
    """Otherwise the mark would be committed by somebody else, or not at all."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), ModelStates().claim("imp_1:paid:0"):
        pytest.fail("it was entered")


def test_a_coroutine_function_is_no_handler(v1: V1) -> None:
    async def handler(_: PaymentChange) -> None: ...

    with pytest.raises(TypeError, match="regular function"):
        webhook(v1.client(), handler)  # type: ignore[arg-type]


def test_the_migration_is_what_the_model_says() -> None:
    from django.core.management import call_command  # type: ignore[import-untyped]

    call_command("makemigrations", "portone_v1", check=True, dry_run=True, verbosity=0)
