"""Cards that are stored and charged again."""

from __future__ import annotations

from decimal import Decimal

from portone_v1 import NotFoundError, RefusedError
from portone_v1.enums import PaymentStatus

from tests.flows.shop import Shop
from tests.overlay.harness import Ask


def charge(merchant_uid: str, customer_uid: str = "customer-1") -> Ask:
    return lambda c: c.subscribe.again(
        customer_uid=customer_uid, merchant_uid=merchant_uid, amount=9900, name="정기배송"
    )


def test_store_charge_list_delete(shop: Shop) -> None:
    issued = shop.call(shop.store_card("customer-1"))
    assert issued.customer_uid == "customer-1"
    assert "4242" not in repr(issued)
    assert "홍길동" not in repr(issued)
    assert shop.call(lambda c: c.billing_keys.get("customer-1")).customer_uid == "customer-1"

    for month in range(3):
        shop.sandbox.clock.advance(days=30)
        payment = shop.call(charge(f"order-{month}"))
        assert (payment.status, payment.amount) == (PaymentStatus.PAID, Decimal(9900))
        assert payment.customer_uid == "customer-1"
    listed = shop.call(lambda c: c.billing_keys.list_payments("customer-1"))
    assert {payment.merchant_uid for payment in listed.items} == {"order-0", "order-1", "order-2"}

    assert shop.call(lambda c: c.billing_keys.delete("customer-1")).customer_uid == "customer-1"
    after = shop.failure(charge("order-9"))
    assert (type(after), after.message) == (RefusedError, "등록되지 않은 구매자입니다.")
    assert after.customer_uid == "customer-1"
    assert shop.money() == [("charge", 9900)] * 3


def test_an_id_of_any_form(shop: Shop) -> None:
    for uid in ("고객/1", "a?b#c", "../users", "100%", "a b"):
        shop.call(shop.store_card(uid))
        assert shop.call(lambda c, uid=uid: c.billing_keys.get(uid)).customer_uid == uid
    found = shop.call(lambda c: c.billing_keys.get_many(customer_uid=["고객/1", "nobody", "a?b#c"]))
    assert {key.customer_uid for key in found} == {"고객/1", "a?b#c"}
    assert found.missing == ("nobody",)


def test_a_stored_card_whose_charges_are_refused(shop: Shop) -> None:
    shop.call(shop.store_card("customer-1", card="charge_refused"))
    error = shop.failure(charge("order-1"))
    assert (type(error), error.code) == (RefusedError, -1)
    assert "카드사 점검중" in error.message
    assert shop.money() == []


def test_a_card_that_is_not_stored(shop: Shop) -> None:
    error = shop.failure(shop.store_card("customer-1", card="not_issued"))
    assert (type(error), error.code) == (RefusedError, -1)
    assert type(shop.failure(lambda c: c.billing_keys.get("customer-1"))) in (NotFoundError, RefusedError)
    assert type(shop.failure(lambda c: c.billing_keys.get_many(customer_uid=["customer-1"]))) is NotFoundError


def test_a_charge_needs_no_name(shop: Shop) -> None:
    """The official clients never sent one, and only some PGs want it."""
    shop.call(lambda c: c.billing_keys.issue("customer-1", card_number="4242-4242-4242-4242", expiry="2031-12"))
    paid = shop.call(lambda c: c.subscribe.again(customer_uid="customer-1", merchant_uid="order-1", amount=9900))
    assert (paid.status, paid.amount) == ("paid", 9900)
