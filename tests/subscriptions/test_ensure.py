"""A period becomes what it shall be, however often the job runs and whatever changed meanwhile."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from portone_v1 import KST, InProgressError, KeyConflictError
from portone_v1.intents import MemoryStore
from portone_v1.subscriptions import SubscriptionError, month_after
from portone_v1_sandbox import TEST_CARDS, Sandbox, SandboxClock

START = datetime(2027, 1, 31, 9, tzinfo=KST)


class Job:
    """The nightly job of a shop, in either flavour."""

    def __init__(self, flavour: str) -> None:
        self.sandbox = Sandbox(clock=SandboxClock(int(START.timestamp()), frozen=True))
        self.flavour = flavour
        self.store = MemoryStore(lambda: float(self.sandbox.clock.now()))
        self.transport: Any = None
        with self.sandbox.client() as client:
            for card, kind in (("card-1", "ordinary"), ("card-2", "ordinary"), ("card-bad", "charge_failed")):
                number = TEST_CARDS[kind].number
                client.billing_keys.issue(card, card_number=number, expiry="2039-12", birth="900101")

    def ensure(self, **changes: Any) -> Any:
        wanted = {
            "period": "sub-1/2027-02",
            "merchant_uid": "sub-1-2027-02",
            "card": "card-1",
            "price": 9900,
            "name": "정기배송",
            "due": month_after(START, 1),
            **changes,
        }
        options = {"intents": self.store, **({"transport": self.transport} if self.transport else {})}
        if self.flavour == "sync":
            with self.sandbox.client(**options) as client:
                return client.subscriptions.ensure(**wanted)

        async def run() -> Any:
            async with self.sandbox.async_client(**options) as client:
                return await client.subscriptions.ensure(**wanted)

        return asyncio.run(run())

    @property
    def charged(self) -> list[tuple[str, Decimal]]:
        return [(move.merchant_uid, move.amount) for move in self.sandbox.ledger if move.kind == "charge"]

    def schedules(self) -> dict[str, str]:
        with self.sandbox.client() as client:
            found = client.subscribe.list_customer_schedules("card-1", from_=START, to=START + timedelta(days=80))
            more = client.subscribe.list_customer_schedules("card-2", from_=START, to=START + timedelta(days=80))
        return {each.merchant_uid: str(each.schedule_status) for each in [*found, *more]}


@pytest.fixture(params=["sync", "async"])
def job(request: pytest.FixtureRequest) -> Job:
    return Job(request.param)


def kinds(period: Any) -> list[str]:
    return [step.kind for step in period.steps]


def test_a_period_is_scheduled_once_and_charged_when_it_is_due(job: Job) -> None:
    first = job.ensure()
    assert (first.state, first.merchant_uid, kinds(first)) == ("scheduled", "sub-1-2027-02", ["schedule"])
    again = job.ensure()
    assert (again.state, kinds(again)) == ("scheduled", [])
    job.sandbox.clock.advance(days=40)
    paid = job.ensure()
    assert (paid.state, kinds(paid), paid.payment.amount) == ("paid", [], 9900)
    assert job.charged == [("sub-1-2027-02", Decimal(9900))]


def test_a_pause_and_a_return_schedule_the_period_anew(job: Job) -> None:
    job.ensure()
    paused = job.ensure(active=False)
    assert (paused.state, kinds(paused)) == ("ended", ["unschedule"])
    back = job.ensure()
    assert (back.state, back.merchant_uid, kinds(back)) == ("scheduled", "sub-1-2027-02-r2", ["schedule"])
    job.sandbox.clock.advance(days=40)
    assert job.charged == [("sub-1-2027-02-r2", Decimal(9900))]


@pytest.mark.parametrize("change", [{"price": 12900}, {"card": "card-2"}])
def test_another_price_or_card_replaces_the_schedule(job: Job, change: dict[str, Any]) -> None:
    job.ensure()
    changed = job.ensure(**change)
    assert (changed.state, kinds(changed)) == ("scheduled", ["unschedule", "schedule"])
    job.sandbox.clock.advance(days=40)
    assert job.charged == [("sub-1-2027-02-r2", Decimal(change.get("price", 9900)))]
    assert job.ensure(**change).state == "paid"


def test_another_date_moves_the_schedule(job: Job) -> None:
    job.ensure()
    moved = job.ensure(due=month_after(START, 1) + timedelta(days=3))
    assert (moved.state, kinds(moved)) == ("scheduled", ["move"])
    job.sandbox.clock.advance(days=29)
    assert job.charged == []
    job.sandbox.clock.advance(days=3)
    assert job.charged == [("sub-1-2027-02", Decimal(9900))]


def test_a_job_that_was_down_reports_the_period_or_charges_it(job: Job) -> None:
    job.sandbox.clock.advance(days=40)
    late = job.ensure()
    assert (late.state, kinds(late)) == ("late", [])
    assert job.charged == []
    charged = job.ensure(late="charge")
    assert (charged.state, kinds(charged)) == ("paid", ["charge"])
    assert job.ensure(late="charge").state == "paid"
    assert job.charged == [("sub-1-2027-02", Decimal(9900))]


def test_dunning_tries_a_declined_period_again_under_a_new_number(job: Job) -> None:
    job.ensure(card="card-bad")
    job.sandbox.clock.advance(days=40)
    declined = job.ensure(card="card-bad")
    assert (declined.state, kinds(declined)) == ("declined", [])
    paid = job.ensure(card="card-1", dunning=True)
    assert (paid.state, kinds(paid), paid.merchant_uid) == ("paid", ["charge"], "sub-1-2027-02-r2")
    assert job.ensure(dunning=True).state == "paid"
    assert job.charged == [("sub-1-2027-02-r2", Decimal(9900))]


def test_dunning_tries_once_for_each_call(job: Job) -> None:
    job.ensure(card="card-bad")
    job.sandbox.clock.advance(days=40)
    again = job.ensure(card="card-bad", dunning=True)
    assert (again.state, kinds(again), again.merchant_uid) == ("declined", ["charge"], "sub-1-2027-02-r2")
    more = job.ensure(card="card-bad", dunning=True)
    assert (more.state, kinds(more), more.merchant_uid) == ("declined", ["charge"], "sub-1-2027-02-r3")
    assert job.charged == []


def test_a_price_that_changed_after_the_payment_is_left_to_a_person(job: Job) -> None:
    job.ensure()
    job.sandbox.clock.advance(days=40)
    period = job.ensure(price=12900)
    assert (period.state, kinds(period)) == ("paid", [])
    assert period.differences == ("9900 was paid, not 12900",)


def test_a_card_of_a_test_channel_moves_no_money(job: Job, caplog: pytest.LogCaptureFixture) -> None:
    """A buyer who registers a card in the payment window can choose that channel."""
    with job.sandbox.client() as client:
        (channel,) = [each for each in client.channels.list() if each.sandbox and each.type_ == "api_payment"]
        card: Any = {
            "card_number": TEST_CARDS["ordinary"].number,
            "expiry": "2039-12",
            "channel_key": channel.channel_key,
        }
        issued: Any = client.billing_keys.issue("card-test", **card)
        assert issued.sandbox
    period = job.ensure(card="card-test", due=START - timedelta(days=1), late="charge")
    assert (period.state, period.steps[0].charge.is_test) == ("paid", True)
    assert period.differences == ("it was paid through a test channel: the shop receives no money",)
    assert "the shop receives no money" in caplog.text
    assert job.ensure(card="card-test").differences == period.differences


def test_a_refunded_period_is_not_charged_again(job: Job) -> None:
    job.ensure()
    job.sandbox.clock.advance(days=40)
    with job.sandbox.client() as client:
        client.payments.cancel_once(merchant_uid="sub-1-2027-02", left=0)
    period = job.ensure(late="charge", dunning=True)
    assert (period.state, kinds(period)) == ("refunded", [])
    assert len(job.charged) == 1


def test_near_its_time_nothing_is_touched(job: Job) -> None:
    job.ensure()
    job.sandbox.clock.advance(days=27, hours=23, minutes=50)
    period = job.ensure(price=12900)
    assert (period.state, kinds(period)) == ("waiting", [])


def test_an_unknown_card_is_an_error_that_says_what_was_done_before(job: Job) -> None:
    job.ensure()
    with pytest.raises(SubscriptionError) as caught:
        job.ensure(card="card-unknown")
    assert [step.kind for step in caught.value.done] == ["unschedule"]
    assert job.ensure().state == "scheduled"


class Lossy(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The answer of the n-th write is lost, after it was executed."""

    def __init__(self, inner: Any, lost: int) -> None:
        self._inner, self._writes, self._lost = inner, 0, lost

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer: httpx.Response = self._inner.handle_request(request)
        return self._pass(request, answer)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer: httpx.Response = await self._inner.handle_async_request(request)
        return self._pass(request, answer)

    def _pass(self, request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if request.method in ("POST", "PUT", "DELETE") and request.url.path != "/users/getToken":
            self._writes += 1
            if self._writes == self._lost:
                raise httpx.ReadTimeout("lost", request=request)
        return answer


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_answer_in_the_middle_of_a_change_is_made_good_by_the_next_run(job: Job, lost: int) -> None:
    job.ensure()
    job.transport = Lossy(job.sandbox.transport(), lost)
    assert job.ensure(price=12900).state in ("waiting", "scheduled")
    job.transport = None
    assert job.ensure(price=12900).state == "scheduled"
    job.sandbox.clock.advance(days=40)
    assert [amount for _, amount in job.charged] == [Decimal(12900)]


def test_a_period_that_another_process_holds_is_not_touched(job: Job) -> None:
    job.ensure()
    with job.sandbox.client(intents=job.store) as client:
        from portone_v1._sync.recorded_writes.converge import _lock
        from portone_v1._sync.recorded_writes.journal import Journal
        from portone_v1.intents.subscriptions import wanted_period

        shape: dict[str, Any] = {"card": "card-1", "price": 9900, "name": "x", "due": START, "late": "report"}
        want = wanted_period("sub-1/2027-02", "sub-1-2027-02", **shape, active=True, dunning=False)
        _lock(Journal(client, 3600.0), want)
    with pytest.raises(InProgressError):
        job.ensure(deadline=7.0)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"due": datetime(2027, 2, 28, 9)}, ValueError),  # noqa: DTZ001 - that is the point
        ({"due": START.replace(year=9000)}, ValueError),
        ({"due": 1_800_000_000_000}, TypeError),
        ({"price": 0}, ValueError),
        ({"price": Decimal("0.5")}, ValueError),
        ({"price": 9900.0}, TypeError),
        ({"period": ""}, ValueError),
        ({"merchant_uid": "x" * 40}, ValueError),
        ({"card": ""}, ValueError),
        ({"late": "never"}, ValueError),
        ({"deadline": 0}, ValueError),
    ],
)
def test_wrong_arguments_send_nothing(job: Job, wrong: dict[str, Any], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        job.ensure(**wrong)
    assert job.schedules() == {}


def test_a_period_has_one_number_and_a_number_one_period(job: Job) -> None:
    """A period under a second number would be charged twice, and a period under another's would look paid."""
    assert job.ensure().state == "scheduled"
    for wrong in ({"merchant_uid": "sub-1-b"}, {"period": "sub-1/2027-03"}):
        with pytest.raises(KeyConflictError, match="nothing was sent"):
            job.ensure(**wrong)
    assert job.ensure().steps == ()
    job.sandbox.clock.advance(days=40)
    with pytest.raises(KeyConflictError):
        job.ensure(merchant_uid="sub-1-b", late="charge")
    assert job.ensure().state == "paid"
    assert len(job.charged) == 1


def test_a_new_date_that_has_passed_is_reported(job: Job) -> None:
    assert job.ensure(due=START + timedelta(days=9)).state == "scheduled"
    job.sandbox.clock.advance(days=5)
    found = job.ensure(due=START + timedelta(days=3))
    assert (found.state, found.differences) == ("scheduled", ("it stays scheduled as before: the new time has passed",))


@pytest.mark.parametrize("wrong", [{"active": None}, {"active": 0}, {"dunning": "no"}, {"dunning": 1}])
def test_a_flag_that_is_no_bool_neither_ends_nor_charges_a_period(job: Job, wrong: dict[str, Any]) -> None:
    assert job.ensure().state == "scheduled"
    with pytest.raises(TypeError, match="must be a bool"):
        job.ensure(**wrong)
    assert job.ensure().state == "scheduled"
