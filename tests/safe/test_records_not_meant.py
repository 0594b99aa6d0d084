"""What V1 shows of a record that the write did not change, or refuses to show, is no outcome of the write."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from portone_v1 import ALL, KST, InProgressError, NotSentError, OutcomeUnknownError
from portone_v1_sandbox import Response

from tests.safe import network as net
from tests.safe.conftest import Shop

SCHEDULE = "POST /subscribe/payments/schedule"
UNSCHEDULE = "POST /subscribe/payments/unschedule"
GET_SCHEDULE = "GET /subscribe/payments/schedule/"


def entry(shop: Shop, days: int = 3) -> dict[str, Any]:
    at = int(shop.clock.server_time()) + days * 86_400
    return {"merchant_uid": "sub-1", "schedule_at": at, "amount": 1000, "name": "구독"}


def scheduled(shop: Shop, wanted: dict[str, Any]) -> None:
    shop.run(lambda c: c.subscribe.schedule(customer_uid="ordinary", schedules=[wanted]))


def test_a_charge_answered_by_another_order_is_not_known(shop: Shop) -> None:
    """A proxy that confuses its connections: whoever got this order's answer, it is not in this one."""

    def confused(network: net.Network, request: Any) -> Any:
        body = json.loads(request.body) | {"merchant_uid": "order-2"}
        return network.execute(replace(request, body=json.dumps(body).encode()))

    shop.network.meet("POST /subscribe/payments/again", confused)
    sold = {"customer_uid": "ordinary", "merchant_uid": "order-1", "amount": 1000, "name": "구독"}
    error = shop.failure(lambda c: c.subscribe.again(**sold), OutcomeUnknownError)
    assert "another payment or order" in str(error)
    assert shop.settle(error, after=301).state == "not_charged"


def test_a_schedule_that_was_revoked_before_is_not_the_one_that_was_lost(shop: Shop) -> None:
    wanted = entry(shop)
    scheduled(shop, wanted)
    shop.run(lambda c: c.subscribe.unschedule(customer_uid="ordinary", merchant_uid=["sub-1"]))
    shop.clock.advance(60)
    shop.network.meet(SCHEDULE, net.lost_before)
    error = shop.failure(
        lambda c: c.subscribe.schedule(customer_uid="ordinary", schedules=[wanted]), OutcomeUnknownError
    )
    assert shop.settle(error, after=301).state == "not_done"


@pytest.mark.parametrize("asked", [{"merchant_uid": ["sub-1"]}, {"merchant_uid": ALL}], ids=["named", "all"])
def test_a_schedule_that_v1_executed_was_not_taken_back(shop: Shop, asked: dict[str, Any]) -> None:
    scheduled(shop, entry(shop, days=1))
    shop.clock.advance(86_400 - 60)
    shop.network.meet(UNSCHEDULE, net.lost_before)
    error = shop.failure(lambda c: c.subscribe.unschedule(customer_uid="ordinary", **asked), OutcomeUnknownError)
    assert shop.settle(error, after=400).state == "not_done"
    assert [number for number, _ in shop.charges] == ["sub-1"]


def test_an_account_that_v1_does_not_show_is_not_revoked(shop: Shop) -> None:
    due = int(shop.clock.server_time()) + 86_400
    account = {"merchant_uid": "order-1", "amount": 1000, "vbank_code": "088", "vbank_due": due}
    imp_uid = shop.run(lambda c: c.vbanks.issue(**account, vbank_holder="상점")).imp_uid
    shop.network.meet("DELETE /vbanks/", net.lost_before)
    error = shop.failure(lambda c: c.vbanks.revoke(imp_uid), OutcomeUnknownError)
    missing = Response(404, b'{"code": 1, "message": "\\uc874\\uc7ac\\ud558\\uc9c0", "response": null}', {})
    shop.network.meet("GET /payments/", lambda network, request: missing)
    assert shop.settle(error, after=301).state == "undecided"
    assert shop.settle(error).state == "not_done"


def test_a_period_whose_schedule_cannot_be_read_is_not_charged(shop: Shop) -> None:
    """V1 says with 200, too, that it cannot tell now: the schedule may be alive."""
    wanted = entry(shop)
    scheduled(shop, wanted)
    shop.network.meet(GET_SCHEDULE, net.refused("일시적인 오류가 발생하였습니다."))
    period = {
        "period": "sub/1",
        "merchant_uid": "sub-1",
        "card": "ordinary",
        "price": 1000,
        "name": "구독",
        "due": datetime.fromtimestamp(shop.clock.server_time(), KST) - timedelta(days=1),
        "late": "charge",
    }
    shop.failure(lambda c: c.subscriptions.ensure(**period), NotSentError)
    assert shop.charges == []
    shop.network.meet(SCHEDULE, net.lost_before)
    new = {**wanted, "merchant_uid": "sub-2"}
    error = shop.failure(lambda c: c.subscribe.schedule(customer_uid="ordinary", schedules=[new]), OutcomeUnknownError)
    shop.clock.advance(301)
    shop.network.meet(GET_SCHEDULE, net.refused("시스템 점검중입니다."))
    shop.failure(lambda c: c.subscribe.schedule(customer_uid="ordinary", schedules=[new]), InProgressError)
    assert shop.settle(error).state == "not_done"
