"""Plain writes with a journal: what a person settles by hand, and answers without an id."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1 import OutcomeUnknownError

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
