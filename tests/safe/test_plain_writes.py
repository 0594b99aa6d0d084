"""Plain writes with a journal: who is told of their outcomes, when they leave, and answers without an id."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from portone_v1 import InProgressError, NotSentError, OutcomeUnknownError

from tests.overlay.harness import SyncFlavour
from tests.safe import network as net
from tests.safe.conftest import Shop, again
from tests.safe.test_answers_with_holes import hollow

AGAIN = "POST /subscribe/payments/again"
CANCEL = "POST /payments/cancel"


@pytest.mark.parametrize("by_order", [False, True], ids=["by payment", "by order"])
@pytest.mark.parametrize("outcome", ["refunded", "not_refunded"])
def test_a_plain_refund_that_a_person_settled_stops_no_later_run(shop: Shop, outcome: str, by_order: bool) -> None:
    imp_uid = shop.paid().imp_uid
    shop.cancel(imp_uid=imp_uid, amount=100, key="an earlier one")
    named = {"merchant_uid": "order-1"} if by_order else {"imp_uid": imp_uid}
    shop.network.meet(CANCEL, net.lost_after if outcome == "refunded" else net.lost_before)
    error = shop.failure(lambda c: c.payments.cancel(amount=400, **named), OutcomeUnknownError)
    shop.clock.advance(60)
    shop.run(lambda c: c.intents.resolve(error.intent.id, outcome, note="PG console"))
    shop.network.meet(AGAIN, net.lost_before)
    unknown = shop.failure(lambda c: c.subscribe.again(**again("order-2")), OutcomeUnknownError)
    settled = shop.settle_all(after=4000)
    assert [each.intent.id for each in settled] == [unknown.intent.id]
    assert shop.alarms == []


@pytest.mark.parametrize("value", [..., None, ""], ids=["missing", "null", "empty"])
def test_a_plain_charge_that_is_answered_without_an_id_is_looked_up(shop: Shop, value: Any) -> None:
    shop.network.meet(AGAIN, hollow("imp_uid", value))
    shop.run(lambda c: c.subscribe.again(**again()))
    shop.clock.advance(301)
    charged = shop.charge()
    assert charged.state == "paid"
    assert charged.payment.imp_uid
    assert len(shop.charges) == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_what_another_call_finds_out_is_reported_too(shop: Shop, arrived: bool) -> None:
    """A later refund of the payment settles the first one by the way, and nobody has been told of that."""
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.lost_after if arrived else net.lost_before)
    error = shop.failure(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=400), OutcomeUnknownError)
    shop.clock.advance(400)
    assert shop.cancel(imp_uid=imp_uid, amount=100, key="return-2").state == "refunded"
    reported = [(each.intent.id, each.state) for each in shop.settle_all()]
    assert reported == [(error.intent.id, "refunded" if arrived else "not_refunded")]
    assert shop.settle_all(after=4000) == []
    assert shop.alarms == []
    assert shop.run(lambda c: c.intents.get(error.intent.id)).state == "closed"


def test_what_a_handler_failed_on_is_reported_again(shop: Shop) -> None:
    shop.network.meet("POST /payments/prepare", net.lost_after)
    shop.failure(lambda c: c.prepare.create(merchant_uid="order-1", amount=1000), OutcomeUnknownError)
    shop.clock.advance(400)
    reported: list[str] = []

    def fails(write: Any) -> Any:
        reported.append(write.state)
        raise ConnectionError("the shop's database")

    async def fails_too(write: Any) -> None:
        fails(write)

    handler = fails if isinstance(shop.flavour, SyncFlavour) else fails_too
    for _ in range(2):
        shop.failure(lambda c: c.settle_all(handler), ConnectionError)
    assert reported == ["done", "done"]
    assert [each.state for each in shop.settle_all()] == ["done"]
    assert shop.settle_all() == []


@pytest.mark.usefixtures("naps")
def test_no_try_leaves_long_after_its_intent(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes count from the intent: one has reported by then that the refund was not made."""

    def slow(network: net.Network, request: Any) -> Any:
        shop.clock.advance(30)
        raise httpx.ConnectTimeout("no connection")

    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, *[slow] * 12)
    patient = shop.new_client(max_retries=20)
    with pytest.raises(NotSentError):
        patient.call(lambda c: c.payments.cancel(imp_uid=imp_uid, amount=400))
    assert shop.network.count(CANCEL) == 1
    assert shop.refunds == []
    assert shop.run(lambda c: c.intents.open()) == []


def test_a_write_does_not_wait_for_ever_for_a_connection(shop: Shop) -> None:
    """Where the shop sets no timeouts, an intent gives its write 20 seconds to find a connection."""
    seen: list[Any] = []
    carry = shop.network._answer

    def watched(request: httpx.Request, body: bytes) -> httpx.Response:
        seen.append((request.method, request.extensions["timeout"]))
        return carry(request, body)

    shop.network._answer = watched  # type: ignore[method-assign]
    patient = shop.new_client(timeout=None)
    patient.call(lambda c: c.prepare.create(merchant_uid="order-1", amount=1000))
    ((_, timeout),) = [each for each in seen if each[0] == "POST"][1:]  # after that for the token
    assert timeout == {"connect": 20.0, "read": None, "write": None, "pool": 20.0}


def test_a_refund_by_payment_is_not_sent_over_one_by_order(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.held)
    shop.failure(lambda c: c.payments.cancel(merchant_uid="order-1", amount=400), OutcomeUnknownError)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, left=600), InProgressError)
    shop.network.deliver()
    shop.clock.advance(301)
    assert shop.cancel(imp_uid=imp_uid, left=600).state == "refunded"
    assert shop.refunds == [400]
