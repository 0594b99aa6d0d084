"""`onetime_once` and `retry` under every fault of the network: charged at most once, and what is reported is true."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from portone_v1 import InProgressError, OutcomeUnknownError, PortOneError
from portone_v1_sandbox import TEST_CARDS

from tests.safe import network as net
from tests.safe.conftest import Shop

ONETIME = "POST /subscribe/payments/onetime"
RETRY = "POST /subscribe/payments/schedule/sub-1/retry"
READS = ["GET /payments/findAll", "GET /payments/"]


def onetime(shop: Shop, card: str = "ordinary") -> Any:
    number = TEST_CARDS[card].number
    return shop.run(
        lambda c: c.subscribe.onetime_once(
            merchant_uid="order-1", amount=1000, card_number=number, expiry="2039-12", name="구독"
        )
    )


def declined_schedule(shop: Shop) -> None:
    """Create a schedule that was declined, and then give the billing key a good card."""
    at = int(shop.clock.server_time()) + 600
    entry = {"merchant_uid": "sub-1", "schedule_at": at, "amount": 1000, "name": "구독"}
    shop.run(lambda c: c.subscribe.schedule(customer_uid="charge_failed", schedules=[entry]))
    shop.clock.advance(700)
    number = TEST_CARDS["ordinary"].number
    shop.run(lambda c: c.billing_keys.issue("charge_failed", card_number=number, expiry="2039-12"))
    assert shop.charges == []


@pytest.mark.parametrize("reads", [net.passed, net.lost_before])
@pytest.mark.parametrize("fault", net.FAULTS)
@pytest.mark.parametrize("card", ["ordinary", "charge_refused", "charge_failed"])
def test_a_card_is_charged_once(shop: Shop, card: str, fault: Any, reads: Any) -> None:
    shop.network.meet(ONETIME, fault)
    for read in READS:
        shop.network.meet(read, net.passed, *[reads] * 6)
    reported: list[str] = []
    for wait in (0.0, 40.0, 301.0, 60.0):
        shop.clock.advance(wait)
        try:
            reported.append(onetime(shop, card).state)
        except PortOneError as error:
            reported.append(type(error).__name__)
        if wait == 0.0:
            shop.network.forget()
            shop.network.deliver()
    wanted = "paid" if card == "ordinary" else "declined"
    assert reported[-1] == wanted
    assert len(shop.charges) == (card == "ordinary")
    assert card == "ordinary" or "paid" not in reported
    assert card != "ordinary" or "declined" not in reported


@pytest.mark.parametrize("fault", net.FAULTS)
def test_a_schedule_is_retried_once(shop: Shop, fault: Any) -> None:
    declined_schedule(shop)
    shop.network.meet(RETRY, fault)
    paid = False
    try:
        paid = shop.run(lambda c: c.subscribe.retry("sub-1")).status == "paid"
    except OutcomeUnknownError as error:
        with pytest.raises(InProgressError):
            shop.run(lambda c: c.subscribe.retry("sub-1"))
        shop.network.deliver()
        settled = shop.settle(error, after=301).state
        assert settled in ("paid", "not_charged")
        assert (settled == "paid") == (len(shop.charges) == 1)
        paid = settled == "paid"
    except PortOneError:
        paid = len(shop.charges) == 1
    if not paid:
        assert shop.run(lambda c: c.subscribe.retry("sub-1")).status == "paid"
    assert shop.charges == [("sub-1", Decimal(1000))]
    assert shop.alarms == []
