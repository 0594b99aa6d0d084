"""Answers of V1 that are behind, odd or about something else: none of them is taken for what did not happen."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from portone_v1 import (
    DoublePaymentError,
    KeyConflictError,
    NotSentError,
    UndecidedError,
    VerificationError,
)
from portone_v1.intents import MemoryStore
from portone_v1_sandbox import Response

from tests.safe import network as net
from tests.safe.conftest import Shop, again

AGAIN = "POST /subscribe/payments/again"
CANCEL = "POST /payments/cancel"
FIND = "GET /payments/findAll"
GET = "GET /payments/"


def listed(*payments: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    return {"total": len(payments) if total is None else total, "previous": 0, "next": 0, "list": list(payments)}


def changed(**fields: Any) -> net.Fault:
    """Change values in the answer's payment, or in each payment of its list."""

    def change(network: net.Network, request: Any) -> Response:
        answer = network.execute(request)
        body = json.loads(answer.body)
        for payment in body["response"].get("list", [body["response"]]):
            payment.update(fields)
        return Response(answer.status, json.dumps(body).encode(), answer.headers)

    return change


def test_a_read_that_is_behind_a_charge_does_not_say_that_it_was_refunded(shop: Shop) -> None:
    shop.charge()
    shop.network.meet(FIND, changed(status="ready", paid_at=0), changed(status="ready", paid_at=0))
    assert (shop.charge().state, len(shop.charges)) == ("paid", 1)
    behind = [changed(status="ready", paid_at=0)] * 60
    shop.network.meet(FIND, *behind)
    shop.network.meet(GET, *behind)
    shop.failure(lambda c: c.subscribe.again_once(**again()), NotSentError)
    assert shop.network.count(AGAIN) == 1


@pytest.mark.parametrize("shown", ["어제", 1_800_000_000_000, [], True])
def test_a_time_that_is_none_stops_neither_a_charge_nor_a_refund(shop: Shop, shown: Any) -> None:
    assert shop.charge(card="charge_failed").state == "declined"
    shop.network.meet(FIND, *[changed(failed_at=shown)] * 4)
    shop.network.meet(AGAIN, net.lost_after)
    paid = shop.charge().payment.imp_uid
    shop.cancel(imp_uid=paid, amount=100, key="a")
    history = [{"amount": 100, "cancelled_at": shown, "reason": "반품"}]
    shop.network.meet(GET, *[changed(cancel_history=history)] * 4)
    shop.network.meet(CANCEL, net.lost_before)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=paid, amount=200, key="b"), UndecidedError)
    assert shop.refunds == [100]


def buyer_paid(shop: Shop, amount: int) -> Any:
    """Let the buyer pay the order in the payment window while the charge is on its way."""

    def pay(network: net.Network, request: Any) -> Response:
        shop.paid(amount=amount)
        return net.lost_before(network, request)

    return pay


def test_an_order_that_a_buyer_paid_with_another_price_is_not_paid_by_this_charge(shop: Shop) -> None:
    shop.network.meet(AGAIN, buyer_paid(shop, 500))
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    assert shop.settle(error).state == "undecided"
    shop.clock.advance(301)
    conflict = shop.failure(lambda c: c.subscribe.again_once(**again()), KeyConflictError)
    assert [payment.amount for payment in conflict.payments] == [500]
    assert shop.settle(error).state == "not_charged"
    assert shop.network.count(AGAIN) == 1


def test_nor_is_it_certain_while_an_attempt_at_the_order_is_undecided(shop: Shop) -> None:
    """It may be this charge, of which V1 kept no mark."""
    shop.network.meet(AGAIN, buyer_paid(shop, 500))
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    paid = shop.run(lambda c: c.payments.find_all("order-1")).items[0].to_dict()
    waiting = {**paid, "imp_uid": "imp_2", "amount": 1000, "status": "ready", "paid_at": 0, "channel": "api"}
    shop.clock.advance(301)
    shop.network.meet(FIND, net.answered(listed(waiting, paid)))
    assert shop.settle(error).state == "undecided"
    assert shop.settle(error).state == "not_charged"


def test_an_order_that_a_buyer_paid_as_asked_is_paid(shop: Shop) -> None:
    shop.network.meet(AGAIN, buyer_paid(shop, 1000))
    assert shop.charge().state == "paid"


@pytest.mark.parametrize("total", [2, "many"])
def test_a_list_that_lacks_an_attempt_which_it_counts_is_not_believed(shop: Shop, total: Any) -> None:
    """The one that is missing may be the one that is paid."""
    shop.charge(card="charge_failed")
    failed = shop.run(lambda c: c.payments.find_all("order-1")).items[0].to_dict()
    shop.network.meet(FIND, net.answered(listed(failed, total=total)))
    shop.failure(lambda c: c.subscribe.again_once(**again()), NotSentError)
    shop.network.meet(FIND, net.answered({**listed(failed), "next": "more"}))
    shop.failure(lambda c: c.subscribe.again_once(**again()), NotSentError)
    assert shop.network.count(AGAIN) == 1


@pytest.mark.parametrize("asked", [{"amount": 400, "key": "a"}, {"left": 600}], ids=["part", "left"])
def test_a_refund_of_which_v1s_own_answer_shows_nothing_is_only_accepted(shop: Shop, asked: dict[str, Any]) -> None:
    """A PG of which nobody knows that it pays out later."""
    imp_uid = shop.paid().imp_uid

    def accepted(network: net.Network, request: Any) -> Response:
        network.hold(request)
        return net.answered(shop.sandbox.client().payments.get(imp_uid).to_dict())(network, request)

    shop.network.meet(CANCEL, accepted)
    refund = {"imp_uid": imp_uid, **asked}
    assert [shop.cancel(**refund).state for _ in range(2)] == ["accepted", "accepted"]
    shop.clock.advance(1000)
    assert shop.cancel(**refund).state == "accepted", "no trace proves nothing"
    shop.network.deliver()
    done = shop.cancel(**refund)
    assert (done.state, done.amount, shop.network.count(CANCEL)) == ("refunded", 400, 1)
    assert shop.refunds == [400]


def test_a_plain_refund_of_which_v1s_own_answer_shows_nothing_is_not_recorded_as_made(shop: Shop) -> None:
    paid = shop.paid()
    shop.network.meet(CANCEL, net.answered(shop.run(lambda c: c.payments.get(paid.imp_uid)).to_dict()))
    shop.run(lambda c: c.payments.cancel(imp_uid=paid.imp_uid, amount=400))
    assert shop.run(lambda c: c.intents.of(imp_uid=paid.imp_uid)).outcome == "accepted"
    assert [each.state for each in shop.settle_all(after=3600)] == ["accepted"]


def test_an_entry_of_a_pg_that_pays_out_later_is_accepted_without_the_journal_too(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    slow = {"pg_provider": "daou", "pay_method": "vbank"}
    account = {"refund_holder": "홍길동", "refund_bank": "04", "refund_account": "1234567890"}
    refund = {"imp_uid": imp_uid, "amount": 400, "key": "a", **account}
    shop.network.meet(GET, *[changed(**slow)] * 2)
    shop.network.meet(CANCEL, changed(**slow))
    assert shop.cancel(**refund).state == "accepted"
    shop.network.forget()
    shop.client = shop.new_client(intents=MemoryStore(clock=shop.clock.time))
    shop.network.meet(GET, changed(**slow))
    again_ = shop.cancel(**refund)
    assert (again_.state, again_.amount) == ("accepted", 400)
    assert shop.refunds == [400]


@pytest.mark.parametrize("shown", [{"amount": "?"}, {"amount": True}, {"amount": 0, "cancel_amount": "?"}])
def test_an_order_of_0_is_not_paid_by_an_amount_that_cannot_be_read(shop: Shop, shown: dict[str, Any]) -> None:
    paid = shop.paid()
    shop.network.meet(GET, changed(**shown))
    check = {"merchant_uid": "order-1", "amount": 0}
    error = shop.failure(lambda c: c.payments.verify(paid.imp_uid, **check), VerificationError)
    assert set(error.mismatches) == {"amount"}


def test_an_amount_of_true_is_not_1(shop: Shop) -> None:
    paid = shop.paid(amount=1)
    shop.network.meet(GET, changed(amount=True))
    check = {"merchant_uid": "order-1", "amount": 1}
    shop.failure(lambda c: c.payments.verify(paid.imp_uid, **check), VerificationError)


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan")])
def test_a_deadline_that_never_ends_would_keep_all_others_away(shop: Shop, seconds: float) -> None:
    shop.failure(lambda c: c.subscribe.again_once(**again(), deadline=seconds), ValueError)
    assert shop.network.count(AGAIN) == 0


def test_a_key_of_a_charge_and_a_refund_names_the_later_one(shop: Shop) -> None:
    shop.cancel(imp_uid=shop.paid("order-2").imp_uid, amount=100, key="77")
    shop.clock.advance(5)
    shop.charge(key="77")
    assert shop.run(lambda c: c.intents.of(key="77")).operation == "subscribe.again"


def test_a_date_without_a_zone_is_v1s_not_this_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    from portone_v1.intents.server_time import time_of

    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    try:
        assert time_of({"date": "Sun Nov 29 18:00:01 2026"}) == time_of({"date": "Sun, 29 Nov 2026 18:00:01 GMT"})
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "words",
    [
        "승인 결과를 확인할 수 없습니다.",
        "처리에 실패했습니다. 잠시 후 다시 시도해 주세요.",
        "PG사 서버 오류가 발생하였습니다.",
        "망취소 처리되었습니다.",
        "503 Service Unavailable",
        "Internal server error",
    ],
)
def test_words_that_leave_the_outcome_open_are_no_decline(shop: Shop, words: str) -> None:
    """The PG executes the charge after it has said so: no other card is asked over it."""

    def answered_too_early(network: net.Network, request: Any) -> Response:
        network.hold(request)
        return net.refused(words)(network, request)

    shop.network.meet(AGAIN, answered_too_early)
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    shop.failure(lambda c: c.subscribe.again_once(**again(card="charge_failed")), UndecidedError)
    shop.network.deliver()
    assert shop.settle(error).state == "paid"
    assert shop.network.count(AGAIN) == 1


def test_a_charge_that_was_sent_is_not_reported_as_unsent_where_the_order_has_two_payments(shop: Shop) -> None:
    def twice(network: net.Network, request: Any) -> Response:
        answer = network.execute(request)
        body = json.loads(answer.body)
        (own,) = body["response"]["list"]
        other = {**own, "imp_uid": "imp_2", "custom_data": None}
        body["response"] = listed(own, other)
        return Response(answer.status, json.dumps(body).encode(), answer.headers)

    shop.network.meet(AGAIN, net.lost_after)
    shop.network.meet(FIND, net.passed, twice)
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), DoublePaymentError)
    assert "nothing was sent" not in str(error)
    assert len(error.payments) == 2
    assert shop.alarms == ["double_payment"]
