"""Cancel once: never more than was asked, and what is told is true."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from portone_v1 import (
    FULL,
    AuthenticationError,
    DoublePaymentError,
    InProgressError,
    KeyConflictError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    UndecidedError,
)
from portone_v1.intents import MemoryStore, new_key
from portone_v1_sandbox import Response

from tests.safe import network as net
from tests.safe.conftest import Shop

CANCEL = "POST /payments/cancel"
GET = "GET /payments/"
ACCOUNT = {"refund_holder": "홍길동", "refund_bank": "04", "refund_account": "1234567890"}
EXECUTED = [net.lost_after, net.failing_after, net.page_after, net.put_off_after]
UNHEARD = [net.lost_before, net.failing_before, net.page_before]


def test_everything(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    refund = shop.cancel(imp_uid=imp_uid, amount=FULL, reason="반품")
    assert (refund.state, refund.amount) == ("refunded", Decimal(1000))
    assert refund.payment.status == "cancelled"
    sent = shop.network.bodies[-1]
    assert (sent["imp_uid"], sent["amount"], sent["checksum"]) == (imp_uid, 1000, 1000)
    assert re.fullmatch(r"반품 #[0-9a-f]{8}-[0-9a-f]{8}", sent["reason"])


@pytest.mark.parametrize("journal", ["kept", "lost"])
def test_everything_twice(shop: Shop, journal: str) -> None:
    imp_uid = shop.paid().imp_uid
    shop.cancel(imp_uid=imp_uid, amount=FULL)
    if journal == "lost":
        shop.client = shop.new_client(intents=MemoryStore())
    again = shop.cancel(imp_uid=imp_uid, amount=FULL)
    assert (again.state, again.amount) == ("refunded", 1000)
    assert shop.refunds == [1000]
    assert shop.network.count(CANCEL) == 1


@pytest.mark.parametrize("asked", [{"amount": FULL}, {"left": 300}])
def test_an_earlier_refund_is_returned(shop: Shop, asked: Any) -> None:
    """Executed after the first call had given up: the call that finds it out says how much, and so do the next."""
    imp_uid, given = shop.paid().imp_uid, 1000 - asked.get("left", 0)
    shop.network.meet(CANCEL, net.held)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, **asked), UndecidedError)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, **asked), UndecidedError)
    shop.network.deliver()
    assert [shop.cancel(imp_uid=imp_uid, **asked).amount for _ in range(3)] == [given] * 3
    assert shop.refunds == [given]
    assert shop.settle_all(after=400) == [], "a call was told already"


def test_a_gateways_answer_that_repeats_the_request_is_no_refusal_by_its_balance(shop: Shop) -> None:
    """It holds the word `checksum`, which is how V1 says that the balance has moved."""
    imp_uid, body = shop.paid().imp_uid, {"code": -1, "message": "failed: {checksum: 1000}", "response": None}
    shop.network.meet(CANCEL, lambda network, request: Response(429, json.dumps(body).encode(), {}))
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), RateLimitError)
    assert shop.cancel(imp_uid=imp_uid, amount=400, key="a").state == "refunded"
    assert shop.refunds == [400]


@pytest.mark.parametrize("journal", ["kept", "lost"])
def test_the_same_key_refunds_once(shop: Shop, journal: str) -> None:
    imp_uid = shop.paid().imp_uid
    shop.cancel(imp_uid=imp_uid, amount=400, key="return-77")
    if journal == "lost":  # the key's tag in the refund's reason tells
        shop.client = shop.new_client(intents=MemoryStore())
    again = shop.cancel(imp_uid=imp_uid, amount=400, key="return-77")
    assert (again.state, again.amount) == ("refunded", 400)
    assert shop.refunds == [400]
    shop.cancel(imp_uid=imp_uid, amount=400, key="return-78")
    assert shop.refunds == [400, 400]


def test_the_same_key_for_something_else(shop: Shop) -> None:
    imp_uid, other = shop.paid().imp_uid, shop.paid("order-2").imp_uid
    shop.cancel(imp_uid=imp_uid, amount=400, key="return-77")
    for wrong, says in (
        ({"imp_uid": imp_uid, "amount": 300}, "before: amount=400; now: amount=300"),
        ({"imp_uid": other, "amount": 400}, f"before: imp_uid={imp_uid}; now: imp_uid={other}"),
        ({"imp_uid": imp_uid, "left": 0}, "before: amount=400; now: left=0"),
    ):
        error = shop.failure(lambda c, wrong=wrong: c.payments.cancel_once(**wrong, key="return-77"), KeyConflictError)  # type: ignore[misc]
        assert str(error).endswith(says)
    assert shop.refunds == [400]


def test_what_shall_be_left(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    assert [shop.cancel(imp_uid=imp_uid, left=700).amount for _ in range(3)] == [300, 300, 300]
    assert shop.refunds == [300]
    shop.cancel(imp_uid=imp_uid, amount=100, key="a")
    assert shop.cancel(imp_uid=imp_uid, left=700).amount == 300
    assert shop.cancel(imp_uid=imp_uid, left=600).amount == 0, "refunded by others"
    assert shop.cancel(imp_uid=imp_uid, left=0).amount == 600


@pytest.mark.parametrize("left", [1000, 1001, 20_000])
def test_more_than_the_balance_cannot_be_left(shop: Shop, left: int) -> None:
    """No refund was made, and none leaves so much: `refunded` would say that one did."""
    imp_uid = shop.paid().imp_uid
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, left=left), ValueError)
    assert str(error).endswith("the refundable balance is 1000, so that there is nothing to refund; nothing was sent")
    shop.cancel(imp_uid=imp_uid, amount=400, key="a")
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, left=left), ValueError)
    assert "balance is 600" in str(error)
    assert shop.refunds == [400]
    assert shop.cancel(imp_uid=imp_uid, left=500).amount == 100, "the refusal left nothing behind"


def test_a_part_without_a_key(shop: Shop) -> None:
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid="imp_1", amount=400), TypeError)
    assert "key=" in str(error)
    assert "left=" in str(error)
    assert shop.network.seen == []


def test_parts_one_after_the_other(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    assert shop.cancel(imp_uid=imp_uid, amount=300, key=new_key()).amount == 300
    assert shop.cancel(imp_uid=imp_uid, amount=Decimal(300), key=new_key()).payment.cancel_amount == 600
    rest = shop.cancel(merchant_uid="order-1", amount=FULL)
    assert rest.amount == 400
    assert shop.refunds == [300, 300, 400]


def test_tax_parts(shop: Shop) -> None:
    imp_uid = shop.paid(tax_free=500).imp_uid
    shop.cancel(imp_uid=imp_uid, amount=600, key="a", tax_free=300, vat_amount=27)
    sent = shop.network.bodies[-1]
    assert (sent["amount"], sent["tax_free"], sent["vat_amount"], sent["checksum"]) == (600, 300, 27, 1000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 1001},
        {"amount": 100, "tax_free": 101},
        {"amount": 100, "tax_free": 60, "vat_amount": 50},
        {"amount": 100, "merchant_uid": "order-1"},
        {"amount": FULL, "tax_free": 1001},
    ],
)
def test_what_can_not_be_meant(shop: Shop, wrong: Any) -> None:
    imp_uid = shop.paid().imp_uid
    shop.failure(lambda c: c.payments.cancel_once(**{"imp_uid": imp_uid, "key": "a", **wrong}), ValueError)
    assert shop.network.count(CANCEL) == 0


@pytest.mark.parametrize("wrong", [{"amount": 1.5}, {"amount": None}, {"amount": "100"}, {"amount": True}, {}])
def test_what_is_no_amount(shop: Shop, wrong: Any) -> None:
    shop.failure(lambda c: c.payments.cancel_once(imp_uid="imp_1", **wrong), TypeError)
    assert shop.network.seen == []


def test_no_payment_is_named(shop: Shop) -> None:
    shop.failure(lambda c: c.payments.cancel_once(amount=FULL), ValueError)


def test_a_virtual_account_without_an_account_to_refund_to(shop: Shop) -> None:
    imp_uid = shop.paid(pay_method="vbank").imp_uid
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=FULL), ValueError)
    assert "refund_holder, refund_bank, refund_account" in str(error)
    assert shop.cancel(imp_uid=imp_uid, amount=FULL, **ACCOUNT).state == "refunded"


@pytest.mark.parametrize("status", ["ready", "failed"])
def test_a_payment_that_was_not_made(shop: Shop, status: str) -> None:
    imp_uid = shop.paid(status=status).imp_uid
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=FULL), ValueError)
    assert shop.network.count(CANCEL) == 0


def test_an_order_that_was_not_paid(shop: Shop) -> None:
    shop.paid(status="failed")
    shop.failure(lambda c: c.payments.cancel_once(merchant_uid="order-1", amount=FULL), NotFoundError)
    shop.failure(lambda c: c.payments.cancel_once(merchant_uid="order-2", amount=FULL), NotFoundError)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid="imp_404", amount=FULL), NotFoundError)


def test_a_test_payment(shop: Shop) -> None:
    assert shop.cancel(imp_uid=shop.paid(sandbox=True).imp_uid, amount=FULL).state == "refunded"


def test_the_attempt_that_paid_is_the_one(shop: Shop) -> None:
    shop.paid(status="failed")
    imp_uid = shop.paid().imp_uid
    assert shop.cancel(merchant_uid="order-1", amount=FULL).payment.imp_uid == imp_uid


def test_the_attempt_that_still_holds_money_is_the_one(shop: Shop) -> None:
    """A part of it was refunded, so that V1 says `cancelled` of both; the later attempt was refunded in full."""
    shop.set_up(partial_cancel_status="cancelled")
    paid = shop.paid()
    shop.cancel(imp_uid=paid.imp_uid, amount=300, key="a")
    shown = shop.sandbox.client().payments.get(paid.imp_uid).to_dict()
    refunded = {**shown, "imp_uid": "imps_other", "cancel_amount": 1000}
    listed = {"total": 2, "previous": 0, "next": 0, "list": [refunded, shown]}
    shop.network.meet("GET /payments/findAll", net.answered(listed))
    assert shop.cancel(merchant_uid="order-1", amount=FULL).amount == 700
    assert shop.refunds == [300, 700]


@pytest.mark.parametrize("shown", ["?", [], 10**30])
@pytest.mark.parametrize("asked", [{"amount": FULL}, {"amount": 400, "key": "a"}])
def test_an_answer_whose_sum_cannot_be_read_is_still_a_refund(shop: Shop, asked: Any, shown: Any) -> None:
    def unreadable(network: net.Network, request: Any) -> Any:
        answer = json.loads(network.execute(request).body)
        answer["response"]["cancel_amount"] = shown
        return Response(200, json.dumps(answer).encode(), {})

    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, unreadable)
    assert shop.cancel(imp_uid=imp_uid, **asked).state == "refunded"
    shop.network.meet(CANCEL, unreadable)
    given = {name: value for name, value in asked.items() if name != "key"}
    other = shop.paid("order-2").imp_uid
    assert shop.run(lambda c: c.payments.cancel(imp_uid=other, **given)).imp_uid == other
    unknown = asked["amount"] is FULL  # how much it was, of the plain one
    assert [each.state for each in shop.settle_all(after=400)] == ["refunded"] * unknown
    assert shop.refunds == [1000 if asked["amount"] is FULL else 400] * 2


def test_a_refund_that_another_process_has_settled_is_not_reported_as_unsent(shop: Shop) -> None:
    """The write gets no answer, and no read does, until nothing is left of the deadline."""

    def settled_meanwhile(network: net.Network, request: Any) -> Any:
        intent = shop.journal.latest(named.shop, resource=named.resource)
        if intent is not None and intent.state == "open":
            shop.journal.save(intent.changed(state="watch", outcome="refunded"))
        return net.lost_before(network, request)

    imp_uid = shop.paid().imp_uid
    shop.cancel(imp_uid=imp_uid, amount=100, key="a")
    named = shop.run(lambda c: c.intents.of(imp_uid=imp_uid))
    shop.network.meet(CANCEL, net.lost_after)
    shop.network.meet(GET, net.passed, *[settled_meanwhile] * 30)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=FULL), UndecidedError)
    shop.network.forget()
    assert shop.cancel(imp_uid=imp_uid, amount=FULL).state == "refunded"
    assert shop.refunds == [100, 900]


def test_a_plain_refund_is_not_answered_by_another_payment(shop: Shop) -> None:
    """A proxy that confuses its connections: what became of this refund is not known."""
    imp_uid, other = shop.paid().imp_uid, shop.paid("order-2").imp_uid

    def confused(network: net.Network, request: Any) -> Any:
        body = json.loads(request.body) | {"imp_uid": other}
        return network.execute(replace(request, body=json.dumps(body).encode()))

    shop.network.meet(CANCEL, confused)
    error = shop.failure(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=400), OutcomeUnknownError)
    assert "another payment" in str(error)
    assert shop.settle(error, after=301).state == "not_refunded"


def test_an_error_status_with_code_0_proves_nothing(shop: Shop) -> None:
    def contradicting(network: net.Network, request: Any) -> Any:
        return Response(400, network.execute(request).body, {})

    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, contradicting)
    shop.failure(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=400), OutcomeUnknownError)


def another_operator(shop: Shop, imp_uid: str, amount: int) -> Any:
    """Let someone else refund a part just before the next cancel."""

    def too_late(network: net.Network, request: Any) -> Any:
        with shop.sandbox.client() as operator:
            operator.payments.cancel(imp_uid=imp_uid, amount=amount)
        return network.execute(request)

    return too_late


@pytest.mark.parametrize(("asked", "key"), [(FULL, None), (400, "return-77")])
def test_another_operator_is_faster(shop: Shop, asked: Any, key: Any) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, another_operator(shop, imp_uid, 100))
    assert shop.cancel(imp_uid=imp_uid, amount=asked, key=key).state == "refused"
    assert shop.refunds == [100]
    shop.cancel(imp_uid=imp_uid, amount=asked, key=key)
    assert sum(shop.refunds) == (1000 if asked is FULL else 500)


def test_another_operator_refunds_the_same_amount(shop: Shop) -> None:
    """An equal amount is no evidence: ours was lost, and is not reported as done."""
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.lost_before)
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), UndecidedError)
    with shop.sandbox.client() as operator:
        operator.payments.cancel(imp_uid=imp_uid, amount=400, reason="고객 요청")
    assert shop.settle(error).state == "undecided"
    assert shop.settle(error, after=301).state == "not_refunded"


def test_another_operators_refund_is_not_reported_as_this_one(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.lost_before)
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=FULL), UndecidedError)
    with shop.sandbox.client() as operator:
        operator.payments.cancel(imp_uid=imp_uid, amount=FULL, reason="고객 요청")
    settled = shop.settle(error, after=301)
    assert (settled.state, settled.amount) == ("refunded", 0)


@pytest.mark.parametrize("fault", EXECUTED)
@pytest.mark.parametrize(("amount", "key"), [(FULL, None), (400, "return-77")])
def test_unknown_and_executed(shop: Shop, fault: Any, amount: Any, key: Any) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, fault)
    refund = shop.cancel(imp_uid=imp_uid, amount=amount, key=key)
    assert (refund.state, shop.network.count(CANCEL)) == ("refunded", 1)
    assert shop.refunds == [refund.amount]


@pytest.mark.parametrize("fault", UNHEARD)
def test_nothing_is_sent_again_to_find_out(shop: Shop, fault: Any) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, fault)
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), UndecidedError)
    assert error.imp_uid == imp_uid
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), UndecidedError)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="b"), InProgressError)
    assert shop.network.count(CANCEL) == 1
    shop.clock.advance(301)
    assert shop.cancel(imp_uid=imp_uid, amount=400, key="a").state == "refunded"
    assert shop.refunds == [400]


def test_it_arrives_after_the_call_has_ended(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.held)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), UndecidedError)
    shop.network.deliver()
    assert shop.cancel(imp_uid=imp_uid, amount=400, key="a").amount == 400
    assert shop.refunds == [400]


def test_it_arrives_after_it_was_reported_as_not_executed(shop: Shop) -> None:
    """Outside what is assumed of V1: it is at least reported."""
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.held)
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), UndecidedError)
    assert shop.settle(error, after=301).state == "not_refunded"
    shop.network.deliver()
    shop.settle_all()
    shop.settle_all(after=3600)
    assert shop.alarms == ["late_execution"]


def test_it_can_not_be_read_first(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(GET, net.lost_before, net.lost_before)
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), NotSentError)
    assert (error.operation, error.imp_uid) == ("payments.cancel_once", imp_uid)
    assert shop.network.count(CANCEL) == 0


def test_errors_that_prove_that_nothing_was_done_are_raised_as_they_are(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.not_connected)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), NotSentError)
    shop.network.meet(CANCEL, net.put_off_before)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), RateLimitError)
    assert shop.cancel(imp_uid=imp_uid, amount=400, key="a").state == "refunded"
    shop.client = shop.new_client(imp_key="another")
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="b"), AuthenticationError)
    assert shop.refunds == [400]


def test_rate_limited_and_the_read_fails_too(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.put_off_after)
    shop.network.meet(GET, net.passed, net.lost_before)
    assert shop.cancel(imp_uid=imp_uid, amount=400, key="a").state == "refunded"
    assert shop.refunds == [400]


def test_an_answer_about_another_payment_is_not_believed(shop: Shop) -> None:
    imp_uid, other = shop.paid().imp_uid, shop.paid("order-2").to_dict()
    shop.network.meet(CANCEL, net.answered(other))
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="a"), UndecidedError)
    assert shop.settle(error, after=301).state == "not_refunded"
    shop.network.meet(GET, net.answered(other))
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=100, key="b"), NotSentError)
    assert shop.refunds == []


def test_reads_that_are_behind_an_earlier_refund(shop: Shop) -> None:
    paid = shop.paid()
    before = shop.run(lambda c: c.payments.get(paid.imp_uid)).to_dict()
    shop.cancel(imp_uid=paid.imp_uid, amount=400, key="a")
    shop.network.meet(GET, *[net.answered(before)] * 3)
    assert shop.cancel(imp_uid=paid.imp_uid, left=600).amount == 0
    assert shop.refunds == [400]


def test_a_dollar_in_cents(shop: Shop) -> None:
    imp_uid = shop.paid(amount=Decimal("10.10"), currency="USD").imp_uid
    for number, part in enumerate(("0.10", "0.20", "0.70")):
        assert shop.cancel(imp_uid=imp_uid, amount=Decimal(part), key=f"k{number}").state == "refunded"
    assert shop.cancel(imp_uid=imp_uid, amount=FULL).amount == Decimal("9.10")


@pytest.mark.parametrize("part", [Decimal("0.5"), Decimal("100.01")])
def test_a_fraction_of_a_won(shop: Shop, part: Decimal) -> None:
    imp_uid = shop.paid().imp_uid
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=part, key="a"), ValueError)
    assert shop.network.count(CANCEL) == 0


def test_an_order_with_two_payments(shop: Shop) -> None:
    paid = {"merchant_uid": "order-1", "amount": 1000, "currency": "KRW", "status": "paid", "channel": "api"}
    both = [{**paid, "imp_uid": "imps_1"}, {**paid, "imp_uid": "imps_2"}]
    shop.network.meet("GET /payments/findAll", net.answered({"total": 2, "previous": 0, "next": 0, "list": both}))
    shop.failure(lambda c: c.payments.cancel_once(merchant_uid="order-1", amount=FULL), DoublePaymentError)
    assert shop.alarms == ["double_payment"]
    assert shop.network.count(CANCEL) == 0


def test_a_status_that_says_cancelled_after_a_part(shop: Shop) -> None:
    shop.set_up(partial_cancel_status="cancelled")
    imp_uid = shop.paid().imp_uid
    assert shop.cancel(imp_uid=imp_uid, amount=400, key="a").payment.status == "cancelled"
    assert shop.cancel(imp_uid=imp_uid, amount=FULL).amount == 600
