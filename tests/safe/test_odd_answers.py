"""Answers of V1 that are behind, odd or about something else: none of them is taken for what did not happen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from portone_v1 import (
    InProgressError,
    KeyConflictError,
    NotSentError,
    OutcomeUnknownError,
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
    """The answer of V1 with other values in its payment, or in each payment of its list."""

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
