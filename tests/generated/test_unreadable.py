"""What cannot be read stays as it came, in both readers: None would say that V1 sent nothing."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest
from portone_v1 import PortOne, ResponseFormatError
from portone_v1._http import responses
from portone_v1.models import Payment
from portone_v1.results import cancellable_amount

PAID = {
    "imp_uid": "imp_100000000001",
    "merchant_uid": "order-1",
    "amount": 1000,
    "cancel_amount": 0,
    "currency": "KRW",
    "status": "paid",
    "sandbox": False,
    "paid_at": 1700000000,
    "cancel_history": [],
}
VALUES: dict[str, tuple[Any, ...]] = {
    "amount": ("many", "1,000", "NaN", "Infinity", [1], {"total": 1}),
    "cancel_amount": ("some", [], {}),
    "paid_at": ("soon", "2024-01-01 00:00:00", 1_711_954_800_000, 10**18, [1]),
    "card_quota": ("x", "1e999999999"),
    "escrow": ("maybe", [1], {"a": 1}),
    "sandbox": ("maybe", {}),
    "status": ("PAID", "half", ""),
    "card_type": (7, "debit"),
    "currency": ("won", ""),
}
ODD = [(field, value) for field, values in VALUES.items() for value in values]


def answered(row: dict[str, Any], *, speed: bool, monkeypatch: pytest.MonkeyPatch) -> Payment:
    """Return the payment as the client reads it, from plain JSON or with msgspec."""
    if speed:
        pytest.importorskip("msgspec")
    else:
        monkeypatch.setattr(responses, "_strict_reader", lambda: None)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            token = {"access_token": "t", "now": 1, "expired_at": 4_000_000_000}
            return httpx.Response(200, json={"code": 0, "message": None, "response": token})
        return httpx.Response(200, content=json.dumps({"code": 0, "message": None, "response": row}).encode())

    with PortOne("key", "secret", transport=httpx.MockTransport(answer)) as client:
        return client.payments.get(row["imp_uid"])


@pytest.mark.parametrize("speed", [False, True], ids=["json", "speed"])
@pytest.mark.parametrize(("name", "value"), ODD)
def test_it_stays_as_it_came(name: str, value: Any, *, speed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = answered(PAID | {name: value}, speed=speed, monkeypatch=monkeypatch)
    assert getattr(payment, name) == value
    assert payment.to_dict()[name] == value
    assert Payment.from_dict(payment.to_dict()) == payment
    repr(payment)
    json.dumps(payment.to_dict(mode="json"))


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("amount", "1000", Decimal(1000)),
        ("amount", "", None),
        ("amount", "null", None),
        ("paid_at", "", None),
        ("paid_at", "0", None),
        ("card_quota", "3", 3),
        *(("escrow", word, True) for word in ("true", "Y", "1", 1)),
        *(("escrow", word, False) for word in ("false", "N", "0", "", 0)),
        ("card_quota", [1], "[1]"),
        ("custom_data", {"cart": [1, "가"]}, '{"cart":[1,"가"]}'),
    ],
)
def test_other_forms_of_a_value_are_read(name: str, value: Any, read: Any) -> None:
    assert getattr(Payment.from_dict(PAID | {name: value}), name) == read


@pytest.mark.parametrize("name", ["amount", "cancel_amount"])
def test_no_decision_rests_on_an_amount_that_nobody_can_read(name: str) -> None:
    payment = Payment.from_dict(PAID | {name: "many"})
    assert cancellable_amount(payment) == 0


def test_an_unreadable_refund_does_not_count_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from portone_v1.inbox.events import Progress

    with pytest.raises(ResponseFormatError, match="cannot be read"):
        Progress.of(Payment.from_dict(PAID | {"cancel_amount": "some"}))
