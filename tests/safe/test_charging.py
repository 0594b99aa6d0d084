"""Charge once: whatever the network does, at most one charge, and what is told is true."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from portone_v1 import (
    AuthenticationError,
    ConfigurationError,
    DoublePaymentError,
    InProgressError,
    InvalidRequestError,
    KeyConflictError,
    NotSentError,
    RateLimitError,
    RefusedError,
    ResponseFormatError,
    UndecidedError,
)
from portone_v1.errors import IntentStoreError
from portone_v1.intents import Intent, MemoryStore
from portone_v1_sandbox import TEST_CARDS

from tests.safe import network as net
from tests.safe.conftest import Shop, again

AGAIN = "POST /subscribe/payments/again"
FIND = "GET /payments/findAll"
EXECUTED = [net.lost_after, net.failing_after, net.page_after, net.put_off_after]
UNHEARD = [net.lost_before, net.failing_before, net.page_before]


def test_a_charge_that_goes_well(shop: Shop) -> None:
    charge = shop.charge()
    assert (charge.state, charge.already_paid) == ("paid", False)
    assert charge.payment.merchant_uid == "order-1"
    assert shop.charges == [("order-1", Decimal(1000))]
    assert shop.network.seen[1:] == ["GET /payments/findAll/order-1", AGAIN]


def test_onetime_too(shop: Shop) -> None:
    card: dict[str, Any] = {"card_number": TEST_CARDS["ordinary"].number, "expiry": "2039-12"}
    shop.network.meet("POST /subscribe/payments/onetime", net.lost_after)
    charge = shop.run(lambda c: c.subscribe.onetime_once(merchant_uid="order-1", amount=1000, **card))
    assert charge.state == "paid"
    assert shop.charges == [("order-1", Decimal(1000))]


def test_the_same_order_is_not_charged_twice(shop: Shop) -> None:
    first, second = shop.charge(), shop.charge()
    assert (second.state, second.already_paid) == ("paid", True)
    assert second.payment.imp_uid == first.payment.imp_uid
    assert shop.network.count(AGAIN) == 1


@pytest.mark.parametrize(("card", "refused"), [("charge_refused", True), ("charge_failed", False)])
def test_a_card_that_is_declined(shop: Shop, card: str, refused: bool) -> None:
    charge = shop.charge(card=card)
    assert charge.state == "declined"
    assert (TEST_CARDS[card].reason or "?") in charge.reason
    assert isinstance(charge.refusal, RefusedError) is refused
    assert shop.charges == []


@pytest.mark.parametrize("fault", EXECUTED)
def test_an_unknown_charge_that_was_paid(shop: Shop, fault: Any) -> None:
    shop.network.meet(AGAIN, fault)
    assert shop.charge().state == "paid"
    assert shop.charges == [("order-1", Decimal(1000))]
    assert shop.network.count(AGAIN) == 1


@pytest.mark.parametrize("fault", EXECUTED)
def test_an_unknown_charge_that_failed(shop: Shop, fault: Any) -> None:
    shop.network.meet(AGAIN, fault)
    charge = shop.charge(card="charge_failed")
    assert (charge.state, charge.reason) == ("declined", TEST_CARDS["charge_failed"].reason)
    assert shop.network.count(AGAIN) == 1


@pytest.mark.parametrize("fault", UNHEARD)
def test_an_unknown_charge_of_which_there_is_nothing(shop: Shop, fault: Any) -> None:
    shop.network.meet(AGAIN, fault)
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    assert error.merchant_uid == "order-1"
    assert error.intent.state == "open"
    assert shop.network.count(AGAIN) == 1
    assert shop.clock.naps == [0.5, 1.5, 4.0]
    assert shop.charges == []


def test_it_looks_again_where_a_look_fails(shop: Shop) -> None:
    shop.network.meet(AGAIN, net.lost_after)
    shop.network.meet(FIND, net.passed, net.lost_before, net.failing_before, net.page_before)
    assert shop.charge().state == "paid"


def test_an_older_failure_of_the_order_is_not_the_outcome(shop: Shop) -> None:
    assert shop.charge(card="charge_failed").state == "declined"
    shop.network.meet(AGAIN, net.lost_before)
    shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    assert shop.network.count(AGAIN) == 2, "nothing is sent over an undecided charge"
    shop.clock.advance(301)
    assert shop.charge().state == "paid"


def test_another_card_over_an_undecided_charge(shop: Shop) -> None:
    """The first card's charge may still land: the failure of a second one would say nothing about it."""
    shop.network.meet(AGAIN, net.held)
    first = shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    shop.failure(lambda c: c.subscribe.again_once(**again(card="charge_failed")), UndecidedError)
    assert shop.network.count(AGAIN) == 1
    shop.network.deliver()
    assert shop.settle(first).state == "paid"


def test_two_keys_of_one_order(shop: Shop) -> None:
    shop.network.meet(AGAIN, net.held)
    shop.failure(lambda c: c.subscribe.again_once(**again(), key="first"), UndecidedError)
    shop.failure(lambda c: c.subscribe.again_once(**again(), key="second"), InProgressError)
    assert shop.network.count(AGAIN) == 1


def test_a_key_that_was_charged_under_another_order_number(shop: Shop) -> None:
    """The key of a period: a retry that needs a new order number is still no second charge."""
    assert shop.charge("order-1", key="sub-1/2026-01").already_paid is False
    second = shop.charge("order-1-r2", key="sub-1/2026-01")
    assert (second.already_paid, second.payment.merchant_uid) == (True, "order-1")
    assert shop.charges == [("order-1", Decimal(1000))]


@pytest.mark.parametrize("first", ["its key", "its number"])
def test_a_key_that_is_the_number_of_another_order(shop: Shop, first: str) -> None:
    """Neither is reported as paid because the other one is."""
    charges = [("sub-42", "42"), ("42", None)]
    for number, key in charges if first == "its key" else charges[::-1]:
        assert shop.charge(number, key=key).already_paid is False
    assert {number for number, _ in shop.charges} == {"sub-42", "42"}


def test_a_decline_does_not_use_the_key_up(shop: Shop) -> None:
    assert shop.charge("order-1", card="charge_failed", key="sub-1/2026-01").state == "declined"
    assert shop.charge("order-1-r2", key="sub-1/2026-01").state == "paid"


def test_a_journal_that_was_lost(shop: Shop) -> None:
    first = shop.charge()
    shop.client = shop.new_client(intents=MemoryStore())
    second = shop.charge()
    assert (second.already_paid, second.payment.imp_uid) == (True, first.payment.imp_uid)


def test_an_order_with_two_payments(shop: Shop) -> None:
    paid = {"merchant_uid": "order-1", "amount": 1000, "currency": "KRW", "status": "paid", "channel": "api"}
    both = [{**paid, "imp_uid": "imps_1"}, {**paid, "imp_uid": "imps_2"}]
    shop.network.meet(FIND, net.answered({"total": 2, "previous": 0, "next": 0, "list": both}))
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), DoublePaymentError)
    assert len(error.payments) == 2
    assert shop.alarms == ["double_payment"]
    assert shop.network.count(AGAIN) == 0


def test_a_journal_that_can_not_be_written(shop: Shop) -> None:
    class Full(MemoryStore):
        def begin(self, intent: Intent) -> bool:
            raise IntentStoreError("the disk is full")

    shop.client = shop.new_client(intents=Full())
    shop.failure(lambda c: c.subscribe.again_once(**again()), IntentStoreError)
    assert shop.network.count(AGAIN) == 0


@pytest.mark.parametrize("failure", [IntentStoreError("the disk is full"), ConnectionRefusedError(), RuntimeError()])
def test_an_outcome_that_cannot_be_stored_is_returned_nevertheless(shop: Shop, failure: Exception) -> None:
    """By a store of the shop's own, with an error of its driver's, too."""

    class Failing(MemoryStore):
        def save(self, intent: Intent) -> bool:
            raise failure

    store = Failing(clock=shop.clock.time)
    shop.client = shop.new_client(intents=store)
    assert shop.charge().state == "paid"
    shop.client = shop.new_client(intents=store)
    Failing.save = MemoryStore.save  # type: ignore[method-assign]
    shop.clock.advance(31)
    assert shop.charge().already_paid is True
    assert len(shop.charges) == 1


def test_nothing_secret_is_in_the_journal(shop: Shop) -> None:
    card: dict[str, Any] = {"card_number": TEST_CARDS["ordinary"].number, "expiry": "2039-12", "birth": "900101"}
    buyer = {"buyer_name": "홍길동", "buyer_tel": "010-1234-5678", "custom_data": {"note": "canary"}}
    shop.run(lambda c: c.subscribe.onetime_once(merchant_uid="order-1", amount=1000, **card, **buyer))
    kept = shop.run(lambda c: c.intents.of(merchant_uid="order-1")).to_json()
    for secret in (
        card["card_number"],
        "900101",
        "2039",
        "홍길동",
        "010-1234",
        "canary",
        "sandbox_secret",
        "sandbox_key",
    ):
        assert secret not in kept


def test_a_failure_in_the_payment_window_is_not_the_outcome(shop: Shop) -> None:
    def while_the_buyer_gives_up(network: net.Network, request: Any) -> Any:
        shop.paid(status="failed")
        return net.held(network, request)

    shop.network.meet(AGAIN, while_the_buyer_gives_up)
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    shop.network.deliver()
    assert shop.settle(error).state == "paid"


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (net.not_connected, "connect"),
        (net.lost_before, "response"),
        (net.failing_before, "server error"),
        (net.page_before, "received a page"),
    ],
)
def test_nothing_is_charged_where_the_order_can_not_be_read_first(shop: Shop, fault: Any, why: str) -> None:
    shop.network.meet(FIND, fault, fault)  # a read is tried twice
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), NotSentError)
    assert (error.operation, error.merchant_uid) == ("subscribe.again", "order-1")
    assert why in str(error), str(error)
    assert shop.network.count(AGAIN) == 0
    shop.network.forget()
    assert shop.charge().state == "paid"


def test_a_wrong_api_key_raises_authentication_error(shop: Shop) -> None:
    shop.client = shop.new_client(imp_secret="another")
    shop.failure(lambda c: c.subscribe.again_once(**again()), AuthenticationError)


def test_a_charge_that_was_not_sent(shop: Shop) -> None:
    shop.network.meet(AGAIN, net.not_connected)
    shop.failure(lambda c: c.subscribe.again_once(**again()), NotSentError)
    assert shop.charge().state == "paid"


def test_a_rate_limited_charge(shop: Shop) -> None:
    shop.network.meet(AGAIN, net.put_off_before)
    shop.failure(lambda c: c.subscribe.again_once(**again()), RateLimitError)
    assert shop.charges == []


def test_rate_limited_and_the_read_fails_too(shop: Shop) -> None:
    shop.network.meet(AGAIN, net.put_off_after)
    shop.network.meet(FIND, net.passed, net.lost_before, net.lost_before)
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    assert shop.settle(error).state == "paid"


def test_a_token_that_expires_in_flight(shop: Shop) -> None:
    shop.network.meet(AGAIN, net.token_expired)
    assert shop.charge().state == "paid"
    assert shop.charges == [("order-1", Decimal(1000))]


def test_refused_because_another_try_has_paid(shop: Shop) -> None:
    """From a process that shares no journal: V1 says "already paid" to ours, and it is so."""

    def after_another(network: net.Network, request: Any) -> Any:
        shop.sandbox.client().subscribe.again(**again())
        return network.execute(request)

    shop.network.meet(AGAIN, after_another)
    charge = shop.charge()
    assert charge.state == "paid"
    assert shop.charges == [("order-1", Decimal(1000))]


DOUBTS = [
    "이미 주문이 이루어진 건입니다. (동일한 merchant_uid로 결제 또는 취소된 기록이 있습니다)",
    "[3041] 중복된 주문번호입니다. 이미 처리중인 거래입니다.",
    "카드사 통신 시간초과",
    "The request timed out.",
]


@pytest.mark.parametrize("message", DOUBTS)
def test_a_refusal_that_may_speak_of_this_very_request(shop: Shop, message: str) -> None:
    shop.network.meet(AGAIN, net.refused(message, 1))
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    assert shop.settle(error, after=290).state == "undecided"
    assert shop.settle(error, after=20).state == "not_charged"


def test_an_order_that_is_paid_with_another_amount(shop: Shop) -> None:
    shop.charge(amount=1000)
    shop.failure(lambda c: c.subscribe.again_once(**again(amount=2000)), KeyConflictError)
    shop.client = shop.new_client(intents=MemoryStore())
    error = shop.failure(lambda c: c.subscribe.again_once(**again(amount=2000)), KeyConflictError)
    assert error.payments[0].amount == 1000
    assert shop.network.count(AGAIN) == 1


def test_paid_by_the_buyer_meanwhile(shop: Shop) -> None:
    """The order is paid, and what became of our own charge is still open: it could be a second payment."""

    def while_the_buyer_pays(network: net.Network, request: Any) -> Any:
        shop.paid()
        return net.lost_before(network, request)

    shop.network.meet(AGAIN, while_the_buyer_pays)
    assert shop.charge().state == "paid"
    assert [intent.operation for intent in shop.run(lambda c: c.intents.open())] == ["subscribe.again"]
    assert [settled.state for settled in shop.settle_all(after=301)] == ["paid"]
    assert shop.run(lambda c: c.intents.open()) == []


def test_paid_with_another_currency(shop: Shop) -> None:
    shop.paid(currency="USD")
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), KeyConflictError)
    assert error.payments[0].currency == "USD"
    assert shop.network.count(AGAIN) == 0


@pytest.mark.parametrize("journal", ["kept", "lost"])
def test_an_order_that_was_refunded_is_not_charged_anew(shop: Shop, journal: str) -> None:
    paid = shop.charge()
    shop.run(lambda c: c.payments.cancel(imp_uid=paid.payment.imp_uid, amount=1000))
    if journal == "lost":
        shop.client = shop.new_client(intents=MemoryStore())
    assert shop.charge().state == "refunded"
    assert shop.charges == [("order-1", Decimal(1000))]
    assert shop.network.count(AGAIN) == 1


@pytest.mark.parametrize("journal", ["kept", "lost"])
def test_an_order_that_was_refunded_in_part_is_paid(shop: Shop, journal: str) -> None:
    paid = shop.charge()
    shop.run(lambda c: c.payments.cancel(imp_uid=paid.payment.imp_uid, amount=400))
    if journal == "lost":
        shop.client = shop.new_client(intents=MemoryStore())
    assert shop.charge().state == "paid"


def test_an_answer_about_another_order_is_not_believed(shop: Shop) -> None:
    other = shop.charge("order-2").payment.to_dict()
    shop.network.meet(AGAIN, net.answered(other))
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    shop.network.meet(FIND, net.answered({"total": 1, "previous": 0, "next": 0, "list": [other]}))
    shop.failure(lambda c: c.settle(error), ResponseFormatError)
    assert [uid for uid, _ in shop.charges] == ["order-2"]


def test_a_page_that_names_itself_as_the_next_one(shop: Shop) -> None:
    shop.network.meet(FIND, *[net.answered({"total": 1, "previous": 0, "next": 1, "list": []})] * 2)
    shop.failure(lambda c: c.subscribe.again_once(**again()), NotSentError)


@pytest.mark.parametrize("payload", [{}, {"access_token": "x"}, {"list": []}])
def test_an_answer_that_is_no_list_is_not_an_empty_one(shop: Shop, payload: Any) -> None:
    shop.network.meet(FIND, net.answered(payload))
    shop.failure(lambda c: c.subscribe.again_once(**again()), NotSentError)
    assert shop.network.count(AGAIN) == 0


@pytest.mark.parametrize(
    ("provider", "status"), [("nice", "pending"), ("paypal_v2", "failed"), ("paymentwall", "failed")]
)
def test_a_payment_that_the_pg_has_not_decided(shop: Shop, provider: str, status: str) -> None:
    pending = {"imp_uid": "imps_9", "merchant_uid": "order-1", "amount": 1000, "currency": "KRW"}
    shown = {**pending, "status": status, "pg_provider": provider, "channel": "api"}
    page = {"total": 1, "previous": 0, "next": 0}
    shop.network.meet(AGAIN, net.answered(shown))
    assert shop.charge().state == "pending"
    shop.network.meet(FIND, *[net.answered({**page, "list": [shown]})] * 2)
    assert shop.charge(card="charge_failed").state == "pending", "no other card is charged over it"
    assert [settled.state for settled in shop.settle_all(after=86_400)] == ["pending"]
    shop.network.meet(FIND, net.answered({**page, "list": [{**shown, "status": "paid"}]}))
    assert [settled.state for settled in shop.settle_all(after=86_400)] == ["paid"]
    assert shop.network.count(AGAIN) == 1


def test_attempts_on_several_pages(shop: Shop) -> None:
    failed = {"merchant_uid": "order-1", "amount": 1000, "currency": "KRW", "status": "failed"}
    first = {"total": 2, "previous": 0, "next": 2, "list": [{**failed, "imp_uid": "imps_1"}]}
    second = {"total": 2, "previous": 1, "next": 0, "list": [{**failed, "imp_uid": "imps_2", "status": "paid"}]}
    shop.network.meet(FIND, net.answered(first), net.answered(second))
    charge = shop.charge()
    assert (charge.payment.imp_uid, charge.already_paid) == ("imps_2", True)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"amount": 10.5}, TypeError),
        ({"amount": True}, TypeError),
        ({"amount": None}, TypeError),
        ({"amount": -1}, ValueError),
        ({"merchant_uid": None}, TypeError),
        ({"merchant_uid": ""}, TypeError),
        ({"merchant_uid": " "}, TypeError),
        ({"key": " "}, ValueError),
        ({"merchant_uid": 7}, TypeError),
        ({"quota": 3}, TypeError),
        ({"tier": "a"}, ConfigurationError),
    ],
)
def test_wrong_arguments_raise_before_anything_is_charged(shop: Shop, wrong: Any, kind: Any) -> None:
    shop.failure(lambda c: c.subscribe.again_once(**{**again(), **wrong}), kind)
    assert shop.network.count(AGAIN) == 0


def test_a_server_that_echoes_the_request(shop: Shop) -> None:
    personal: dict[str, Any] = {
        "buyer_name": '홍길동 "canary"',
        "buyer_addr": "canary\\n1",
        "bypass": {"note": ["canary in a list"], "deep": {"more": "canary deeper"}},
    }
    shop.network.meet(AGAIN, lambda _, request: net.refused(request.body.decode())(_, request))
    charge = shop.charge(**personal)
    assert "canary" in charge.reason
    assert "order-1" in str(charge.refusal)
    assert "canary" not in f"{charge!r} {charge.refusal!s} {charge.refusal!r}"


def test_every_argument_is_passed_by_name(shop: Shop) -> None:
    shop.failure(lambda c: c.subscribe.again_once("ordinary", **again()), TypeError)
    assert shop.charges == []


def test_an_invalid_request_keeps_v1s_message(shop: Shop) -> None:
    arguments = {**again(), "channel_key": "channel-key-unknown"}
    shop.failure(lambda c: c.subscribe.again_once(**arguments), InvalidRequestError)


def test_sub_merchants_are_kept_apart(shop: Shop) -> None:
    assert shop.charge(tier="AAA").already_paid is False
    assert shop.charge().already_paid is False
    assert shop.charge(tier="AAA").already_paid is True
