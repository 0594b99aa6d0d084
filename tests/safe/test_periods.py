"""`subscriptions.ensure` over a write that V1 does not show yet: nothing is certain before it is decided."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from portone_v1 import KST, OutcomeUnknownError
from portone_v1_sandbox import TEST_CARDS

from tests.safe import network as net
from tests.safe.conftest import Shop

SCHEDULE = "POST /subscribe/payments/schedule"
AGAIN = "POST /subscribe/payments/again"
RETRY = "POST /subscribe/payments/schedule/sub-1/retry"
FIND = "GET /payments/findAll/sub-1"


@pytest.fixture
def due(shop: Shop) -> datetime:
    return datetime.fromtimestamp(int(shop.clock.server_time()), KST) + timedelta(days=1)


def ensure(shop: Shop, due: datetime, **changes: Any) -> Any:
    wanted = {
        "period": "sub-1/1",
        "merchant_uid": "sub-1",
        "card": "ordinary",
        "price": 9900,
        "name": "정기배송",
        "due": due,
        **changes,
    }
    return shop.run(lambda c: c.subscriptions.ensure(**wanted))


def kinds(period: Any) -> list[str]:
    return [step.kind for step in period.steps]


def declined(shop: Shop, due: datetime) -> None:
    """Run the period's schedule with a card that is declined."""
    ensure(shop, due, card="charge_failed")
    shop.clock.advance(2 * 86_400)
    assert ensure(shop, due).state == "declined"


def test_it_has_not_ended_while_its_schedule_may_still_land(shop: Shop, due: datetime) -> None:
    """The schedule is executed after the subscription was ended: the next run takes it back."""
    shop.network.meet(SCHEDULE, net.held)
    assert ensure(shop, due).state == "waiting"
    shop.clock.advance(60)
    assert ensure(shop, due, active=False).state == "waiting"
    shop.network.deliver()
    ended = ensure(shop, due, active=False)
    assert (ended.state, kinds(ended)) == ("ended", ["unschedule"])
    shop.clock.advance(2 * 86_400)
    assert shop.charges == []


@pytest.mark.parametrize("wish", [{}, {"active": False}, {"dunning": True}])
def test_it_is_not_declined_while_its_charge_may_still_land(shop: Shop, due: datetime, wish: dict[str, Any]) -> None:
    declined(shop, due)
    shop.network.meet(AGAIN, net.held)
    assert ensure(shop, due, dunning=True).state == "waiting"
    shop.clock.advance(60)
    found = ensure(shop, due, **wish)
    assert (found.state, found.merchant_uid, kinds(found)) == ("waiting", "sub-1-r2", [])
    shop.network.deliver()
    assert ensure(shop, due, **wish).state == "paid"
    assert shop.charges == [("sub-1-r2", Decimal(9900))]


def test_it_is_not_charged_over_a_retry_of_its_schedule(shop: Shop, due: datetime) -> None:
    """The shop has retried the schedule by itself. V1 shows the failure of before until that lands."""
    declined(shop, due)
    with shop.sandbox.client() as operator:
        operator.billing_keys.issue("charge_failed", card_number=TEST_CARDS["ordinary"].number, expiry="2039-12")
    shop.network.meet(RETRY, net.held)
    shop.failure(lambda c: c.subscribe.retry("sub-1"), OutcomeUnknownError)
    shop.clock.advance(60)
    assert ensure(shop, due, dunning=True).state == "waiting"
    shop.network.deliver()
    assert ensure(shop, due, dunning=True).state == "paid"
    assert shop.charges == [("sub-1", Decimal(9900))]


def test_five_minutes_without_a_trace_let_it_go_on(shop: Shop, due: datetime) -> None:
    shop.network.meet(SCHEDULE, net.lost_before)
    assert ensure(shop, due).state == "waiting"
    shop.clock.advance(301)
    assert ensure(shop, due, active=False).state == "ended"
    assert ensure(shop, due).state == "scheduled"


def test_what_lands_between_two_reads_is_read_again(shop: Shop, due: datetime) -> None:
    """V1 showed nothing, and shows the charge when the journal asks for it."""
    shop.network.meet(SCHEDULE, net.held)
    assert ensure(shop, due).state == "waiting"
    shop.clock.advance(60)

    def lands(network: net.Network, request: Any) -> Any:
        answer = network.execute(request)
        network.deliver()
        return answer

    shop.network.meet(FIND, lands)
    ended = ensure(shop, due, active=False)
    assert (ended.state, kinds(ended)) == ("ended", ["unschedule"])


def test_v1_that_cannot_be_asked_about_it_leaves_it_open(shop: Shop, due: datetime) -> None:
    shop.network.meet(SCHEDULE, net.held)
    assert ensure(shop, due).state == "waiting"
    shop.network.meet("GET /subscribe/payments/schedule/", net.passed, net.failing_before, net.failing_before)
    assert ensure(shop, due, active=False).state == "waiting"
