"""`client.settle(error)`: what an unknown outcome turns out to have been, and never too early."""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import Any

import pytest
from portone_v1 import FULL, NoAnswerError, NotSentError, OutcomeUnknownError, ServerError
from portone_v1.results import NotCharged

from tests.safe import network as net
from tests.safe.conftest import Shop, again

AGAIN = "POST /subscribe/payments/again"
CANCEL = "POST /payments/cancel"


def unknown_charge(shop: Shop, fault: Any = net.held, **more: Any) -> Any:
    shop.network.meet(AGAIN, fault)
    return shop.failure(lambda c: c.subscribe.again_once(**again(), **more), OutcomeUnknownError)


def unknown_cancel(shop: Shop, amount: Any, fault: Any = net.held, **more: Any) -> Any:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, *[fault] * 4)
    return shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=amount, **more), OutcomeUnknownError)


def test_a_charge_executed_after_the_client_gave_up(shop: Shop) -> None:
    error = unknown_charge(shop)
    assert shop.failure(lambda c: c.settle(error), OutcomeUnknownError) is error
    shop.network.deliver()
    charge = shop.settle(error, quiet=300)
    assert (charge.state, charge.payment.amount) == ("paid", Decimal(1000))
    assert shop.settle(error) == charge
    assert len(shop.charges) == 1


def test_a_charge_that_fails_after_the_client_gave_up(shop: Shop) -> None:
    shop.network.meet(AGAIN, net.held)
    error = shop.failure(lambda c: c.subscribe.again_once(**again(card="charge_failed")), OutcomeUnknownError)
    shop.network.deliver()
    assert shop.settle(error, quiet=300).state == "declined"


def test_a_charge_that_never_arrived(shop: Shop) -> None:
    error = unknown_charge(shop, net.lost_before)
    shop.failure(lambda c: c.settle(error, quiet=300), OutcomeUnknownError)
    charge = shop.settle(error, quiet=0)
    assert charge == NotCharged()


def test_quiet_counts_from_when_waiting_ended(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])

    def slowly(network: net.Network, request: Any) -> Any:
        now[0] += 400
        return net.held(network, request)

    error = unknown_charge(shop, slowly)
    shop.failure(lambda c: c.settle(error), OutcomeUnknownError)
    now[0] += 299
    shop.failure(lambda c: c.settle(error), OutcomeUnknownError)
    now[0] += 1
    assert shop.run(lambda c: c.settle(error)).state == "not_charged"


def test_an_error_settled_by_another_process(shop: Shop) -> None:
    error = pickle.loads(pickle.dumps(unknown_charge(shop)))
    shop.network.deliver()
    another = shop.new_client()
    assert another.call(lambda c: c.settle(error)).state == "paid"


@pytest.mark.parametrize("by_argument", [True, False])
def test_an_error_of_a_sub_merchant_settled_by_the_agent(shop: Shop, by_argument: bool) -> None:
    agent = shop.client
    if not by_argument:
        shop.client = agent.with_options(tier="AAA")
    error = pickle.loads(pickle.dumps(unknown_charge(shop, **({"tier": "AAA"} if by_argument else {}))))
    shop.network.deliver()
    assert agent.call(lambda c: c.settle(error, quiet=0)).state == "paid"
    # The other way round, too: the agent's own order is not looked for among the sub-merchant's.
    shop.client = agent
    shop.network.meet(AGAIN, net.held)
    error = shop.failure(lambda c: c.subscribe.again_once(**again("order-2")), OutcomeUnknownError)
    shop.network.deliver()
    assert agent.with_options(tier="AAA").call(lambda c: c.settle(error, quiet=0)).state == "paid"


def test_a_window_that_was_opened_meanwhile_does_not_keep_it_unknown(shop: Shop) -> None:
    error = unknown_charge(shop, net.lost_before)
    shop.paid(status="ready")
    assert shop.settle(error).state == "not_charged"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(net.lost_before, NoAnswerError), (net.failing_before, ServerError), (net.not_connected, NotSentError)],
)
def test_v1_that_can_not_be_asked(shop: Shop, fault: Any, kind: Any) -> None:
    error = unknown_charge(shop, net.lost_before)
    shop.network.meet("GET /payments/findAll", fault)
    shop.failure(lambda c: c.settle(error, quiet=0), kind)


@pytest.mark.parametrize("amount", [FULL, 400])
def test_a_cancel_executed_after_the_client_gave_up(shop: Shop, amount: Any) -> None:
    error = unknown_cancel(shop, amount)
    shop.failure(lambda c: c.settle(error), OutcomeUnknownError)
    shop.network.deliver()
    refund = pickle.loads(pickle.dumps(shop.settle(pickle.loads(pickle.dumps(error)), quiet=300)))
    assert (refund.state, refund.amount) == ("refunded", Decimal(1000 if amount is FULL else 400))
    assert shop.refunds == [refund.amount]


def test_a_cancel_that_never_arrived(shop: Shop) -> None:
    error = unknown_cancel(shop, 400, net.lost_before)
    shop.failure(lambda c: c.settle(error), OutcomeUnknownError)
    refund = shop.settle(error, quiet=0)
    assert refund.state == "not_refunded"


def test_a_cancel_that_another_operator_has_made_impossible(shop: Shop) -> None:
    error = unknown_cancel(shop, 400)
    shop.run(lambda c: c.payments.cancel(imp_uid=error.imp_uid, amount=100))
    assert shop.settle(error, quiet=300).state == "not_refunded"
    shop.network.deliver()
    assert shop.refunds == [100]


def test_a_cancel_like_an_older_one(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.cancel(imp_uid=imp_uid, amount=100)
    shop.network.meet(CANCEL, *[net.held] * 4)
    error = shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=100), OutcomeUnknownError)
    shop.failure(lambda c: c.settle(error), OutcomeUnknownError)
    shop.network.deliver()
    assert shop.settle(error).state == "refunded"
    assert shop.refunds == [100, 100]


def test_only_these_errors_can_be_settled(shop: Shop) -> None:
    shop.network.meet(AGAIN, net.lost_after)
    error = shop.failure(lambda c: c.subscribe.again(**again()), OutcomeUnknownError)
    shop.failure(lambda c: c.settle(error), TypeError)
