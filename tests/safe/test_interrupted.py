"""A call that is cut off at any point: by a timeout around it, by Ctrl-C, by a V1 that hangs."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from decimal import Decimal
from typing import Any

import pytest
from portone_v1 import FULL, AsyncPortOne, DeadlineError, InProgressError, NotSentError, PortOne, UndecidedError
from portone_v1.intents import Intent, MemoryStore
from portone_v1_sandbox import Request, Response, Sandbox

from tests.safe import network as net
from tests.safe.conftest import Shop, again

AGAIN = "POST /subscribe/payments/again"
CANCEL = "POST /payments/cancel"


def interrupted(kind: type[BaseException]) -> net.Fault:
    def fault(network: net.Network, request: Request) -> Response:
        network.execute(request)
        raise kind

    return fault


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_a_refund_that_was_cut_off_is_not_given_twice(shop: Shop, kind: type[BaseException]) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, interrupted(kind))
    with pytest.raises((kind, asyncio.CancelledError)):
        shop.cancel(imp_uid=imp_uid, amount=400, key="return-77")
    again = shop.cancel(imp_uid=imp_uid, amount=400, key="return-77")
    assert (again.state, again.amount) == ("refunded", 400)
    assert shop.clock.naps == [], "the lease was released: nobody waited for it"
    assert shop.refunds == [400]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_a_charge_that_was_cut_off_is_not_made_twice(shop: Shop, kind: type[BaseException]) -> None:
    shop.network.meet(AGAIN, interrupted(kind))
    with pytest.raises(kind):
        shop.charge()
    assert shop.charge().state == "paid"
    assert len(shop.charges) == 1


class BrokenFilter(logging.Filter):
    """A shop's own filter of log records, which fails once the write has left."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self._shop = shop

    def filter(self, record: logging.LogRecord) -> bool:
        if self._shop.network.count(CANCEL) + self._shop.network.count(AGAIN):
            raise ValueError("an unexpected record")
        return True


REFUND: dict[str, Any] = {"amount": 400, "key": "return-77"}


@pytest.mark.parametrize("write", ["refund", "charge"])
def test_an_error_around_the_answer_does_not_say_that_nothing_was_sent(
    shop: Shop, write: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "portone_v1")
    imp_uid, broken = shop.paid("order-2").imp_uid, BrokenFilter(shop)
    logging.getLogger("portone_v1").addFilter(broken)
    try:
        with pytest.raises(ValueError, match="an unexpected record"):
            _ = shop.charge() if write == "charge" else shop.cancel(imp_uid=imp_uid, **REFUND)
    finally:
        logging.getLogger("portone_v1").removeFilter(broken)
    assert len(shop.run(lambda c: c.intents.open())) == 1
    settled = shop.settle_all(after=31)
    assert [each.state for each in settled] == ["refunded" if write == "refund" else "paid"]


def test_a_timeout_around_a_refund_loses_nothing() -> None:
    async def run() -> None:
        sandbox, journal = Sandbox(), MemoryStore()
        imp_uid = sandbox.pay(merchant_uid="order-1", amount=1000).imp_uid
        network = net.Network(sandbox)
        hangs = asyncio.Event()

        class Hanging(net.Network):
            async def handle_async_request(self, request: Any) -> Any:
                answer = await network.handle_async_request(request)
                if request.url.path == "/payments/cancel" and not hangs.is_set():
                    hangs.set()
                    await asyncio.sleep(3600)
                return answer

        transport = Hanging(sandbox)
        async with AsyncPortOne("sandbox_key", "sandbox_secret", transport=transport, intents=journal) as client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await client.payments.cancel_once(imp_uid=imp_uid, amount=400, key="return-77")
            refund = await client.payments.cancel_once(imp_uid=imp_uid, amount=400, key="return-77")
        assert (refund.state, [m.amount for m in sandbox.ledger if m.kind == "refund"]) == ("refunded", [Decimal(400)])

    asyncio.run(run())


def test_a_v1_that_hangs_takes_no_longer_than_the_deadline(shop: Shop) -> None:
    def hangs(network: net.Network, request: Request) -> Response:
        shop.clock.advance(18)  # as long as the call lets it
        return net.held(network, request)

    imp_uid = shop.paid().imp_uid
    began = shop.clock.monotonic()
    shop.network.meet(CANCEL, hangs)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=FULL), UndecidedError)
    assert shop.clock.monotonic() - began <= 25


def test_a_read_that_takes_the_whole_deadline_sends_nothing(shop: Shop) -> None:
    def slowly(network: net.Network, request: Request) -> Response:
        shop.clock.advance(20)
        return network.execute(request)

    shop.network.meet("GET /payments/findAll", slowly)
    shop.failure(lambda c: c.subscribe.again_once(**again()), DeadlineError)
    assert shop.network.count(AGAIN) == 0


def test_a_lease_outlives_its_call_though_the_store_was_slow(shop: Shop) -> None:
    """Or another process takes the call for over while it waits for V1."""
    leases: list[float] = []

    class Slow(MemoryStore):
        def now(self) -> float:
            found = super().now()
            shop.clock.advance(8)
            return found

        def begin(self, intent: Intent) -> bool:
            leases.append(intent.lease_until)
            return super().begin(intent)

    shop.client = shop.new_client(intents=Slow(clock=shop.clock.time))
    deadline = shop.clock.time() + 25
    assert shop.charge().state == "paid"
    assert leases[0] >= deadline


def test_what_a_refund_is_recorded_as_in_two_entries(shop: Shop) -> None:
    """Card and points: V1 writes two entries for one cancel."""
    imp_uid = shop.paid().imp_uid
    before = shop.run(lambda c: c.payments.get(imp_uid)).to_dict()
    entries = [{"amount": 700, "cancelled_at": 1_800_000_000, "cancellation_id": "C1", "reason": "취소요청api"}]
    entries += [{**entries[0], "amount": 300, "cancellation_id": "C2"}]
    after = {**before, "status": "cancelled", "cancel_amount": 1000, "cancel_history": entries}
    shop.network.meet("GET /payments/", net.answered(before), net.answered(after))
    shop.network.meet(CANCEL, net.lost_before)
    refund = shop.cancel(imp_uid=imp_uid, amount=FULL)
    assert (refund.state, refund.amount) == ("refunded", 1000)


def test_two_threads_at_once() -> None:
    """Eight threads, one order, one journal: one charge, and every thread is told so or told to wait."""
    sandbox, journal = Sandbox(), MemoryStore()
    with sandbox.client() as operator:
        operator.billing_keys.issue("card", card_number="4242-4242-4242-4242", expiry="2039-12")
    sold: dict[str, Any] = {"customer_uid": "card", "merchant_uid": "order-1", "amount": 1000, "name": "구독"}
    results: list[str] = []
    gate = threading.Barrier(8)

    def work() -> None:
        with PortOne("sandbox_key", "sandbox_secret", transport=net.Network(sandbox), intents=journal) as client:
            gate.wait()
            try:
                results.append(client.subscribe.again_once(**sold).state)
            except InProgressError:
                results.append("in progress")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert set(results) <= {"paid", "in progress"}
    assert "paid" in results
    assert [m.kind for m in sandbox.ledger] == ["charge"]


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="this system has no clock that counts its sleep")
def test_a_machine_that_slept_between_the_intent_and_the_request(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux's monotonic clock stands still meanwhile; other processes have found no trace of the charge by now."""
    slept, running = [0.0], time.clock_gettime
    monkeypatch.setattr(
        time, "clock_gettime", lambda clock: running(clock) + (slept[0] if clock == time.CLOCK_BOOTTIME else 0.0)
    )

    class Suspended(MemoryStore):
        def begin(self, intent: Intent) -> bool:
            begun = super().begin(intent)
            slept[0] += 600.0
            return begun

    shop.client = shop.new_client(intents=Suspended(), clock=None)
    shop.failure(lambda c: c.subscribe.again_once(**again()), NotSentError)
    assert shop.charges == []
