"""Pay, read back, verify, cancel: what a shop does with a payment."""

from __future__ import annotations

from decimal import Decimal

import pytest
from portone_v1 import FULL, InvalidRequestError, NotFoundError, RefusedError
from portone_v1.enums import PaymentStatus

from tests.flows.shop import Shop


def test_pay_read_verify_cancel(shop: Shop) -> None:
    paid = shop.call(shop.charge("order-1", buyer_name="홍길동", buyer_email="hong@example.com"))
    assert (paid.status, paid.amount, paid.merchant_uid) == (PaymentStatus.PAID, Decimal(12000), "order-1")
    assert paid.imp_uid.startswith("imps_")

    payment = shop.call(lambda c: c.payments.get(paid.imp_uid))
    assert payment == paid
    assert int(payment.paid_at.timestamp()) == shop.sandbox.clock.now()
    assert payment.paid_at.utcoffset().total_seconds() == 9 * 3600
    assert payment.cancel_amount == 0
    assert payment.failed_at is None
    assert "홍길동" not in repr(payment)
    assert "hong@example.com" not in repr(payment)

    cancelled = shop.call(lambda c: c.payments.cancel(imp_uid=paid.imp_uid, amount=FULL, reason="변심", checksum=12000))
    assert (cancelled.status, cancelled.cancel_amount) == (PaymentStatus.CANCELLED, Decimal(12000))
    assert [(entry.amount, entry.reason) for entry in cancelled.cancel_history] == [(Decimal(12000), "변심")]
    assert shop.money() == [("charge", Decimal(12000)), ("refund", Decimal(12000))]


def test_partial_cancels_to_the_last_won(shop: Shop) -> None:
    imp_uid = shop.call(shop.charge("order-1", 10000)).imp_uid
    left = 10000
    for amount in (3000, 1, 6000):
        payment = shop.call(
            lambda c, amount=amount, left=left: c.payments.cancel(imp_uid=imp_uid, amount=amount, checksum=left)
        )
        left -= amount
        assert payment.amount - payment.cancel_amount == left
        assert payment.status == PaymentStatus.CANCELLED
    too_much = shop.failure(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=1000))
    assert type(too_much) is RefusedError
    last = shop.call(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=999, checksum=999))
    assert last.status == PaymentStatus.CANCELLED
    assert [entry.amount for entry in last.cancel_history] == [3000, 1, 6000, 999]
    again = shop.failure(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=FULL))
    assert type(again) is RefusedError
    assert again.message == "이미 전액취소된 주문입니다."
    assert sum(amount for kind, amount in shop.money() if kind == "refund") == 10000


def test_a_checksum_that_does_not_hold_cancels_nothing(shop: Shop) -> None:
    imp_uid = shop.call(shop.charge("order-1", 10000)).imp_uid
    shop.call(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=4000, checksum=10000))
    error = shop.failure(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=4000, checksum=10000))
    assert type(error) is RefusedError
    assert error.imp_uid == imp_uid
    assert shop.money() == [("charge", 10000), ("refund", 4000)]


def test_an_order_is_cancelled_by_its_number(shop: Shop) -> None:
    shop.call(shop.charge("주문 1/2?", 5000))
    cancelled = shop.call(lambda c: c.payments.cancel(merchant_uid="주문 1/2?", amount=FULL))
    assert cancelled.merchant_uid == "주문 1/2?"
    assert cancelled.status == PaymentStatus.CANCELLED
    unknown = shop.failure(lambda c: c.payments.cancel(merchant_uid="order-unknown", amount=FULL))
    assert (type(unknown), unknown.code) == (RefusedError, 1)
    assert unknown.message == "취소할 결제건이 존재하지 않습니다."


@pytest.mark.parametrize("card", ["not_issued", "charge_refused"])
def test_a_declined_card(shop: Shop, card: str) -> None:
    error = shop.failure(shop.charge("order-1", card=card))
    assert type(error) is RefusedError
    assert (error.status, error.code) == (200, -1)
    assert error.message
    assert error.merchant_uid == "order-1"
    assert shop.money() == []


def test_a_charge_that_answers_and_failed(shop: Shop) -> None:
    payment = shop.call(shop.charge("order-1", card="charge_failed"))
    assert payment.status == PaymentStatus.FAILED
    assert "잔액부족" in payment.fail_reason
    assert payment.paid_at is None
    assert shop.money() == []


def test_a_number_that_no_card_has(shop: Shop) -> None:
    error = shop.failure(shop.charge("order-1", card="4242-4242-4242-4241"))
    assert type(error) is RefusedError
    assert "유효하지않은 카드번호를 입력하셨습니다." in (error.message or "")


def test_a_paid_order_is_not_paid_again(shop: Shop) -> None:
    shop.call(shop.charge("order-1"))
    assert type(shop.failure(shop.charge("order-1"))) is RefusedError
    assert shop.money() == [("charge", 12000)]


def test_several_at_once_with_some_missing(shop: Shop) -> None:
    uids = [shop.call(shop.charge(f"order-{number}")).imp_uid for number in range(3)]
    asked = ["imp_unknown", *uids, "imp_nothing"]
    found = shop.call(lambda c: c.payments.get_many(imp_uid=asked))
    assert {payment.imp_uid for payment in found} == set(uids)
    assert found.missing == ("imp_unknown", "imp_nothing")
    raw = shop.call(lambda c: c.payments.with_raw_response.get_many(imp_uid=asked))
    assert (raw.status, raw.data.missing) == (207, found.missing)
    whole = shop.call(lambda c: c.payments.with_raw_response.get_many(merchant_uid=["order-0", "order-2"]))
    assert (whole.status, whole.data.missing, len(whole.data)) == (200, (), 2)
    none = shop.failure(lambda c: c.payments.get_many(imp_uid=["imp_unknown"]))
    assert (type(none), none.status) == (NotFoundError, 404)


def test_the_attempts_at_an_order(shop: Shop) -> None:
    for number, card in enumerate(["charge_failed", "charge_failed", "ordinary"]):
        shop.sandbox.clock.advance(minutes=number)
        shop.call(shop.charge("order-1", card=card))
    every = shop.call(lambda c: c.payments.find_all("order-1"))
    assert [str(payment.status) for payment in every.items] == ["paid", "failed", "failed"]
    assert every.total == 3
    assert [p.status for p in shop.call(lambda c: c.payments.find_all("order-1", "failed")).items] == ["failed"] * 2
    assert shop.call(lambda c: c.payments.find("order-1")).status == PaymentStatus.PAID
    assert shop.call(lambda c: c.payments.find("order-1", PaymentStatus.FAILED)).status == PaymentStatus.FAILED
    assert shop.call(lambda c: c.payments.find("order-1", sorting="started")).status == PaymentStatus.FAILED
    assert type(shop.failure(lambda c: c.payments.find("order-1", "cancelled"))) is NotFoundError
    assert type(shop.failure(lambda c: c.payments.find_all("order-2"))) is NotFoundError


def test_a_payment_of_a_test_channel_is_hidden_until_asked_for(shop: Shop) -> None:
    tested = shop.sandbox.pay(merchant_uid="order-1", amount=12000, sandbox=True)
    error = shop.failure(lambda c: c.payments.get(tested.imp_uid))
    assert (type(error), error.status) == (NotFoundError, 404)
    assert type(shop.failure(lambda c: c.payments.get(tested.imp_uid, include_sandbox=False))) is NotFoundError
    shown = shop.call(lambda c: c.payments.get(tested.imp_uid, include_sandbox=True))
    assert (shown.imp_uid, shown.sandbox) == (tested.imp_uid, True)
    assert shop.call(lambda c: c.payments.find("order-1")).sandbox is True


def test_an_unknown_payment(shop: Shop) -> None:
    error = shop.failure(lambda c: c.payments.get("imp_unknown"))
    assert (type(error), error.status, error.imp_uid) == (NotFoundError, 404, "imp_unknown")
    assert error.message == "존재하지 않는 결제정보입니다."


def test_the_make_up_of_an_amount_is_for_payco_only(shop: Shop) -> None:
    imp_uid = shop.call(shop.charge("order-1")).imp_uid
    error = shop.failure(lambda c: c.payments.balance(imp_uid))
    assert (type(error), error.status) == (InvalidRequestError, 405)


def test_what_the_sandbox_does_not_implement_is_reported(shop: Shop) -> None:
    """Smart-routing groups are the one thing that it leaves out."""
    error = shop.failure(
        lambda c: c.billing_keys.issue(
            "customer-1", card_number="4242-4242-4242-4242", expiry="2031-12", channel_group_id="channel-group-1"
        )
    )
    assert (type(error), error.status, error.code) == (InvalidRequestError, 501, -1)
    assert "smart-routing groups" in error.message
