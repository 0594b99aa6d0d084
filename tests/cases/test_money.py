"""Cases in which a shop lost money, or was told what was not so. Each has its right ending."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from portone_v1 import KST, AsyncPortOne
from portone_v1.intents import MemoryStore

from tests.cases.conftest import Shop, lost, sold
from tests.cases.v1 import V1, AsyncTime, Time

AGAIN = "/subscribe/payments/again"
CANCEL = "/payments/cancel"


def test_another_cards_decline_is_not_the_outcome(shop: Shop) -> None:
    """Card A's charge lands after 90 s. Meanwhile the buyer tries card B, which would be declined."""
    shop.v1.pg_seconds, shop.v1.declining = 90, {"card-B"}
    assert shop.charge("card-A") == "UndecidedError"
    first = shop.intent()
    shop.v1.pg_seconds = 0.5
    assert shop.charge("card-B") == "UndecidedError"
    assert (shop.v1.writes(AGAIN), shop.settle(first)) == (1, "undecided")
    shop.clock.advance(120)
    assert shop.settle(first) == "paid"
    assert shop.v1.charged("order-1") == [10_000]


def test_another_cards_decline_by_a_shop_without_a_journal(shop: Shop) -> None:
    shop.v1.pg_seconds = 90
    assert shop.charge("card-A") == "UndecidedError"
    shop.v1.record("order-1", 10_000, "failed", customer_uid="card-B")
    assert shop.settle(shop.intent()) == "undecided"
    shop.clock.advance(120)
    assert shop.settle(shop.intent()) == "paid"


@pytest.mark.parametrize("journal", ["shared", "lost"])
def test_nothing_is_charged_over_an_attempt_that_is_at_the_pg(shop: Shop, journal: str) -> None:
    shop.v1.pg_seconds, shop.v1.shows_attempts = 90, True
    assert shop.charge() == "UndecidedError"
    other = shop.process() if journal == "shared" else shop.process(intents=MemoryStore(clock=shop.clock.time))
    assert shop.charge(client=other) == ("pending" if journal == "shared" else "InProgressError")
    shop.clock.advance(300)
    assert (shop.v1.writes(AGAIN), shop.v1.charged("order-1")) == (1, [10_000])
    assert shop.charge(client=other) == "paid"


@pytest.mark.parametrize("locks", [True, False])
def test_a_partial_refund_is_not_sent_again_while_it_is_at_the_pg(shop: Shop, locks: bool) -> None:
    """The `checksum` would still fit: V1 compares it on arrival, and writes its record after the PG."""
    imp_uid = shop.v1.record("order-1", 20_000)["imp_uid"]
    shop.v1.pg_seconds, shop.v1.locks = 90, locks
    assert [shop.refund(imp_uid), shop.refund(imp_uid)] == ["UndecidedError", "UndecidedError"]
    shop.clock.advance(600)
    assert (shop.refund(imp_uid), shop.v1.refunded) == ("refunded", [5_000])
    assert shop.v1.writes(CANCEL) == 1


@pytest.mark.parametrize("journal", ["shared", "apart"])
def test_two_refunds_of_one_amount_of_which_one_is_lost(shop: Shop, journal: str) -> None:
    """Two returns of 5,000 by two workers. One worker's request never arrives: it is not told that it did."""
    other = shop.process() if journal == "shared" else shop.process(intents=MemoryStore(clock=shop.clock.time))
    imp_uid = shop.v1.record("order-1", 20_000)["imp_uid"]
    shop.v1.plans[CANCEL] = [lost]
    assert shop.refund(imp_uid, key="item-2") == "UndecidedError"
    intent = shop.intent()
    result = shop.refund(imp_uid, key="item-1", client=other)
    assert result == ("InProgressError" if journal == "shared" else "refunded")
    assert shop.settle(intent) == "undecided"
    shop.clock.advance(301)
    assert shop.settle(intent) == "not_refunded"
    assert [shop.refund(imp_uid, key=key) for key in ("item-1", "item-2")] == ["refunded", "refunded"]
    assert shop.v1.refunded == [5_000, 5_000]


def test_a_timeout_from_outside_around_a_partial_refund() -> None:
    """Or a client that disconnects: there is no error to settle, and the journal has it all the same."""

    class Hanging(V1):
        async def handle_async_request(self, request: Any) -> Any:
            answer = await super().handle_async_request(request)
            if request.url.path == CANCEL:
                await asyncio.Event().wait()
            return answer

    async def scenario() -> None:
        v1 = Hanging(Time())
        imp_uid = v1.record("order-1", 20_000)["imp_uid"]
        store = MemoryStore(clock=v1.clock.time)
        async with AsyncPortOne("k", "s", transport=v1, intents=store, clock=AsyncTime(v1.clock)) as client:
            refund: dict[str, Any] = {"imp_uid": imp_uid, "amount": 5_000, "key": "return-77"}
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await client.payments.cancel_once(**refund)
            assert [intent.key for intent in await client.intents.open()] == ["refund/return-77"]
            assert (await client.payments.cancel_once(**refund)).state == "refunded"
            assert v1.refunded == [5_000]

    asyncio.run(scenario())


def test_a_refund_by_paypal_that_v1_never_shows(shop: Shop) -> None:
    """V1 cannot tell. A person is alerted and can record the outcome."""
    details = {"pg_provider": "paypal_v2", "pay_method": "paypal", "currency": "USD"}
    imp_uid = shop.v1.record("order-1", 20_000, **details)["imp_uid"]
    shop.v1.plans[CANCEL] = [lost]
    assert shop.refund(imp_uid) == "UndecidedError"
    shop.clock.advance(15 * 86_400)
    settled = shop.client.call(lambda c: c.settle_all())
    assert [each.state for each in settled] == ["undecided"]
    assert shop.alarms == ["overdue"]
    intent = shop.intent()
    shop.client.call(lambda c: c.intents.resolve(intent.id, "not_refunded", note="console of the PG: nothing"))
    assert shop.refund(imp_uid) in ("accepted", "refunded")
    assert shop.v1.refunded == [5_000]


def test_two_pods_without_a_shared_journal_get_an_error_about_the_second_payment(shop: Shop) -> None:
    """No client can prevent it before a V1 that does not lock. Within the hour it is said, and nothing else is sent."""

    def meanwhile(given: dict[str, Any]) -> None:
        shop.clock.after(1, lambda: shop.v1.record("order-1", 10_000))

    shop.v1.pg_seconds, shop.v1.plans[AGAIN] = 2, [meanwhile]
    assert shop.charge() == "paid"
    shop.clock.advance(3_700)
    shop.client.call(lambda c: c.settle_all())
    assert "double_payment" in shop.alarms
    assert shop.charge() == "DoublePaymentError"
    other = shop.process(intents=MemoryStore(clock=shop.clock.time))
    assert shop.charge(client=other) == "DoublePaymentError"
    assert shop.v1.writes(AGAIN) == 1


def test_two_pods_with_a_shared_journal_charge_once(shop: Shop) -> None:
    result = shop.client.at_once(lambda c: c.subscribe.again_once(**sold()), 4)
    states = {getattr(each, "state", "") or type(each).__name__ for each in result}
    # Those that wait move the clock on: the one that charges may find its time over, and sends nothing either.
    assert states <= {"paid", "InProgressError", "DeadlineError", "NotSentError", "UndecidedError"}
    assert len(shop.v1.charged("order-1")) == ("paid" in states)
    shop.clock.advance(3_700)
    assert shop.charge() == "paid"
    assert shop.v1.charged("order-1") == [10_000]


@pytest.mark.parametrize("beside", [0, 300, 1_500])
def test_reconcile_while_one_payment_comes_and_one_goes(shop: Shop, beside: int) -> None:
    """The total stays the same, so that nothing but the rows themselves shows that they have moved."""
    for number in range(250):
        shop.v1.record(f"order-{number:03}", 1_000)
        shop.clock.advance(60)
    for number in range(beside):  # within one second
        shop.v1.record(f"beside-{number}", 1_000)
    first = shop.v1.payments["imps_000000000001"]["paid_at"]

    def one_goes(given: dict[str, Any]) -> None:
        gone = next(p for p in shop.v1.payments.values() if p["status"] == "paid")
        shop.v1.give_back(gone["imp_uid"], 1_000)
        shop.clock.advance(1)
        shop.v1.record(f"new-{shop.clock.now}", 1_000)

    shop.v1.plans["/payments/status/paid"] = [lambda given: None, *[one_goes] * 4]
    until = int(shop.clock.now) + 3_600
    found = shop.client.call(lambda c: c.payments.reconcile(first, until, refunds_of_days=0))
    charged = {movement.merchant_uid for movement in found if movement.kind == "charge"}
    there_all_the_time = {p["merchant_uid"] for p in shop.v1.payments.values() if "new" not in p["merchant_uid"]}
    assert there_all_the_time - charged == set()
    assert len(found) == len({(m.kind, m.imp_uid, m.at) for m in found})


def test_reconcile_while_a_partly_refunded_payment_is_refunded_further(shop: Shop) -> None:
    """V1 lists it under its last refund: it leaves the list of the period while that is read."""
    sold_one = [shop.v1.record(f"order-{number}", 1_000) for number in range(3)]
    for payment in sold_one:
        shop.v1.give_back(payment["imp_uid"], 100)["status"] = "cancelled"  # as V1 says after a part, too
    first = sold_one[0]["paid_at"]
    shop.clock.advance(100_000)

    def another_part(given: dict[str, Any]) -> None:
        shop.clock.advance(5)
        shop.v1.give_back(sold_one[1]["imp_uid"], 100)

    shop.v1.plans["/payments/status/cancelled"] = [another_part]
    found = shop.client.call(lambda c: c.payments.reconcile(first, first + 3_600, refunds_of_days=0))
    assert sorted(movement.kind for movement in found) == ["charge"] * 3 + ["refund"] * 3


def test_a_day_that_ends_within_its_last_second(shop: Shop) -> None:
    """`datetime.combine(day, time.max)`: what V1 dates to that second belongs to the day, and to no other."""
    paid_at = shop.v1.record("order-1", 1_000)["paid_at"]
    at = datetime.fromtimestamp(paid_at, KST)
    late, hour = at.replace(microsecond=999_999), timedelta(hours=1)
    days = [(at - hour, late), (late, at + hour), (at - hour, at), (at, at + hour)]
    found = [shop.client.call(lambda c, day=day: c.payments.reconcile(*day, refunds_of_days=0)) for day in days]
    assert [len(each) for each in found] == [1, 0, 0, 1]


@pytest.mark.parametrize(("days", "kind"), [(-1, ValueError), (1.5, TypeError), (True, TypeError), (None, TypeError)])
def test_days_that_would_leave_charges_out(shop: Shop, days: Any, kind: type[Exception]) -> None:
    shop.v1.record("order-1", 1_000)
    now = int(shop.clock.now)
    with pytest.raises(kind, match="refunds_of_days"):
        shop.client.call(lambda c: c.payments.reconcile(now - 3_600, now + 60, refunds_of_days=days))


def test_a_full_refund_that_v1_records_in_two_entries(shop: Shop) -> None:
    """Card and points, one entry each."""
    imp_uid = shop.v1.record("order-1", 20_000)["imp_uid"]

    def in_two(given: dict[str, Any]) -> None:
        shop.v1.give_back(imp_uid, 15_000, 5_000, reason=given["reason"])
        lost(given)

    shop.v1.plans[CANCEL] = [in_two]
    refund = shop.client.call(lambda c: c.payments.cancel_once(imp_uid=imp_uid, left=0))
    assert (refund.state, refund.amount) == ("refunded", 20_000)
    assert shop.v1.refunded == [15_000, 5_000]


@pytest.mark.parametrize("wrong_by", [360, -360, 10_000_000])
def test_settled_on_a_host_with_another_clock(shop: Shop, wrong_by: int) -> None:
    shop.v1.pg_seconds = 90
    assert shop.charge() == "UndecidedError"
    intent = shop.intent()

    class Wrong(Time):
        def time(self) -> float:
            return shop.clock.now + wrong_by

        def monotonic(self) -> float:
            return shop.clock.now

    host = shop.process(clock=Wrong() if shop.flavour.name == "sync" else AsyncTime(Wrong()))
    assert shop.settle(intent, host) == "undecided"
    shop.clock.advance(120)
    assert shop.settle(intent, host) == "paid"


def test_a_rerun_whose_request_is_lost(shop: Shop) -> None:
    shop.v1.pg_seconds, shop.v1.shows_attempts = 90, True
    shop.v1.plans[AGAIN] = [lambda given: None, lost]
    assert [shop.charge(), shop.charge()] == ["UndecidedError", "pending"]
    intent = shop.intent()
    shop.clock.advance(3_600)
    assert shop.settle(intent) == "paid"
    assert (shop.v1.writes(AGAIN), shop.v1.charged("order-1")) == (1, [10_000])


def test_a_waiting_virtual_account_does_not_keep_it_open(shop: Shop) -> None:
    shop.v1.plans[AGAIN] = [lost]
    assert shop.charge() == "UndecidedError"
    shop.v1.record("order-1", 10_000, "ready", pay_method="vbank")
    shop.clock.advance(301)
    assert shop.settle(shop.intent()) == "not_charged"


@pytest.mark.parametrize("deadline", [25.0, 90.0])
@pytest.mark.parametrize("operation", ["charge", "refund"])
def test_no_call_lasts_longer_than_its_deadline(shop: Shop, operation: str, deadline: float) -> None:
    """V1 hangs in every request after the first: each one takes all the time that the client gives it."""
    imp_uid = shop.v1.record("order-9", 20_000)["imp_uid"]
    handle = shop.v1._answer
    answered: list[str] = []

    def hang(request: Any, content: bytes) -> Any:
        path = request.url.path
        if path == "/users/getToken" or not answered:
            if path != "/users/getToken":
                answered.append(path)
            return handle(request, content)
        shop.clock.advance(request.extensions["timeout"]["read"])
        raise httpx.ReadTimeout("no answer", request=request)

    shop.v1._answer = hang  # type: ignore[method-assign]
    client, began = shop.process(max_retries=2), shop.clock.now
    calls: dict[str, Any] = {
        "charge": lambda c: c.subscribe.again_once(**sold(), deadline=deadline),
        "refund": lambda c: c.payments.cancel_once(imp_uid=imp_uid, left=15_000, deadline=deadline),
    }
    assert isinstance(client.failure(calls[operation]), Exception)
    assert shop.clock.now - began <= deadline + 0.5
