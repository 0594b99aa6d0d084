"""Refunds at PGs that pay out later."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1 import FULL, UndecidedError
from portone_v1_sandbox import Channel

from tests.safe import network as net
from tests.safe.conftest import Shop

CANCEL = "POST /payments/cancel"
GET = "GET /payments/"
ACCOUNT = {"refund_holder": "홍길동", "refund_bank": "04", "refund_account": "1234567890"}
SLOW = [
    ("smartro_v2", "vbank"),
    ("daou", "vbank"),
    ("paypal", "paypal"),
    ("paypal_v2", "paypal"),
    ("paymentwall", "card"),
]


class TestPgsThatPayOutLater:
    """`accepted` is not `refunded`, and no trace proves nothing for days."""

    @pytest.mark.parametrize(("provider", "pay_method"), SLOW)
    @pytest.mark.parametrize(("amount", "key"), [(FULL, None), (400, "a")])
    def test_accepted(self, shop: Shop, provider: str, pay_method: str, amount: Any, key: Any) -> None:
        paid = slow(provider, pay_method)
        shop.network.meet(GET, *[net.answered(paid)] * 3)
        shop.network.meet(CANCEL, net.answered(paid))
        first = shop.cancel(imp_uid="imp_slow", amount=amount, key=key, **ACCOUNT)
        again = shop.cancel(imp_uid="imp_slow", amount=amount, key=key, **ACCOUNT)
        assert (first.state, again.state, shop.network.count(CANCEL)) == ("accepted", "accepted", 1)

    @pytest.mark.parametrize("provider", ["smartro_v2", "daou"])
    def test_their_cards_are_refunded_at_once(self, shop: Shop, provider: str) -> None:
        shop.set_up(channels=(Channel("channel-key-1", provider, "mid", "payment"),))
        assert shop.cancel(imp_uid=shop.paid().imp_uid, amount=FULL).state == "refunded"

    @pytest.mark.parametrize(("provider", "pay_method"), SLOW)
    def test_lost_it_stays_open_until_a_person_looks(self, shop: Shop, provider: str, pay_method: str) -> None:
        shop.network.meet(GET, *[net.answered(slow(provider, pay_method))] * 20)
        shop.network.meet(CANCEL, net.lost_before)
        error = shop.failure(
            lambda c: c.payments.cancel_once(imp_uid="imp_slow", amount=400, key="a", **ACCOUNT), UndecidedError
        )
        assert shop.settle(error, after=86_400).state == "undecided"
        for _ in range(3):
            assert [settled.state for settled in shop.settle_all(after=22 * 86_400)] == ["undecided"]
        assert shop.alarms == ["overdue"]
        resolved = shop.run(lambda c: c.intents.resolve(error.intent.id, "not_refunded", note="console: nothing"))
        assert (resolved.state, resolved.outcome) == ("watch", "not_refunded")
        assert shop.run(lambda c: c.intents.open()) == []
        assert shop.network.count(CANCEL) == 1

    def test_paypal_pays_out(self, shop: Shop) -> None:
        paid = slow("paypal_v2", "paypal")
        shop.network.meet(GET, *[net.answered(paid)] * 2)
        shop.network.meet(CANCEL, net.answered(paid))
        shop.cancel(imp_uid="imp_slow", amount=400, key="a")
        assert [settled.state for settled in shop.settle_all(after=3600)] == ["accepted"]
        shop.network.forget()
        done = slow("paypal_v2", "paypal", 400)
        done["cancel_history"][0]["reason"] = "취소요청api"
        shop.network.meet(GET, net.answered(done))
        assert [(settled.state, settled.outcome.amount) for settled in shop.settle_all(after=86_400)] == [
            ("refunded", 400)
        ]


def slow(provider: str, pay_method: str, refunded: int = 0) -> dict[str, Any]:
    return {
        "imp_uid": "imp_slow",
        "merchant_uid": "order-1",
        "pg_provider": provider,
        "pay_method": pay_method,
        "amount": 1000,
        "currency": "USD",
        "status": "cancelled" if refunded == 1000 else "paid",
        "cancel_amount": refunded,
        "cancel_history": [{"amount": refunded, "cancelled_at": 1_773_104_400}] if refunded else [],
    }
