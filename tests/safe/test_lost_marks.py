"""Refunds whose reason comes back without the mark of the SDK, or with a part of it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from portone_v1 import OutcomeUnknownError, UndecidedError
from portone_v1_sandbox import Request, Response

from tests.safe import network as net
from tests.safe.conftest import Shop

CANCEL = "POST /payments/cancel"


def keeps(characters: int) -> Any:
    """Let the PG keep only the beginning of the reason, and lose its answer."""

    def cut(network: net.Network, request: Any) -> Any:
        body = json.loads(request.body)
        body["reason"] = body["reason"][:characters]
        return net.lost_after(network, replace(request, body=json.dumps(body).encode()))

    return cut


@pytest.mark.parametrize("asked", [{"amount": 400, "key": "a"}, {"left": 600}])
def test_a_reason_that_is_cut_off_before_its_mark_is_no_one_elses_refund(shop: Shop, asked: dict[str, Any]) -> None:
    imp_uid, reason = shop.paid().imp_uid, "단순 변심으로 한 봉지만 돌려보내심"
    shop.network.meet(CANCEL, keeps(12))
    refund = {"imp_uid": imp_uid, "reason": reason, **asked}
    with suppress(UndecidedError):  # the amount alone is told when nothing else can have made it
        shop.run(lambda c: c.payments.cancel_once(**refund))
    shop.clock.advance(301)
    again = shop.cancel(**refund)
    assert (again.state, again.amount) == ("refunded", 400)
    assert shop.refunds == [400]


@pytest.mark.parametrize("reason", ["고객 요청", None], ids=["short", "none"])
def test_a_short_reason_that_lost_its_mark_is_no_one_elses_refund(shop: Shop, reason: str | None) -> None:
    def without_mark(network: net.Network, request: Request) -> Response:
        body = json.loads(request.body)
        body["reason"] = body["reason"].partition(" #")[0]
        return net.lost_after(network, replace(request, body=json.dumps(body).encode()))

    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, without_mark)
    refund = {"imp_uid": imp_uid, "amount": 400, "key": "return-1", "reason": reason}
    shop.failure(lambda c: c.payments.cancel_once(**refund), OutcomeUnknownError)
    shop.clock.advance(301)
    assert shop.cancel(**refund).state == "refunded"
    assert shop.refunds == [400]


def without_ids(network: net.Network, request: Request) -> Response:
    """Answer as a V1 whose refunds of a payment have no ids of their own."""
    answer = network.execute(request)
    body = json.loads(answer.body)
    for entry in body["response"]["cancel_history"]:
        entry.update(cancellation_id=None, pg_tid="T1")
    return Response(answer.status, json.dumps(body).encode(), answer.headers)


def test_a_refund_that_reads_like_one_of_the_same_second_was_made_all_the_same(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet("GET /payments/", *[without_ids] * 10)
    shop.cancel(imp_uid=imp_uid, amount=400, key="return-1")
    shop.network.meet(CANCEL, net.lost_after)
    assert shop.cancel(imp_uid=imp_uid, amount=400, key="return-2").state == "refunded"
    assert shop.refunds == [400, 400]


def test_nor_is_it_missed_where_neither_kept_its_reason(shop: Shop) -> None:
    def nameless(network: net.Network, request: Request) -> Response:
        answer = without_ids(network, request)
        body = json.loads(answer.body)
        for entry in body["response"]["cancel_history"]:
            entry["reason"] = None
        return Response(answer.status, json.dumps(body).encode(), answer.headers)

    imp_uid = shop.paid().imp_uid
    shop.network.meet("GET /payments/", *[nameless] * 20)
    shop.cancel(imp_uid=imp_uid, amount=400, key="return-1")
    shop.network.meet(CANCEL, net.lost_after)
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="return-2"), UndecidedError)
    assert shop.settle(error, after=301).state == "refunded"
    assert shop.refunds == [400, 400]
