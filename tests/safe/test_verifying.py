"""Verify: the payment is the one that was ordered, or every difference is named."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

import pytest
from portone_v1 import NoAnswerError, NotFoundError, VerificationError

from tests.safe import network as net
from tests.safe.conftest import Shop


def verify(shop: Shop, imp_uid: str, **changes: Any) -> Any:
    order: dict[str, Any] = {"merchant_uid": "order-1", "amount": 1000, **changes}
    return shop.run(lambda c: c.payments.verify(imp_uid, **order))


def mismatches(shop: Shop, imp_uid: str, **changes: Any) -> dict[str, tuple[Any, Any]]:
    with pytest.raises(VerificationError) as caught:
        verify(shop, imp_uid, **changes)
    error = caught.value
    assert (error.operation, error.imp_uid) == ("payments.verify", imp_uid)
    assert error.payment.imp_uid == imp_uid
    assert all(name in str(error) for name in error.mismatches)
    return dict(error.mismatches)


def test_the_payment_that_was_ordered(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    assert verify(shop, imp_uid).imp_uid == imp_uid
    assert verify(shop, imp_uid, amount=Decimal("1000.00")).paid_at is not None


@pytest.mark.parametrize(
    ("paid", "asked", "named"),
    [
        ({}, {"merchant_uid": "order-2"}, {"merchant_uid": ("order-2", "order-1")}),
        ({"amount": 100}, {}, {"amount": (Decimal(1000), Decimal(100))}),
        ({"amount": 1001}, {}, {"amount": (Decimal(1000), Decimal(1001))}),
        ({"currency": "USD"}, {}, {"currency": ("KRW", "USD")}),
        ({}, {"currency": "JPY"}, {"currency": ("JPY", "KRW")}),
        ({"sandbox": True}, {}, {"sandbox": (False, True)}),
        ({"status": "failed"}, {}, {"status": ("paid", "failed"), "amount": (Decimal(1000), Decimal(0))}),
        ({"status": "ready"}, {}, {"status": ("paid", "ready"), "amount": (Decimal(1000), Decimal(0))}),
    ],
)
def test_one_that_was_not(shop: Shop, paid: Any, asked: Any, named: Any) -> None:
    assert mismatches(shop, shop.paid(**paid).imp_uid, **asked) == named


def test_the_message_names_the_outcome(shop: Shop) -> None:
    imp_uid = shop.paid(status="failed").imp_uid
    with pytest.raises(VerificationError, match="status: expected paid, got failed; amount: expected 1000, got 0"):
        verify(shop, imp_uid)


def test_all_at_once(shop: Shop) -> None:
    imp_uid = shop.paid("order-9", 10, currency="USD", sandbox=True, status="failed").imp_uid
    assert set(mismatches(shop, imp_uid)) == {"merchant_uid", "amount", "currency", "sandbox", "status"}


def test_a_test_payment_where_it_is_meant(shop: Shop) -> None:
    assert verify(shop, shop.paid(sandbox=True).imp_uid, allow_test=True).sandbox is True


def test_cancelled(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.cancel(imp_uid=imp_uid, amount=1000, key="a")
    assert set(mismatches(shop, imp_uid)) == {"status", "amount"}


@pytest.mark.parametrize("reading", ["paid", "cancelled"])
def test_partly_cancelled(shop: Shop, reading: Literal["paid", "cancelled"]) -> None:
    """V1 was seen to answer `cancelled`, shops report `paid`: both mean that something is left."""
    engine = shop.sandbox._engine
    engine.settings = replace(engine.settings, partial_cancel_status=reading)
    imp_uid = shop.paid().imp_uid
    shop.cancel(imp_uid=imp_uid, amount=300, key="a")
    assert mismatches(shop, imp_uid) == {"amount": (Decimal(1000), Decimal(700))}
    assert verify(shop, imp_uid, amount=700).status == reading


def test_another_shops_payment(shop: Shop) -> None:
    imp_uid = shop.paid(tier="AAA").imp_uid
    shop.failure(lambda c: c.payments.verify(imp_uid, merchant_uid="order-1", amount=1000), NotFoundError)
    assert verify(shop, imp_uid, tier="AAA").imp_uid == imp_uid


def test_an_answer_about_another_payment(shop: Shop) -> None:
    imp_uid, other = shop.paid().imp_uid, shop.paid("order-2").to_dict()
    shop.network.meet("GET /payments/", net.answered(other))
    with pytest.raises(VerificationError) as caught:
        verify(shop, imp_uid, merchant_uid="order-2")
    assert set(caught.value.mismatches) == {"imp_uid"}


@pytest.mark.parametrize("amount", [10.5, "1000", None, True])
def test_what_is_no_amount(shop: Shop, amount: Any) -> None:
    shop.failure(lambda c: c.payments.verify("imp_1", merchant_uid="order-1", amount=amount), TypeError)
    assert shop.network.seen == []


def test_v1_that_does_not_answer(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet("GET /payments/", net.lost_before)
    shop.failure(lambda c: c.payments.verify(imp_uid, merchant_uid="order-1", amount=1000), NoAnswerError)


def test_what_can_still_be_cancelled(shop: Shop) -> None:
    payment = shop.paid()
    cancellable = shop.client.raw.payments.cancellable_amount
    assert cancellable(payment) == 1000
    assert cancellable(shop.cancel(imp_uid=payment.imp_uid, amount=300, key="a").payment) == 700
    assert cancellable(shop.cancel(imp_uid=payment.imp_uid, amount=700, key="b").payment) == 0
    assert cancellable(shop.paid("order-2", status="ready")) == 0
    assert cancellable(shop.paid("order-3", status="failed")) == 0


def test_a_payment_without_the_sandbox_flag_is_not_live(shop: Shop) -> None:
    """It may be an answer that someone kept, or a fixture: goods are shipped for real money alone."""
    data = shop.paid().to_dict()
    imp_uid = str(data["imp_uid"])
    for missing in (data | {"sandbox": None}, {name: value for name, value in data.items() if name != "sandbox"}):
        shop.network.meet("GET /payments/", net.answered(missing))
        assert mismatches(shop, imp_uid) == {"sandbox": (False, None)}
    shop.network.meet("GET /payments/", net.answered(data | {"sandbox": None}))
    assert verify(shop, imp_uid, allow_test=True).imp_uid == imp_uid


@pytest.mark.parametrize("imp_uid", ["missing", None, ""])
def test_an_answer_without_its_id_is_named_by_the_id_that_was_asked_for(shop: Shop, imp_uid: str | None) -> None:
    """The error's own text failed, so that a log held neither the order nor the reason."""
    data = shop.paid().to_dict()
    asked = str(data["imp_uid"])
    nameless = {name: value for name, value in data.items() if name != "imp_uid"}
    shop.network.meet("GET /payments/", net.answered(nameless if imp_uid == "missing" else data | {"imp_uid": imp_uid}))
    with pytest.raises(VerificationError, match=f"imp_uid={asked}") as caught:
        verify(shop, asked)
    assert caught.value.imp_uid == asked
    assert caught.value.mismatches["imp_uid"][0] == asked


@pytest.mark.parametrize("name", ["imp_uid", "merchant_uid", "currency"])
@pytest.mark.parametrize("empty", ["", " "])
def test_what_is_empty_is_the_shops_mistake_and_no_forgery(shop: Shop, name: str, empty: str) -> None:
    asked = {"imp_uid": shop.paid().imp_uid, name: empty}
    with pytest.raises(ValueError, match=f"^{name} must not be empty$"):
        verify(shop, **asked)
