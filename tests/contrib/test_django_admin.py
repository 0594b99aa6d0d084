"""The admin: a payment as V1 holds it, a refund of it, the journal, and rows that are to be processed again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection  # type: ignore[import-untyped]
from django.test import Client  # type: ignore[import-untyped]
from portone_v1.clock import SystemClock
from portone_v1.inbox import PaymentChanged

from tests.contrib import django_site
from tests.contrib.test_django import command, handle, notify, orders, rows, write_order
from tests.contrib.v1 import V1


@pytest.fixture(autouse=True)
def _database(site: Path) -> Iterator[None]:
    django_site.set_up(site)
    django_site.empty()
    yield
    connection.close()


class Staff:
    """Someone at the admin, who may or may not refund."""

    def __init__(self, *permissions: str) -> None:
        from django.contrib.auth.models import Permission, User  # type: ignore[import-untyped]

        User.objects.all().delete()
        self.user = User.objects.create_user("staff", password="only for tests", is_staff=True)
        for name in permissions:
            self.user.user_permissions.add(Permission.objects.get(codename=name))
        self.browser = Client(enforce_csrf_checks=False)
        self.browser.force_login(self.user)

    def page(self, imp_uid: str) -> Any:
        return self.browser.get(f"/admin/portone_v1/storedwebhook/payment/{imp_uid}/")

    def refund(self, imp_uid: str, **form: str) -> Any:
        where = f"/admin/portone_v1/storedwebhook/payment/{imp_uid}/"
        return self.browser.post(where, {"key": "k-1", "reason": "고객 요청", **form}, follow=True)


@pytest.fixture
def refundable(v1: V1) -> Iterator[str]:
    """Create a payment, and route a client with a journal in memory, since its place does not matter here."""
    from portone_v1.contrib.django import webhook

    with v1.client() as client, django_site.routed(webhook, CLIENT=lambda: client):
        yield v1.pay(amount=12000).imp_uid


def given_back(v1: V1) -> int:
    return int(sum(movement.amount for movement in v1.sandbox.ledger if movement.kind == "refund"))


def test_the_admin_shows_a_payment_as_v1_holds_it_and_refunds_it_once(v1: V1, refundable: str) -> None:
    staff = Staff("view_storedwebhook", "change_storedintent")
    page = staff.page(refundable)
    assert page.status_code == 200
    assert "order-1" in page.text
    assert "<td>12,000 KRW</td>" in page.text
    assert 'value="12000"' in page.text
    wrong = staff.refund(refundable, amount="5000", confirm="order-2")
    assert "결제를 취소하지 않았습니다" in wrong.text
    assert "결제 금액 12,000 KRW보다 많습니다" in staff.refund(refundable, amount="12001", confirm="order-1").text
    assert given_back(v1) == 0
    for _ in range(2):  # a double click
        done = staff.refund(refundable, amount="5000", confirm="order-1")
        assert f"결제 {refundable}: 5,000 KRW 취소되었습니다." in done.text
    assert given_back(v1) == 5000
    shown = staff.page(refundable).text
    assert "<td>5,000 KRW</td>" in shown
    assert "<td>7,000 KRW</td>" in shown
    more = staff.refund(refundable, key="k-2", amount="7001", confirm="order-1")
    assert "취소 요청을 보내지 않았습니다. 취소 가능 금액보다 많거나" in more.text
    assert given_back(v1) == 5000


def test_the_shop_processes_a_refund_of_the_admin_at_once(v1: V1, refundable: str) -> None:
    """V1 sends no webhook for a refund over the API: the order would stay paid until the nightly comparison."""
    from portone_v1.inbox import Refunded

    heard: list[str] = []

    def changed(change: PaymentChanged) -> None:
        if isinstance(change, Refunded) and not heard:
            heard.append("failed")
            raise OSError
        heard.append(type(change).__name__)

    handle(changed)
    staff = Staff("view_storedwebhook", "change_storedintent")
    done = staff.refund(refundable, amount="12000", confirm="order-1")
    assert "12,000 KRW 취소되었습니다." in done.text
    assert "주문에는 아직 반영되지 않았습니다" in done.text
    assert rows() == [("waiting", "OSError")]
    staff.refund(refundable, amount="12000", confirm="order-1")  # a second click, when the shop can
    assert heard == ["failed", "Refunded"]
    assert given_back(v1) == 12000


class NoWaiting(SystemClock):
    def sleep(self, seconds: float) -> None:
        pass


def test_the_admin_refunds_nothing_while_an_earlier_refund_is_undecided(v1: V1) -> None:
    from portone_v1.contrib.django import webhook

    uid = v1.pay(amount=12000).imp_uid
    with v1.sandbox.client(clock=NoWaiting()) as client, django_site.routed(webhook, CLIENT=lambda: client):
        staff = Staff("view_storedwebhook", "change_storedintent")
        v1.sandbox.faults.fail_next(1, status=502, executed=False, operation="payments_cancel")
        first = staff.refund(uid, key="k-1", amount="3000", confirm="order-1")
        assert "3,000 KRW 취소 결과를 아직 알 수 없습니다. 취소되었을 수 있습니다." in first.text
        second = staff.refund(uid, key="k-2", amount="5000", confirm="order-1")
        assert "5,000 KRW 취소 요청은 보내지 않았습니다. 이 결제의 앞선 요청이 확정되지 않았고" in second.text
    assert given_back(v1) == 0


def test_the_admin_refuses_what_the_currency_does_not_have(v1: V1, refundable: str) -> None:
    staff = Staff("view_storedwebhook", "change_storedintent")
    page = staff.refund(refundable, amount="5000.50", confirm="order-1")
    assert page.status_code == 200
    assert "5,000.50 KRW 취소 요청을 보내지 않았습니다" in page.text
    assert given_back(v1) == 0


def test_the_admin_refunds_nothing_without_the_permission(v1: V1, refundable: str) -> None:
    staff = Staff("view_storedwebhook")
    assert "결제취소" not in staff.page(refundable).text
    assert staff.refund(refundable, amount="5000", confirm="order-1").status_code == 403
    assert given_back(v1) == 0
    assert Staff().page(refundable).status_code == 403


def test_the_admin_lists_the_journal_with_amounts_and_korean_times(v1: V1) -> None:
    from portone_v1.contrib.django import DjangoStore, webhook

    paid = v1.pay(amount=12000)
    with v1.sandbox.client(intents=DjangoStore()) as client, django_site.routed(webhook, CLIENT=lambda: client):
        client.payments.cancel_once(imp_uid=paid.imp_uid, amount=5000, key="k-1")
        page = Staff("view_storedintent").browser.get("/admin/portone_v1/storedintent/").text
    for shown in ("payments.cancel", ">5,000<", "refunded", "보낸 시각(KST)"):
        assert shown in page
    assert re.search(r">\d{4}-\d\d-\d\d \d\d:\d\d:\d\d<", page)


def test_the_admin_makes_rows_due_again(refundable: str) -> None:
    handle(write_order)
    assert notify(Client(), refundable) == 200
    staff = Staff("view_storedwebhook")
    listing = "/admin/portone_v1/storedwebhook/"
    assert refundable in staff.browser.get(listing).text
    chosen = {"action": "look_again", "_selected_action": f"payment::{refundable}"}
    assert "1건을 다시 확인합니다" in staff.browser.post(listing, chosen, follow=True).text
    assert rows() == [("waiting", "")]
    command("portone_drain")
    assert (rows(), orders()) == ([("done", "")], ["paid"])
