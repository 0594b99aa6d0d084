"""Two tries of one charge or refund: whatever is looked at in between, each outcome is told of the right one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from portone_v1 import FULL, DeadlineError, OutcomeUnknownError, UndecidedError

from tests.safe import network as net
from tests.safe.conftest import Shop, again

AGAIN = "POST /subscribe/payments/again"
CANCEL = "POST /payments/cancel"
PAYMENT = "GET /payments/imp"


def unlisted(network: net.Network, request: Any) -> Any:
    """Answer a read between two steps of V1: the amount is refunded, and `cancel_history` does not list it yet."""
    answer = network.execute(request)
    body = json.loads(answer.body)
    body["response"]["cancel_history"] = []
    return replace(answer, body=json.dumps(body).encode())


@pytest.mark.parametrize("asked", [{"amount": 400, "key": "return-77"}, {"left": 600}], ids=["part", "left"])
def test_a_run_that_began_before_the_second_refund_takes_it_for_no_late_first_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.lost_before)
    first = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, **asked), UndecidedError).intent
    stale = shop.run(lambda c: c.intents.open())
    shop.clock.advance(301)
    assert shop.cancel(imp_uid=imp_uid, **asked).state == "refunded"
    with monkeypatch.context() as run:
        run.setattr(shop.journal, "unfinished", lambda *_: stale)
        assert shop.settle_all() == []
    assert shop.alarms == []
    assert shop.run(lambda c: c.intents.get(first.id)).outcome == "not_refunded"
    assert shop.settle_all(after=4000) == []
    assert shop.alarms == []
    assert shop.refunds == [400]


def test_a_run_that_began_before_the_second_charge_takes_it_for_no_late_first_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.network.meet(AGAIN, net.lost_before)
    first = shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError).intent
    stale = shop.run(lambda c: c.intents.open())
    shop.clock.advance(301)
    assert shop.charge().state == "paid"
    with monkeypatch.context() as run:
        run.setattr(shop.journal, "unfinished", lambda *_: stale)
        assert shop.settle_all() == []
    assert shop.run(lambda c: c.intents.get(first.id)).outcome == "not_charged"
    assert shop.settle_all(after=4000) == []
    assert shop.alarms == []
    assert len(shop.charges) == 1


@pytest.mark.parametrize("declined", [True, False])
def test_an_order_that_is_paid_is_not_reported_as_declined_afterwards(shop: Shop, declined: bool) -> None:
    """A plain charge failed and its response was lost; then the order was charged under its number."""
    shop.network.meet(AGAIN, net.lost_after if declined else net.lost_before)
    error = shop.failure(lambda c: c.subscribe.again(**again(card="charge_failed")), OutcomeUnknownError)
    shop.clock.advance(301)
    assert shop.charge().state == "paid"
    assert shop.settle_all() == []
    assert shop.settle(error).state == "paid"
    assert shop.settle_all(after=4000) == []
    assert shop.alarms == []
    assert len(shop.charges) == 1


def without_reason(network: net.Network, request: Any) -> Any:
    """Execute without the reason, as a PG that keeps none, and no mark with it."""
    body = json.loads(request.body)
    del body["reason"]
    return network.execute(replace(request, body=json.dumps(body).encode()))


def test_a_refund_that_v1_lists_late_is_not_taken_for_the_next_one(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    first, second = ({"imp_uid": imp_uid, "amount": 400, "key": key} for key in ("return-1", "return-2"))
    shop.network.meet(CANCEL, without_reason, net.lost_before)
    shop.cancel(**first)
    shop.network.meet(PAYMENT, unlisted)
    shop.failure(lambda c: c.payments.cancel_once(**second), UndecidedError)
    shop.clock.advance(301)
    assert shop.cancel(**second).state == "refunded"
    assert shop.refunds == [400, 400]


def test_nothing_is_refunded_while_v1_does_not_list_the_refund_before(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.cancel(imp_uid=imp_uid, amount=400, key="return-1")
    shop.network.meet(PAYMENT, *[unlisted] * 100)
    second = {"imp_uid": imp_uid, "amount": 400, "key": "return-2"}
    shop.failure(lambda c: c.payments.cancel_once(**second), DeadlineError)
    shop.clock.advance(301)  # V1 never lists it
    assert shop.cancel(**second).state == "refunded"
    assert shop.refunds == [400, 400]


@pytest.mark.parametrize("left", [0, 600])
def test_the_amount_of_a_refund_that_v1_does_not_list_yet(shop: Shop, left: int) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.lost_after)
    shop.network.meet(PAYMENT, net.passed, unlisted)
    refund = shop.cancel(imp_uid=imp_uid, left=left)
    assert (refund.state, refund.amount) == ("refunded", 1000 - left)
    assert shop.refunds == [1000 - left]


def test_the_amount_of_a_refund_that_another_call_made_meanwhile(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    imp_uid = shop.paid().imp_uid
    assert shop.cancel(imp_uid=imp_uid, amount=FULL).amount == 1000
    latest, before = shop.journal.latest, [None, None]
    monkeypatch.setattr(shop.journal, "latest", lambda *a, **k: before.pop() if before else latest(*a, **k))
    shop.network.meet(PAYMENT, unlisted)
    assert shop.cancel(imp_uid=imp_uid, amount=FULL).amount == 1000
    assert shop.refunds == [1000]


@pytest.mark.parametrize("status", ["ready", "failed"])
def test_a_read_from_before_the_deposit_shows_no_refund(shop: Shop, status: str) -> None:
    """Of a virtual account that was paid a moment ago: a replica that is behind shows no balance, as after a refund."""

    def behind(network: net.Network, request: Any) -> Any:
        answer = network.execute(request)
        body = json.loads(answer.body)
        body["response"] |= {"status": status, "paid_at": 0}
        return replace(answer, body=json.dumps(body).encode())

    imp_uid = shop.paid(pay_method="vbank").imp_uid
    account = {"refund_holder": "홍길동", "refund_bank": "04", "refund_account": "1"}
    shop.network.meet(CANCEL, net.lost_before)
    shop.network.meet(PAYMENT, net.passed, *[behind] * 20)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=FULL, **account), UndecidedError)
    shop.network.forget()
    shop.clock.advance(301)
    assert shop.cancel(imp_uid=imp_uid, amount=FULL, **account).amount == 1000
    assert shop.refunds == [1000]
