"""Leases of calls that were killed: how long others wait, that they say so, and a clock that is set back meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1 import InProgressError, PortOne
from portone_v1.events import Event, IntentBusy
from portone_v1.intents import Intent, MemoryStore
from portone_v1_sandbox import Request, Response

from tests.safe import network as net
from tests.safe.conftest import Shop

AGAIN = "POST /subscribe/payments/again"
CANCEL = "POST /payments/cancel"
DAY = 86_400


class Deaf(MemoryStore):
    """Saves nothing while it is told not to: as if the process had been killed before."""

    killed = False

    def save(self, intent: Intent) -> bool:
        if self.killed:
            raise OSError
        return super().save(intent)


@pytest.fixture
def journal(shop: Shop) -> Deaf:
    shop.journal = journal = Deaf(clock=shop.clock.time)
    shop.client = shop.new_client()
    return journal


def killed(shop: Shop, journal: Deaf, route: str, ask: Any, *, executed: bool) -> None:
    def fault(network: net.Network, request: Request) -> Response:
        if executed:
            network.execute(request)
        journal.killed = True
        raise SystemExit

    shop.network.meet(route, fault)
    with pytest.raises(SystemExit):
        ask()
    journal.killed = False


@pytest.mark.parametrize("executed", [True, False])
@pytest.mark.parametrize("after", [1, 10])
def test_a_clock_that_is_set_back_keeps_nobody_away_for_a_day(
    shop: Shop, journal: Deaf, executed: bool, after: int
) -> None:
    killed(shop, journal, AGAIN, shop.charge, executed=executed)
    shop.clock.advance(after)
    shop.clock.wrong_by = -DAY
    began = shop.clock.monotonic()
    assert shop.settle_all() == [], "whoever sees the lease first shortens it"
    (seen,) = shop.run(lambda c: c.intents.open())
    assert seen.lease_until - shop.clock.time() == pytest.approx(seen.lease)
    shop.failure(lambda c: c.intents.resolve(seen.id, "paid", note="PG console"), ValueError)
    shop.clock.advance(25)
    assert shop.clock.monotonic() - began < seen.lease
    assert shop.settle_all() == [], "it may still be running"
    shop.clock.advance(10)
    assert [each.state for each in shop.settle_all()] == ["paid" if executed else "undecided"]
    shop.clock.advance(300)
    assert shop.charge().state == "paid"
    assert len(shop.charges) == 1


def test_a_call_that_outlives_a_clock_that_is_set_back_records_its_outcome(shop: Shop, journal: Deaf) -> None:
    """Others shorten its lease while it waits for V1: its own outcome is stored all the same."""

    def meanwhile(network: net.Network, request: Request) -> Response:
        shop.clock.wrong_by = -DAY
        with PortOne("sandbox_key", "sandbox_secret", transport=shop.network, intents=journal, clock=shop.clock) as c:
            with pytest.raises(InProgressError):
                c.payments.cancel_once(imp_uid=imp_uid, amount=400, key="return-1", deadline=8.0)
            assert c.settle_all() == []
        return network.execute(request)

    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, meanwhile)
    assert shop.cancel(imp_uid=imp_uid, amount=400, key="return-1").state == "refunded"
    assert shop.run(lambda c: c.intents.open()) == []
    assert shop.refunds == [400]


def test_a_call_says_what_it_waits_for_and_until_when(shop: Shop, journal: Deaf) -> None:
    imp_uid = shop.paid().imp_uid
    killed(shop, journal, CANCEL, lambda: shop.cancel(imp_uid=imp_uid, amount=400, key="return-1"), executed=True)
    shop.clock.advance(10)
    events: list[Event] = []
    shop.client = shop.new_client(on_event=events.append)
    assert shop.cancel(imp_uid=imp_uid, amount=400, key="return-1").state == "refunded"
    (busy,) = [each for each in events if isinstance(each, IntentBusy)]
    assert (busy.operation, busy.imp_uid) == ("payments.cancel", imp_uid)
    assert 15 <= busy.seconds <= 20 <= sum(shop.clock.naps) + 1
    assert shop.refunds == [400]
