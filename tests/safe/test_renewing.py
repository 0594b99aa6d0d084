"""Renewals: this month charged once and the next scheduled once, at whatever point it broke off before."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from portone_v1 import KST, PortOneError

from tests.safe import network as net
from tests.safe.conftest import Shop

RENEWAL: dict[str, Any] = {
    "customer_uid": "ordinary",
    "merchant_uid": "2026-01",
    "amount": 1000,
    "name": "구독",
    "next_merchant_uid": "2026-02",
    "first": datetime(2026, 1, 31, 10, tzinfo=KST),
    "months": 1,
}
ROUTES = [
    "GET /payments/findAll",
    "POST /subscribe/payments/again",
    "GET /subscribe/payments/schedule",
    "POST /subscribe/payments/schedule",
    "POST /users/getToken",
]


def renew(shop: Shop, **changes: Any) -> Any:
    return shop.run(lambda c: c.subscribe.renew(**{**RENEWAL, **changes}))


def test_this_month_and_the_next(shop: Shop) -> None:
    renewal = renew(shop)
    assert renewal.charge.state == "paid"
    assert renewal.schedule.merchant_uid == "2026-02"
    assert renewal.schedule.schedule_at == datetime(2026, 2, 28, 10, tzinfo=KST)
    assert shop.charges == [("2026-01", Decimal(1000))]
    assert shop.network.bodies[-1]["schedules"][0]["amount"] == 1000


def test_again_and_again(shop: Shop) -> None:
    renew(shop)
    second = renew(shop)
    assert (second.charge.already_paid, second.schedule.merchant_uid) == (True, "2026-02")
    assert len(shop.charges) == 1
    assert shop.network.made_schedules == ["2026-02"]


def test_another_amount_and_a_url(shop: Shop) -> None:
    renew(shop, next_amount=Decimal(2000), notice_url="https://shop.example.com/hook")
    sent = shop.network.bodies[-1]["schedules"][0]
    assert (sent["amount"], sent["notice_url"]) == (2000, "https://shop.example.com/hook")


@pytest.mark.parametrize("card", ["charge_refused", "charge_failed"])
def test_nothing_is_scheduled_where_the_card_is_declined(shop: Shop, card: str) -> None:
    renewal = renew(shop, customer_uid=card)
    assert (renewal.charge.state, renewal.schedule) == ("declined", None)
    assert shop.network.made_schedules == []


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"next_amount": 10.5}, TypeError),
        ({"next_amount": -1}, ValueError),
        ({"next_merchant_uid": None}, TypeError),
        ({"next_merchant_uid": ""}, ValueError),
        ({"notice_url": 7}, TypeError),
        ({"first": datetime(2026, 1, 31)}, ValueError),  # noqa: DTZ001 - meant
        ({"amount": 10.5}, TypeError),
    ],
)
def test_what_is_wrong_about_the_next_is_told_before_this_is_charged(shop: Shop, wrong: Any, kind: Any) -> None:
    shop.failure(lambda c: c.subscribe.renew(**{**RENEWAL, **wrong}), kind)
    assert shop.charges == []


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("fault", net.FAULTS)
def test_safe_to_repeat_wherever_it_broke_off(shop: Shop, route: str, fault: Any) -> None:
    shop.network.meet(route, fault)
    for _ in range(4):
        try:
            renewal = renew(shop)
        except PortOneError:
            shop.network.deliver()
            continue
        break
    else:
        pytest.fail("it never went through")
    shop.network.deliver()
    assert renewal.charge.state == "paid"
    assert renewal.schedule.merchant_uid == "2026-02"
    assert shop.charges == [("2026-01", Decimal(1000))]
    assert shop.network.made_schedules == ["2026-02"]


def test_an_answer_without_the_schedule(shop: Shop) -> None:
    shop.network.meet("POST /subscribe/payments/schedule", net.answered([]))
    shop.failure(lambda c: c.subscribe.renew(**RENEWAL), PortOneError)
    assert renew(shop).schedule.merchant_uid == "2026-02"


def test_an_answer_about_another_schedule(shop: Shop) -> None:
    shop.network.meet("GET /subscribe/payments/schedule", net.answered({"merchant_uid": "another"}))
    shop.failure(lambda c: c.subscribe.renew(**RENEWAL), PortOneError)
    assert shop.network.made_schedules == []


def test_a_sub_merchants_renewal(shop: Shop) -> None:
    assert renew(shop, tier="AAA").charge.already_paid is False
    assert renew(shop).charge.already_paid is False
