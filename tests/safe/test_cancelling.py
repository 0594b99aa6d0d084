"""Cancel once: never more than was asked, and what is told is true."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from portone_v1 import (
    FULL,
    AuthenticationError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
)
from portone_v1_sandbox import Channel

from tests.safe import network as net
from tests.safe.conftest import Shop

CANCEL = "POST /payments/cancel"
GET = "GET /payments/"
ACCOUNT = {"refund_holder": "홍길동", "refund_bank": "04", "refund_account": "1234567890"}
EXECUTED = [net.lost_after, net.failing_after, net.page_after, net.put_off_after]
SLOW = [("smartro_v2", "vbank"), ("daou", "vbank"), ("paypal", "paypal"), ("paypal_v2", "paypal")]
UNHEARD = [net.lost_before, net.failing_before, net.page_before]


def test_everything(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    refund = shop.cancel(imp_uid=imp_uid, amount=FULL, reason="반품")
    assert (refund.state, refund.amount) == ("refunded", Decimal(1000))
    assert refund.payment.status == "cancelled"
    assert shop.network.bodies[-1] == {"imp_uid": imp_uid, "checksum": 1000, "reason": "반품"}


def test_everything_twice(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.cancel(imp_uid=imp_uid, amount=FULL)
    again = shop.cancel(imp_uid=imp_uid, amount=FULL)
    assert (again.state, again.amount) == ("refunded", 0)
    assert shop.refunds == [1000]
    assert shop.network.count(CANCEL) == 1


def test_parts_one_after_the_other(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    assert shop.cancel(imp_uid=imp_uid, amount=300).amount == 300
    assert shop.cancel(imp_uid=imp_uid, amount=Decimal(300)).payment.cancel_amount == 600
    rest = shop.cancel(merchant_uid="order-1", amount=FULL)
    assert rest.amount == 400
    assert shop.refunds == [300, 300, 400]


def test_tax_parts(shop: Shop) -> None:
    imp_uid = shop.paid(tax_free=500).imp_uid
    shop.cancel(imp_uid=imp_uid, amount=600, tax_free=300, vat_amount=27)
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
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, **wrong), ValueError)
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
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=FULL), RefusedError)


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


def test_another_operator_is_faster(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid

    def too_late(network: net.Network, request: Any) -> Any:
        with shop.sandbox.client() as operator:
            operator.payments.cancel(imp_uid=imp_uid, amount=100)
        return network.execute(request)

    shop.network.meet(CANCEL, too_late)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=FULL), RefusedError)
    assert shop.refunds == [100]


@pytest.mark.parametrize("fault", EXECUTED)
@pytest.mark.parametrize("amount", [FULL, 400])
def test_unknown_and_executed(shop: Shop, fault: Any, amount: Any) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, fault)
    refund = shop.cancel(imp_uid=imp_uid, amount=amount)
    assert (refund.state, shop.network.count(CANCEL)) == ("refunded", 1)
    assert shop.refunds == [refund.amount]


@pytest.mark.parametrize("fault", UNHEARD)
def test_unknown_and_not_executed_is_repeated_with_the_same_checksum(shop: Shop, fault: Any) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, fault)
    assert shop.cancel(imp_uid=imp_uid, amount=400).state == "refunded"
    sent = [body for line, body in zip(shop.network.seen, shop.network.bodies, strict=True) if line == CANCEL]
    assert sent[0] == sent[1]
    assert sent[0]["checksum"] == 1000
    assert shop.refunds == [400]


def test_the_first_arrives_after_its_repetition(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.held)
    assert shop.cancel(imp_uid=imp_uid, amount=400).state == "refunded"
    shop.network.deliver()
    assert shop.refunds == [400]


def test_the_first_arrives_just_before_its_repetition(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid

    def late(network: net.Network, request: Any) -> Any:
        network.deliver()
        return network.execute(request)

    shop.network.meet(CANCEL, net.held, late)
    assert shop.cancel(imp_uid=imp_uid, amount=400).state == "refunded"
    assert shop.refunds == [400]


@pytest.mark.parametrize(
    "second", [net.not_connected, net.put_off_before, net.refused("PG 점검 중입니다."), net.lost_before]
)
def test_a_repetition_that_fails_tells_nothing_about_the_first(shop: Shop, second: Any) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.held, second, second, second)
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400), OutcomeUnknownError)
    shop.network.deliver()
    assert shop.settle(error).state == "refunded"


def test_a_repetition_that_can_not_even_get_a_token(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.lost_after)
    shop.network.meet(GET, net.passed, net.token_expired)
    shop.network.meet("POST /users/getToken", net.passed, *[net.failing_before] * 7)
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400), OutcomeUnknownError)
    assert shop.network.count(CANCEL) == 1
    assert shop.settle(error).state == "refunded"
    assert shop.refunds == [400]


def test_a_repetition_that_another_operator_has_made_impossible(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid

    def after_another(network: net.Network, request: Any) -> Any:
        with shop.sandbox.client() as operator:
            operator.payments.cancel(imp_uid=imp_uid, amount=100)
        return network.execute(request)

    shop.network.meet(CANCEL, net.held, after_another)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400), RefusedError)
    shop.network.deliver()
    assert shop.refunds == [100]


def test_it_can_not_be_read_first(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(GET, net.lost_before)
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400), NotSentError)
    assert (error.operation, error.imp_uid) == ("payments.cancel_once", imp_uid)
    assert shop.network.count(CANCEL) == 0


def test_errors_of_the_first_try_are_told_as_they_are(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.not_connected)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400), NotSentError)
    shop.network.meet(CANCEL, net.put_off_before)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400), RateLimitError)
    shop.client = shop.new_client(imp_key="another")
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400), AuthenticationError)
    assert shop.refunds == []


def test_put_off_and_nothing_to_be_read(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.put_off_after)
    shop.network.meet(GET, net.passed, net.lost_before)
    assert shop.cancel(imp_uid=imp_uid, amount=400).state == "refunded"
    assert shop.refunds == [400]


def test_an_answer_about_another_payment_is_not_believed(shop: Shop) -> None:
    imp_uid, other = shop.paid().imp_uid, shop.paid("order-2").to_dict()
    shop.network.meet(CANCEL, net.answered(other))
    assert shop.cancel(imp_uid=imp_uid, amount=400).payment.imp_uid == imp_uid
    shop.network.meet(GET, net.answered(other))
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=100), NotSentError)
    assert shop.refunds == [400]


def test_a_status_that_says_cancelled_after_a_part(shop: Shop) -> None:
    _set_up(shop, partial_cancel_status="cancelled")
    imp_uid = shop.paid().imp_uid
    assert shop.cancel(imp_uid=imp_uid, amount=400).payment.status == "cancelled"
    assert shop.cancel(imp_uid=imp_uid, amount=FULL).amount == 600


class TestPgsThatPayOutLater:
    """`accepted` is not `refunded`, and nothing is repeated that the balance does not protect."""

    @pytest.mark.parametrize(("provider", "pay_method"), SLOW)
    @pytest.mark.parametrize("amount", [FULL, 400])
    def test_accepted(self, shop: Shop, provider: str, pay_method: str, amount: Any) -> None:
        paid = slow(provider, pay_method)
        shop.network.meet(GET, net.answered(paid))
        shop.network.meet(CANCEL, net.answered(paid))
        refund = shop.cancel(imp_uid="imp_slow", amount=amount, **ACCOUNT)
        assert refund.state == "accepted"

    @pytest.mark.parametrize(("provider", "pay_method"), SLOW)
    @pytest.mark.parametrize("refunded", [400, 1000])
    def test_only_paypal_tells_when_all_is_paid_out(
        self, shop: Shop, provider: str, pay_method: str, refunded: int
    ) -> None:
        shop.network.meet(GET, net.answered(slow(provider, pay_method)))
        shop.network.meet(CANCEL, net.answered(slow(provider, pay_method, refunded)))
        refund = shop.cancel(imp_uid="imp_slow", amount=refunded, **ACCOUNT)
        told = pay_method == "paypal" and refunded == 1000
        assert refund.state == ("refunded" if told else "accepted")
        shop.network.meet(GET, net.answered(slow(provider, pay_method, 1000)))
        again = shop.cancel(imp_uid="imp_slow", amount=FULL, **ACCOUNT)
        assert (again.state, again.amount) == ("refunded" if pay_method == "paypal" else "accepted", 0)

    @pytest.mark.parametrize("provider", ["smartro_v2", "daou"])
    def test_their_cards_are_refunded_at_once(self, shop: Shop, provider: str) -> None:
        _set_up(shop, channels=(Channel("channel-key-1", provider, "mid", "payment"),))
        assert shop.cancel(imp_uid=shop.paid().imp_uid, amount=FULL).state == "refunded"

    @pytest.mark.parametrize(("provider", "pay_method"), SLOW)
    def test_it_is_not_repeated_and_not_told_to_be_undone(self, shop: Shop, provider: str, pay_method: str) -> None:
        shop.network.meet(GET, *[net.answered(slow(provider, pay_method))] * 6)
        shop.network.meet(CANCEL, net.lost_before)
        error = shop.failure(
            lambda c: c.payments.cancel_once(imp_uid="imp_slow", amount=400, **ACCOUNT), OutcomeUnknownError
        )
        assert shop.network.count(CANCEL) == 1
        shop.failure(lambda c: c.settle(error, quiet=0), OutcomeUnknownError)
        shop.network.meet(GET, net.answered(slow(provider, pay_method, 400)))
        assert (shop.settle(error).state, shop.network.count(CANCEL)) == ("accepted", 1)


def slow(provider: str, pay_method: str, refunded: int = 0) -> dict[str, Any]:
    return {
        "imp_uid": "imp_slow",
        "merchant_uid": "order-1",
        "pg_provider": provider,
        "pay_method": pay_method,
        "amount": 1000,
        "currency": "USD",
        "status": "cancelled" if refunded == 1000 else "paid",
        "cancel_amount": refunded,
        "cancel_history": [{"amount": refunded, "cancelled_at": 1_773_104_400}] if refunded else [],
    }


def _set_up(shop: Shop, **changes: Any) -> None:
    shop.sandbox._engine.settings = replace(shop.sandbox._engine.settings, **changes)
