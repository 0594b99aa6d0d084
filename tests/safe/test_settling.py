"""`settle`, `settle_all`, `client.intents`: what an undecided write turns out to have been, and never too early."""

from __future__ import annotations

import pickle
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from portone_v1 import (
    FULL,
    ConfigurationError,
    DeadlineError,
    NoAnswerError,
    NotSentError,
    OutcomeUnknownError,
    PortOne,
    ServerError,
    UndecidedError,
    WrongShopError,
)
from portone_v1.intents import Intent
from portone_v1.results import NotCharged

from tests.overlay.harness import AsyncFlavour
from tests.safe import network as net
from tests.safe.conftest import Shop, again

AGAIN = "POST /subscribe/payments/again"
CANCEL = "POST /payments/cancel"
FIND = "GET /payments/findAll"


def undecided_charge(shop: Shop, fault: Any = net.held, card: str = "ordinary", **more: Any) -> Any:
    shop.network.meet(AGAIN, fault)
    return shop.failure(lambda c: c.subscribe.again_once(**again(card=card), **more), UndecidedError)


def undecided_refund(shop: Shop, amount: Any, fault: Any = net.held, **more: Any) -> Any:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, fault)
    key = None if amount is FULL else "return-77"
    named: dict[str, Any] = {"imp_uid": imp_uid, "amount": amount, "key": key, **more}
    return shop.failure(lambda c: c.payments.cancel_once(**named), UndecidedError)


def test_a_charge_executed_after_the_client_gave_up(shop: Shop) -> None:
    error = undecided_charge(shop)
    assert shop.settle(error).state == "undecided"
    shop.network.deliver()
    charge = shop.settle(error)
    assert (charge.state, charge.payment.amount) == ("paid", Decimal(1000))
    assert shop.settle(error).payment == charge.payment
    assert len(shop.charges) == 1


def test_a_charge_that_fails_after_the_client_gave_up(shop: Shop) -> None:
    error = undecided_charge(shop, card="charge_failed")
    shop.network.deliver()
    assert shop.settle(error).state == "declined"


def test_a_charge_that_never_arrived(shop: Shop) -> None:
    error = undecided_charge(shop, net.lost_before)
    assert shop.settle(error, after=280).state == "undecided"
    assert shop.settle(error, after=21) == NotCharged()


@pytest.mark.parametrize("wrong_by", [-7200, 7200])
def test_the_clock_of_the_shop_decides_nothing(shop: Shop, wrong_by: int) -> None:
    error = undecided_charge(shop, net.lost_before)
    shop.clock.wrong_by = wrong_by
    assert shop.settle(error, after=280).state == "undecided"
    assert shop.settle(error, after=21).state == "not_charged"


def test_settled_by_another_process(shop: Shop) -> None:
    error = undecided_charge(shop)
    for named in (error, pickle.loads(pickle.dumps(error)), error.intent, Intent.from_json(error.intent.to_json())):
        assert shop.new_client().call(lambda c, named=named: c.settle(named)).state == "undecided"
    shop.network.deliver()
    assert shop.new_client().call(lambda c: c.settle(error.intent.id)).state == "paid"


@pytest.mark.parametrize("by_argument", [True, False])
def test_an_intent_of_a_sub_merchant(shop: Shop, by_argument: bool) -> None:
    agent = shop.client
    sub_merchant = agent.with_options(tier="AAA")
    if not by_argument:
        shop.client = sub_merchant
    error = undecided_charge(shop, **({"tier": "AAA"} if by_argument else {}))
    shop.network.deliver()
    with pytest.raises(WrongShopError):
        agent.call(lambda c: c.settle(error))
    assert agent.call(lambda c: c.settle_all()) == []
    assert sub_merchant.call(lambda c: c.settle(error)).state == "paid"


@pytest.mark.parametrize("other", [{"imp_key": "another"}, {"base_url": "https://static-api.iamport.kr"}])
def test_another_shop_reads_nothing(shop: Shop, other: Any) -> None:
    error = undecided_charge(shop)
    before = len(shop.network.seen)
    with pytest.raises(WrongShopError):
        shop.new_client(**other).call(lambda c: c.settle(error))
    assert len(shop.network.seen) == before
    assert shop.settle(error, after=10).state == "undecided"


def test_a_window_that_was_opened_meanwhile_does_not_keep_it_open(shop: Shop) -> None:
    error = undecided_charge(shop, net.lost_before)
    shop.paid(status="ready")
    shop.paid(status="ready", pay_method="vbank")
    assert shop.settle(error, after=301).state == "not_charged"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(net.lost_before, NoAnswerError), (net.failing_before, ServerError), (net.not_connected, NotSentError)],
)
def test_v1_that_can_not_be_asked(shop: Shop, fault: Any, kind: Any) -> None:
    error = undecided_charge(shop, net.lost_before)
    shop.network.meet(FIND, fault, fault)
    shop.failure(lambda c: c.settle(error), kind)
    shop.network.meet(FIND, fault, fault)
    assert shop.settle_all() == []
    assert len(shop.run(lambda c: c.intents.open())) == 1


@pytest.mark.parametrize("amount", [FULL, 400])
def test_a_refund_executed_after_the_client_gave_up(shop: Shop, amount: Any) -> None:
    error = undecided_refund(shop, amount)
    assert shop.settle(error).state == "undecided"
    shop.network.deliver()
    refund = pickle.loads(pickle.dumps(shop.settle(pickle.loads(pickle.dumps(error)))))
    assert (refund.state, refund.amount) == ("refunded", Decimal(1000 if amount is FULL else 400))
    assert shop.refunds == [refund.amount]


def test_a_refund_that_never_arrived(shop: Shop) -> None:
    error = undecided_refund(shop, 400, net.lost_before)
    assert shop.settle(error, after=280).state == "undecided"
    assert shop.settle(error, after=21).state == "not_refunded"


def test_a_balance_that_moved_proves_nothing(shop: Shop) -> None:
    error = undecided_refund(shop, 400)
    shop.sandbox.client().payments.cancel(imp_uid=error.imp_uid, amount=100)  # an operator
    assert shop.settle(error, after=200).state == "undecided"
    shop.network.deliver()  # its checksum does not fit any more
    assert shop.settle(error, after=101).state == "not_refunded"
    assert shop.refunds == [100]


def test_a_refund_like_an_older_one(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.cancel(imp_uid=imp_uid, amount=100, key="a")
    shop.network.meet(CANCEL, net.held)
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=100, key="b"), UndecidedError)
    assert shop.settle(error).state == "undecided"
    shop.network.deliver()
    assert shop.settle(error).state == "refunded"
    assert shop.refunds == [100, 100]


def test_another_process_does_not_decide_a_call_that_still_runs(shop: Shop) -> None:
    """It waits for its answer for longer than V1 is given to show a trace."""
    found: list[str] = []

    def slow(network: net.Network, request: Any) -> Any:
        shop.clock.advance(400)
        with PortOne(
            "sandbox_key", "sandbox_secret", transport=shop.network, intents=shop.journal, clock=shop.clock
        ) as other:
            found.extend(other.settle(running).state for running in other.intents.open())
        return network.execute(request)

    shop.network.meet(AGAIN, slow)
    assert shop.charge(deadline=900).state == "paid"
    assert found == ["undecided"]
    assert shop.settle_all(after=4000) == []
    assert shop.alarms == []


@pytest.mark.parametrize("heard", [False, True])
def test_an_alarm_that_does_not_reach_the_shop_is_raised_again(shop: Shop, heard: bool) -> None:
    found: list[str] = []

    def pager(alarm: Any) -> None:
        found.append(alarm.intent.resource)
        if not heard:
            raise ConnectionError("the pager is down")

    shop.client = shop.new_client(on_alarm=pager)
    for order in ("order-1", "order-2"):
        shop.network.meet(AGAIN, net.held)
        shop.failure(lambda c, order=order: c.subscribe.again_once(**again(order)), UndecidedError)  # type: ignore[misc]
    shop.settle_all(after=400)
    shop.network.deliver()
    shop.settle_all(after=4000)
    assert found == ["order:order-1", "order:order-2"], "the first one keeps the second from nothing"
    shop.settle_all()
    assert found == ["order:order-1", "order:order-2"] * (1 if heard else 2)


def test_an_alarm_hook_that_would_have_to_be_awaited(shop: Shop) -> None:
    async def pager(alarm: Any) -> None: ...

    with pytest.raises(ConfigurationError, match="on_alarm must be a plain function"):
        shop.new_client(on_alarm=pager)


def test_what_can_not_be_settled(shop: Shop) -> None:
    shop.failure(lambda c: c.settle(OutcomeUnknownError("of no call")), TypeError)
    shop.failure(lambda c: c.settle("no such intent"), LookupError)


class TestAll:
    """`settle_all`: for a job that runs every minute or two."""

    def test_each_outcome_is_given_to_the_handler_once(self, shop: Shop) -> None:
        undecided_charge(shop)
        assert [settled.state for settled in shop.settle_all(after=31)] == ["undecided"]
        shop.network.deliver()
        assert [settled.state for settled in shop.settle_all()] == ["paid"]
        assert shop.settle_all() == []

    def test_a_thousand_that_stay_open_keep_the_next_one_from_nothing(self, shop: Shop) -> None:
        undecided_charge(shop)
        (lost,) = shop.run(lambda c: c.intents.open())
        for number in range(1000):  # their calls may be running for ever
            stuck = {"resource": f"order:s{number}", "key": f"order/s{number}", "sent_at": 1.0, "lease_until": 1e12}
            assert shop.journal.begin(lost.changed(id=f"s{number}", resource_seq=1, key_seq=1, rev=0, **stuck))
        shop.network.deliver()
        assert [settled.state for settled in shop.settle_all(after=31)] == ["paid"]
        assert len(shop.run(lambda c: c.intents.open(limit=2000))) == 1000

    def test_a_call_that_returned_its_outcome_is_not_reported_again(self, shop: Shop) -> None:
        shop.charge()
        assert shop.settle_all(after=31) == []

    def test_a_call_that_may_be_running_is_left_alone(self, shop: Shop) -> None:
        def meanwhile(network: net.Network, request: Any) -> Any:
            assert shop.new_client().call(lambda c: c.settle_all()) == []
            return network.execute(request)

        shop.network.meet(AGAIN, meanwhile)
        if shop.flavour.__class__.__name__ == "SyncFlavour":
            assert shop.charge().state == "paid"

    def test_a_process_that_died(self, shop: Shop) -> None:
        def dies(network: net.Network, request: Any) -> Any:
            network.execute(request)
            raise SystemExit(9)

        shop.network.meet(AGAIN, dies)
        with pytest.raises(SystemExit):
            shop.charge()
        assert [settled.state for settled in shop.settle_all(after=31)] == ["paid"]
        assert len(shop.charges) == 1

    def test_an_hour_later_everything_is_looked_at_once_more(self, shop: Shop) -> None:
        imp_uid = shop.charge().payment.imp_uid
        second = {**shop.run(lambda c: c.payments.get(imp_uid)).to_dict(), "imp_uid": "imps_2"}
        first = {**second, "imp_uid": imp_uid}
        page = {"total": 2, "previous": 0, "next": 0, "list": [first, second]}
        shop.network.meet(FIND, net.answered(page))
        shop.settle_all(after=3700)
        assert shop.alarms == ["double_payment"]

    def test_after_the_audit_an_intent_is_closed_and_may_be_pruned(self, shop: Shop) -> None:
        shop.charge()
        shop.settle_all(after=3700)
        found = shop.run(lambda c: c.intents.of(merchant_uid="order-1"))
        assert found.state == "closed"
        assert shop.run(lambda c: c.intents.prune()) == 0
        shop.clock.advance(401 * 86_400)
        assert shop.run(lambda c: c.intents.prune()) == 1
        assert shop.run(lambda c: c.intents.get(found.id)) is None

    def test_a_closed_intent_keeps_its_key(self, shop: Shop) -> None:
        shop.charge()
        shop.settle_all(after=3700)
        assert shop.charge().already_paid is True
        assert len(shop.charges) == 1


class TestIntents:
    def test_they_are_found_by_key_order_and_payment(self, shop: Shop) -> None:
        charge = undecided_charge(shop, key="sub-1/2026-01").intent
        assert [each.id for each in shop.run(lambda c: c.intents.open())] == [charge.id]
        assert shop.run(lambda c: c.intents.get(charge.id)).id == charge.id
        assert shop.run(lambda c: c.intents.of(key="sub-1/2026-01")).id == charge.id
        assert shop.run(lambda c: c.intents.of(merchant_uid="order-1")).id == charge.id
        assert shop.run(lambda c: c.intents.of(imp_uid="imp_1")) is None
        shop.failure(lambda c: c.intents.of(), TypeError)

    def test_a_person_decides_what_v1_does_not_show(self, shop: Shop) -> None:
        error = undecided_charge(shop, net.lost_before)
        resolved = shop.run(lambda c: c.intents.resolve(error.intent.id, "not_charged", note="console: nothing"))
        assert (resolved.outcome, resolved.result["note"]) == ("not_charged", "console: nothing")
        assert shop.charge().state == "paid"
        shop.failure(lambda c: c.intents.resolve(error.intent.id, "paid", note="again"), ValueError)

    def test_resolved_as_paid_it_is_not_charged_again(self, shop: Shop) -> None:
        error = undecided_charge(shop, net.lost_before)
        shop.run(lambda c: c.intents.resolve(error.intent.id, "paid", note="console: approved"))
        shop.failure(lambda c: c.subscribe.again_once(**again()), DeadlineError)
        assert shop.network.count(AGAIN) == 1

    def test_a_clock_that_is_years_ahead_prunes_nothing(self, shop: Shop) -> None:
        """V1's is known: what was paid today still refuses a second payment."""
        shop.charge()
        shop.clock.advance(4000)
        shop.run(lambda c: c.settle_all())
        shop.clock.wrong_by = 20 * 365 * 86_400.0
        assert shop.run(lambda c: c.intents.prune()) == 0

    def test_a_negative_age_is_refused(self, shop: Shop) -> None:
        shop.failure(lambda c: c.intents.prune(timedelta(days=-1)), ValueError)

    def test_only_old_ones_are_pruned(self, shop: Shop) -> None:
        undecided_charge(shop)
        shop.clock.advance(500 * 86_400)
        assert shop.run(lambda c: c.intents.prune(timedelta(days=1))) == 0


def test_an_attempt_that_was_not_executed_has_the_outcome_of_its_key(shop: Shop) -> None:
    """The queue ran the job again, and that charge was made: the first error is no more *not charged*."""
    shop.network.meet("POST /subscribe/payments/again", net.lost_before)
    error = shop.failure(lambda c: c.subscribe.again_once(**again()), UndecidedError)
    shop.clock.advance(400)
    assert shop.charge().state == "paid"
    assert shop.settle(error).state == "paid"
    assert len(shop.charges) == 1


def test_a_repeated_refund_has_the_outcome_of_its_key(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    refund = {"imp_uid": imp_uid, "amount": 400, "key": "return-77"}
    shop.network.meet("POST /payments/cancel", net.lost_before)
    error = shop.failure(lambda c: c.payments.cancel_once(**refund), UndecidedError)
    shop.clock.advance(400)
    shop.network.meet("POST /payments/cancel", net.held)
    shop.failure(lambda c: c.payments.cancel_once(**refund), UndecidedError)
    assert shop.settle(error).state == "undecided"
    shop.network.deliver()
    assert shop.settle(error).state == "refunded"
    assert shop.refunds == [400]


def test_an_outcome_is_handed_over_again_after_a_handler_of_the_other_flavour(shop: Shop) -> None:
    undecided_charge(shop)
    shop.network.deliver()
    outcomes: list[str] = []

    def plain(settled: Any) -> None:
        outcomes.append(settled.state)

    async def awaited(settled: Any) -> None:
        outcomes.append(settled.state)

    mine, other = (awaited, plain) if isinstance(shop.flavour, AsyncFlavour) else (plain, awaited)
    shop.clock.advance(60)
    error = shop.failure(lambda c: c.settle_all(other), TypeError)
    assert "handler must be" in str(error)
    outcomes.clear()
    assert [each.state for each in shop.run(lambda c: c.settle_all(mine))] == outcomes == ["paid"]
