"""A call that names several order numbers keeps other writes away from each of them, in every store."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from portone_v1 import InProgressError, OutcomeUnknownError, PortOne, PortOneError, RefusedError
from portone_v1.contrib.sqlalchemy import SQLAlchemyStore
from portone_v1.errors import IntentStoreError
from portone_v1.intents import Intent, MemoryStore, SQLiteStore
from portone_v1_sandbox import Sandbox

from tests.safe import network as net
from tests.safe.conftest import Shop

SCHEDULE = "POST /subscribe/payments/schedule"
UNSCHEDULE = "POST /subscribe/payments/unschedule"


def a_store(kind: str, folder: Path, clock: Any) -> Any:
    if kind == "memory":
        return MemoryStore(clock=clock)
    if kind == "sqlite":
        return SQLiteStore(folder / "intents.sqlite3", clock=clock)
    engine = sa.create_engine(f"sqlite:///{folder / 'table.sqlite3'}", poolclass=sa.NullPool)
    SQLAlchemyStore.metadata.create_all(engine)
    return SQLAlchemyStore(engine)


@pytest.fixture(params=["memory", "sqlite", "sqlalchemy"])
def any_shop(request: pytest.FixtureRequest, shop: Shop, tmp_path: Path) -> Shop:
    shop.journal = a_store(request.param, tmp_path, shop.clock.time)
    if request.param == "sqlalchemy":  # its leases go by the database's clock, which no test moves
        shop.journal.now = shop.clock.time  # type: ignore[method-assign]
    shop.client = shop.new_client()
    return shop


def scheduling(shop: Shop, *numbers: str) -> Any:
    at = int(shop.clock.server_time()) + 7 * 86_400
    entries = [{"merchant_uid": each, "schedule_at": at, "amount": 9900, "name": "구독"} for each in numbers]
    return lambda c: c.subscribe.schedule(customer_uid="ordinary", schedules=entries)


def taking_back(numbers: list[str]) -> Any:
    return lambda c: c.subscribe.unschedule(customer_uid="ordinary", merchant_uid=numbers)


def open_ones(shop: Shop) -> list[Intent]:
    return list(shop.run(lambda c: c.intents.open()))


def test_each_of_them_is_kept_until_the_call_is_decided(any_shop: Shop) -> None:
    shop = any_shop
    shop.network.meet(SCHEDULE, net.held)
    error = shop.failure(scheduling(shop, "c", "a", "b"), OutcomeUnknownError)
    assert sorted(each.resource for each in open_ones(shop)) == ["schedule:a", "schedule:b", "schedule:c"]
    for number in "abc":
        shop.failure(scheduling(shop, number), InProgressError)
        shop.failure(scheduling(shop, "z", number), InProgressError)
    shop.failure(lambda c: c.subscribe.unschedule(customer_uid="ordinary", merchant_uid=["b"]), InProgressError)
    assert shop.network.count(SCHEDULE) == 1
    shop.run(scheduling(shop, "z"))
    shop.network.deliver()
    assert shop.settle(error).state == "done"
    settled = shop.settle_all(after=60)
    assert settled == []
    assert open_ones(shop) == []


def test_settle_all_tells_of_the_call_once(any_shop: Shop) -> None:
    shop = any_shop
    shop.network.meet(SCHEDULE, net.lost_before)
    shop.failure(scheduling(shop, "a", "b"), OutcomeUnknownError)
    (settled,) = shop.settle_all(after=400)
    assert (settled.state, settled.intent.resource) == ("not_done", "schedule:a")
    assert open_ones(shop) == []
    shop.run(scheduling(shop, "b", "a"))


def test_taken_back_in_any_order(any_shop: Shop) -> None:
    shop = any_shop
    shop.run(scheduling(shop, "a", "b"))
    shop.network.meet(UNSCHEDULE, net.held)
    error = shop.failure(taking_back(["b", "a", "b"]), OutcomeUnknownError)
    kept = {each.resource: each.arguments["merchant_uid"] for each in open_ones(shop)}
    assert kept == {"schedule:a": ["b", "a", "b"], "schedule:b": ["b"]}
    shop.failure(taking_back(["b"]), InProgressError)
    shop.network.deliver()
    assert shop.settle(error).state == "done"


def test_a_success_and_a_refusal_leave_nothing_open(any_shop: Shop) -> None:
    shop = any_shop
    shop.run(scheduling(shop, "a", "b"))
    shop.network.meet(SCHEDULE, net.refused("등록되지 않은 customer_uid입니다.", 1))
    shop.failure(scheduling(shop, "d", "c"), RefusedError)
    assert open_ones(shop) == []
    shop.run(scheduling(shop, "c"))


def test_a_person_decides_the_whole_call(any_shop: Shop) -> None:
    shop = any_shop
    shop.network.meet(SCHEDULE, net.lost_before)
    error = shop.failure(scheduling(shop, "a", "b", "c"), OutcomeUnknownError)
    shop.run(lambda c: c.intents.resolve(error.intent.id, "not_done", note="console: nothing"))
    assert open_ones(shop) == []
    shop.run(scheduling(shop, "b"))


class FailsSecond(MemoryStore):
    count = 0

    def begin(self, intent: Intent) -> bool:
        self.count += 1
        if self.count == 2:
            raise IntentStoreError("the disk is full")
        return super().begin(intent)


def test_a_journal_that_fails_in_between(shop: Shop) -> None:
    shop.journal = FailsSecond(clock=shop.clock.time)
    shop.client = shop.new_client()
    shop.failure(scheduling(shop, "a", "b"), IntentStoreError)
    assert not shop.network.count(SCHEDULE)
    assert open_ones(shop) == []
    shop.run(scheduling(shop, "a", "b"))


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_threads_that_name_them_in_other_orders(kind: str, tmp_path: Path) -> None:
    """No deadlock, and of calls that share a number at most one leaves at a time."""
    sandbox = Sandbox()
    with sandbox.client() as operator:
        operator.billing_keys.issue("card", card_number="4242-4242-4242-4242", expiry="2039-12")
    journal = a_store(kind, tmp_path, sandbox.clock.now)
    at = sandbox.clock.now() + 7 * 86_400
    inside, most, mutex = 0, 0, threading.Lock()

    class Watching(net.Network):
        def _answer(self, request: Any, body: bytes) -> Any:
            nonlocal inside, most
            if request.url.path != "/subscribe/payments/schedule":
                return super()._answer(request, body)
            with mutex:
                inside += 1
                most = max(most, inside)
            try:
                return super()._answer(request, body)
            finally:
                with mutex:
                    inside -= 1

    gate, outcomes = threading.Barrier(6), list[str]()

    def work(number: int) -> None:
        names = ["a", "b", "c"] if number % 2 else ["c", "b", "a"]
        entries = [{"merchant_uid": each, "schedule_at": at, "amount": 9900, "name": "구독"} for each in names]
        with PortOne("sandbox_key", "sandbox_secret", transport=Watching(sandbox), intents=journal) as client:
            gate.wait()
            try:
                client.subscribe.schedule(customer_uid="card", schedules=entries)
                outcomes.append("scheduled")
            except PortOneError as error:
                outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == 6
    assert outcomes.count("scheduled") == 1
    assert set(outcomes) <= {"scheduled", "InProgressError", "RefusedError", "InvalidRequestError"}
    assert most == 1
