"""Every write of the table: its row, its intent, what is kept of it, and what `settle` makes of its silence."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from portone_v1 import ALL, FULL, InProgressError, NotSentError, OutcomeUnknownError, PortOneError, RefusedError
from portone_v1.intents import Intent
from portone_v1.intents.writes import ROWS
from portone_v1.operations import OPERATIONS, OperationInfo, method_of

from tests.generated.arguments import WRITES, right_arguments
from tests.safe import network as net
from tests.safe.conftest import Shop, again
from tests.safe.scenes import ENTRY, call, in_a_week, route, scheduled, unknown

pytestmark = pytest.mark.filterwarnings("ignore:.*withdrawn by the vendor:DeprecationWarning")
NAMES = [f"{each.area}.{each.name}" for each in WRITES]
SILENT = {name for name, row in ROWS.items() if row.shown_by == "nothing"}


@pytest.fixture(autouse=True)
def _no_journal_but_that_of_the_client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PORTONE_V1_INTENTS")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_every_write_has_its_row() -> None:
    missing, unknown = set(NAMES) - ROWS.keys(), ROWS.keys() - set(NAMES)
    assert not missing, f"no row in portone_v1/intents/writes/table.py for {sorted(missing)}: how is it settled?"
    assert not unknown, f"rows of no write: {sorted(unknown)}"


@pytest.mark.parametrize("operation", WRITES, ids=NAMES)
def test_a_row_keeps_nothing_that_the_specification_calls_sensitive(operation: OperationInfo) -> None:
    row = ROWS[f"{operation.area}.{operation.name}"]
    kept = {keep if isinstance(keep, str) else keep[0] for keep in row.keeps}
    known = {parameter.name: parameter for parameter in operation.parameters}
    assert kept <= known.keys()
    assert not [name for name in kept if known[name].sensitive]
    assert {*row.resource[1:]} <= kept


def writes_sent(shop: Shop) -> list[str]:
    return [line for line in shop.network.seen if not line.startswith("GET ") and "getToken" not in line]


@pytest.mark.parametrize("with_journal", [True, False], ids=["journal", "no journal"])
@pytest.mark.parametrize("operation", WRITES, ids=NAMES)
def test_silence_is_settled_by_reading_alone(shop: Shop, operation: OperationInfo, with_journal: bool) -> None:
    if not with_journal:
        shop.client = shop.new_client(intents=None)
    error = unknown(shop, operation, net.lost_before)
    sent = writes_sent(shop)
    name = f"{operation.area}.{operation.name}"
    assert shop.settle(error).state in ("undecided", "done"), name
    settled = shop.settle(error, after=400)
    if name in SILENT:
        assert settled.state == "undecided"
        assert "intents.resolve" in str(settled.reason)
    else:
        assert settled.state in ("not_done", "not_charged", "not_refunded", "undecided", "done")
    with pytest.raises(TypeError):
        bool(settled)
    shop.settle_all(after=400)
    assert writes_sent(shop) == sent


def canary(parameter: Any, number: int) -> Any:
    """Return a unique value for each text that a row does not keep."""
    return f"canary{number:03d}" if parameter.kind == "text" and parameter.location == "body" else None


@pytest.mark.parametrize("operation", WRITES, ids=NAMES)
@pytest.mark.parametrize("fault", [net.lost_before, net.passed, net.refused("canary900")])
def test_an_intent_holds_nothing_but_what_its_row_keeps(shop: Shop, operation: OperationInfo, fault: Any) -> None:
    row = ROWS[f"{operation.area}.{operation.name}"]
    kept = {keep if isinstance(keep, str) else keep[0] for keep in row.keeps}
    arguments = right_arguments(operation)
    takes = inspect.signature(method_of(operation)).parameters
    for number, parameter in enumerate(operation.parameters):
        value = canary(parameter, number)
        if value is not None and parameter.name not in kept and parameter.python_name in takes:
            arguments[parameter.python_name] = value
    shop.network.meet(route(operation), fault)
    with suppress(PortOneError):  # whatever comes of it: what is stored counts
        shop.run(lambda c: call(operation, c, arguments))
    stored = list(documents(shop))
    assert stored
    for document in stored:
        assert "canary" not in document
        assert not re.search(r"홍길동|02-0000-0000|123-45-67890|880101|4092023012341234", document)


def documents(shop: Shop) -> Iterator[str]:
    yield from shop.journal._documents.values()


class TestTheIntent:
    OPERATION = OPERATIONS["prepare_create"]

    def latest(self, shop: Shop) -> Intent:
        return Intent.from_json(list(documents(shop))[-1])

    def test_is_committed_before_the_write_leaves_and_its_outcome_after_it(self, shop: Shop) -> None:
        states: list[str] = []

        def seen(network: net.Network, request: Any) -> Any:
            states.append(self.latest(shop).state)
            return net.passed(network, request)

        shop.network.meet("POST /payments/prepare", seen)
        shop.run(lambda c: c.prepare.create(merchant_uid="order-1", amount=Decimal(1000)))
        kept = self.latest(shop)
        assert (states, kept.state, kept.outcome) == (["open"], "closed", "done")
        assert kept.arguments == {"merchant_uid": "order-1", "amount": "1000"}

    def test_without_a_journal_nothing_is_opened(self, shop: Shop, tmp_path: Path) -> None:
        shop.client = shop.new_client(intents=None)
        shop.run(lambda c: c.prepare.create(merchant_uid="order-1", amount=1000))
        assert not list(tmp_path.iterdir())

    def test_a_journal_named_by_the_environment_is_used(self, shop: Shop, tmp_path: Any, monkeypatch: Any) -> None:
        monkeypatch.setenv("PORTONE_V1_INTENTS", str(tmp_path / "intents.sqlite3"))
        shop.client = shop.new_client(intents=None)
        shop.network.meet("POST /payments/prepare", net.lost_before)
        shop.failure(lambda c: c.prepare.create(merchant_uid="order-1", amount=1000), OutcomeUnknownError)
        assert [each.operation for each in shop.run(lambda c: c.intents.open())] == ["prepare.create"]

    def test_what_was_certainly_not_sent_is_closed(self, shop: Shop) -> None:
        shop.network.meet("POST /payments/prepare", net.not_connected)
        shop.failure(lambda c: c.prepare.create(merchant_uid="order-1", amount=1000), NotSentError)
        assert self.latest(shop).outcome == "not_done"

    def test_wrong_options_write_nothing_down(self, shop: Shop) -> None:
        shop.failure(lambda c: c.prepare.create(merchant_uid="order-1", amount=1, nonsense=1), TypeError)
        assert not list(documents(shop))

    def test_a_refusal_that_speaks_of_an_earlier_request_stays_open(self, shop: Shop) -> None:
        shop.network.meet("POST /payments/prepare", net.refused("이미 처리중입니다."))
        shop.failure(lambda c: c.prepare.create(merchant_uid="order-1", amount=1000), RefusedError)
        assert self.latest(shop).state == "open"

    def test_a_write_that_this_package_does_not_know(self, shop: Shop) -> None:
        shop.network.meet("POST /new/thing", net.lost_before)
        body = {"buyer_name": "홍길동"}
        error = shop.failure(lambda c: c.request("POST", "/new/thing", body=body), OutcomeUnknownError)
        assert shop.settle(error, after=900).state == "undecided"
        assert "홍길동" not in "".join(documents(shop))

    def test_killed_between_commit_and_answer(self, shop: Shop) -> None:
        def killed(network: net.Network, request: Any) -> Any:
            network.execute(request)
            raise KeyboardInterrupt

        shop.network.meet("POST /payments/prepare", killed)
        with pytest.raises(KeyboardInterrupt):
            shop.run(lambda c: c.prepare.create(merchant_uid="order-1", amount=1000))
        (settled,) = shop.settle_all()
        assert (settled.state, settled.intent.resource) == ("done", "prepared:order-1")


class TestPlainMoney:
    """`again`, `onetime`, `retry` and `cancel` as they are: without key and mark, told by order, time and amount."""

    AGAIN = staticmethod(lambda c: c.subscribe.again(**again()))

    def lost(self, shop: Shop, fault: Any, ask: Any = None, at: str = "POST /subscribe/payments/again") -> Any:
        shop.network.meet(at, fault)
        return shop.failure(ask or self.AGAIN, OutcomeUnknownError)

    @pytest.mark.parametrize("with_journal", [True, False])
    def test_a_charge_that_was_executed(self, shop: Shop, with_journal: bool) -> None:
        if not with_journal:
            shop.client = shop.new_client(intents=None)
        error = self.lost(shop, net.lost_after)
        assert shop.settle(error).state == "paid"
        assert len(shop.charges) == 1

    @pytest.mark.parametrize("with_journal", [True, False])
    def test_a_charge_that_never_arrived(self, shop: Shop, with_journal: bool) -> None:
        if not with_journal:
            shop.client = shop.new_client(intents=None)
        error = self.lost(shop, net.lost_before)
        assert shop.settle(error, after=290).state == "undecided"
        assert shop.settle(error, after=20).state == "not_charged"

    def test_a_charge_that_was_declined(self, shop: Shop) -> None:
        error = self.lost(shop, net.lost_after, lambda c: c.subscribe.again(**again(card="charge_failed")))
        assert shop.settle(error, after=400).state == "declined"

    def test_an_older_attempt_is_not_taken_for_it(self, shop: Shop) -> None:
        shop.sandbox.client().subscribe.again(**again(card="charge_failed"))
        shop.clock.advance(60)
        error = self.lost(shop, net.lost_before)
        assert shop.settle(error, after=400).state == "not_charged"

    def test_nothing_is_charged_over_an_undecided_charge(self, shop: Shop) -> None:
        error = self.lost(shop, net.held)
        refused = shop.failure(self.AGAIN, InProgressError)
        assert refused.intent.id == error.intent.id
        shop.failure(lambda c: c.subscribe.again_once(**again(card="charge_failed")), InProgressError)
        shop.network.deliver()
        shop.failure(self.AGAIN, InProgressError)
        assert [settled.state for settled in shop.settle_all()] == ["paid"]
        assert len(shop.charges) == 1
        assert shop.charge().already_paid

    def test_after_it_is_certain_the_same_call_is_made(self, shop: Shop) -> None:
        self.lost(shop, net.lost_before)
        shop.clock.advance(400)
        assert shop.run(self.AGAIN).status == "paid"
        assert len(shop.charges) == 1

    def test_a_retry_of_a_schedule(self, shop: Shop) -> None:
        due = int(shop.clock.server_time()) + 3600
        with shop.sandbox.client() as operator:
            operator.subscribe.schedule(customer_uid="charge_failed", schedules=[{**ENTRY, "schedule_at": due}])
        shop.clock.advance(7200)
        retry = lambda c: c.subscribe.retry("sub-1")  # noqa: E731
        error = self.lost(shop, net.lost_before, retry, "POST /subscribe/payments/schedule/sub-1/retry")
        assert shop.settle(error).state == "undecided"
        shop.failure(retry, InProgressError)
        assert shop.settle(error, after=400).state == "not_charged"

    @pytest.mark.parametrize(("amount", "state"), [(FULL, "refunded"), (400, "undecided")])
    def test_a_refund_that_was_executed(self, shop: Shop, amount: Any, state: str) -> None:
        imp_uid = shop.paid().imp_uid
        cancel = lambda c: c.payments.cancel(imp_uid=imp_uid, amount=amount)  # noqa: E731
        error = self.lost(shop, net.lost_after, cancel, "POST /payments/cancel")
        assert shop.settle(error).state == state
        settled = shop.settle(error, after=400)
        assert (settled.state, settled.amount) == ("refunded", 1000 if amount is FULL else 400)

    def test_a_refund_that_never_arrived(self, shop: Shop) -> None:
        imp_uid = shop.paid().imp_uid
        cancel = lambda c: c.payments.cancel(imp_uid=imp_uid, amount=400)  # noqa: E731
        error = self.lost(shop, net.lost_before, cancel, "POST /payments/cancel")
        shop.failure(cancel, InProgressError)
        assert shop.settle(error, after=400).state == "not_refunded"
        shop.run(cancel)
        assert shop.refunds == [400]


class TestEverythingOfACard:
    """`unschedule` with `ALL`: judged by what was scheduled before it."""

    ALL_OF_IT = staticmethod(lambda c: c.subscribe.unschedule(customer_uid="ordinary", merchant_uid=ALL))

    def lost(self, shop: Shop, fault: Any) -> Any:
        with shop.sandbox.client() as operator:
            scheduled(operator, shop)
        shop.network.meet("POST /subscribe/payments/unschedule", fault)
        return shop.failure(self.ALL_OF_IT, OutcomeUnknownError)

    def add(self, shop: Shop) -> None:
        entry = {**ENTRY, "merchant_uid": "sub-2", "schedule_at": in_a_week(shop)}
        shop.sandbox.client().subscribe.schedule(customer_uid="ordinary", schedules=[entry])

    def test_what_is_added_later_is_not_meant(self, shop: Shop) -> None:
        error = self.lost(shop, net.lost_after)
        self.add(shop)
        assert error.intent.before == {"scheduled": ["sub-1"]}
        assert shop.settle(error).state == "done"

    def test_never_executed(self, shop: Shop) -> None:
        error = self.lost(shop, net.lost_before)
        shop.failure(self.ALL_OF_IT, InProgressError)
        assert shop.settle(error, after=400).state == "not_done"

    def test_without_a_journal_the_intent_is_unknown(self, shop: Shop) -> None:
        shop.client = shop.new_client(intents=None)
        error = self.lost(shop, net.lost_after)
        self.add(shop)
        assert shop.settle(error, after=400).state == "undecided"

    def test_where_the_list_cannot_be_read_nothing_is_sent(self, shop: Shop) -> None:
        shop.network.meet("GET /subscribe/payments/schedule/customers/ordinary", *[net.lost_before] * 9)
        shop.failure(self.ALL_OF_IT, NotSentError)
        assert not shop.network.count("POST /subscribe/payments/unschedule")
