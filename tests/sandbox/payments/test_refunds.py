"""Refunds that are only accepted at first, and those that the merchant makes in the console."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from portone_v1_sandbox import Channel, Refusal, Sandbox, SandboxClock

from tests.sandbox.support import START, Api, PatientApi

ACCOUNT = {
    "refund_holder": "홍길동",
    "refund_bank": "04",
    "refund_account": "00000000001234",
    "refund_tel": "010-0000-0000",
}


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return PatientApi(sandbox)


def deposited(sandbox: Sandbox, pg: str) -> str:
    payment = sandbox.pay(merchant_uid=f"order-{pg}", amount=10000, pay_method="vbank", status="ready", pg=pg)
    sandbox.deposit(payment.imp_uid)
    return payment.imp_uid


def stored(api: Api, imp_uid: str) -> Any:
    return api.get(f"/payments/{imp_uid}").response


def refunded(sandbox: Sandbox) -> list[Decimal]:
    return [movement.amount for movement in sandbox.ledger if movement.kind == "refund"]


def test_deposits_are_paid_back_at_once_by_most(api: Api, sandbox: Sandbox) -> None:
    imp_uid = deposited(sandbox, "settle")
    assert api.cancel(imp_uid=imp_uid).code == 1
    assert api.cancel(imp_uid=imp_uid, **ACCOUNT).response["status"] == "cancelled"
    assert refunded(sandbox) == [10000]


@pytest.mark.parametrize("pg", ["smartro_v2", "daou"])
def test_deposits_are_paid_back_later_by_some(api: Api, sandbox: Sandbox, pg: str) -> None:
    imp_uid = deposited(sandbox, pg)
    accepted = api.cancel(imp_uid=imp_uid, reason="품절", **ACCOUNT).response
    assert (accepted["status"], accepted["cancel_amount"], accepted["cancel_history"]) == ("paid", 0, [])
    (pending,) = sandbox.pending_refunds
    assert (pending.imp_uid, int(pending.amount)) == (imp_uid, 10000)
    assert refunded(sandbox) == []
    sandbox.clock.advance(days=7)
    assert sandbox.settle_refund(imp_uid).status == "cancelled"
    shown = stored(api, imp_uid)
    (entry,) = shown["cancel_history"]
    assert (entry["amount"], entry["reason"], entry["cancelled_at"]) == (10000, "품절", START + 7 * 24 * 60 * 60)
    assert refunded(sandbox) == [10000]
    assert sandbox.pending_refunds == ()
    notice = sandbox.notifications[-1]
    assert (notice.status, notice.cancellation_id) == ("cancelled", entry["cancellation_id"])


def test_of_paypal_may_be_refused_in_the_end() -> None:
    sandbox = Sandbox(
        clock=SandboxClock.frozen_at(START), channels=[Channel("channel-key-1", "paypal_v2", "mid", "payment")]
    )
    api = Api(sandbox)
    imp_uid = sandbox.pay(merchant_uid="order-1", amount=10, pay_method="paypal", currency="USD").imp_uid
    assert api.cancel(imp_uid=imp_uid).response["status"] == "paid"
    notified = len(sandbox.notifications)
    assert sandbox.settle_refund(imp_uid, refused=True).status == "paid"
    assert stored(api, imp_uid)["cancel_amount"] == 0
    assert (refunded(sandbox), len(sandbox.notifications)) == ([], notified)
    assert api.cancel(imp_uid=imp_uid).code == 0
    assert sandbox.settle_refund(imp_uid).status == "cancelled"


def test_under_way_never_refund_more_than_was_paid(api: Api, sandbox: Sandbox) -> None:
    imp_uid = deposited(sandbox, "daou")
    words = (200, 1, "이미 취소가 진행 중인 결제건입니다.")
    assert api.cancel(imp_uid=imp_uid, amount=4000, checksum=10000, **ACCOUNT).code == 0
    assert api.cancel(imp_uid=imp_uid, amount=6001, **ACCOUNT).verdict == words
    assert api.cancel(imp_uid=imp_uid, checksum=10000, **ACCOUNT).code == 0
    assert api.cancel(imp_uid=imp_uid, **ACCOUNT).verdict == words
    assert api.cancel(imp_uid=imp_uid, amount=1, **ACCOUNT).verdict == words
    sandbox.settle_refund(imp_uid)
    assert [entry["amount"] for entry in stored(api, imp_uid)["cancel_history"]] == [4000, 6000]
    assert api.cancel(imp_uid=imp_uid, **ACCOUNT).message == "이미 전액취소된 주문입니다."


class TestHoldingBack:
    @pytest.mark.parametrize("pg", ["nice_v2", None])
    def test_of_a_pg_or_of_all(self, api: Api, sandbox: Sandbox, pg: str | None) -> None:
        imp_uid = str(api.onetime("order-1").response["imp_uid"])
        other = str(api.onetime("order-2").response["imp_uid"])
        sandbox.defer_refunds(pg=pg)
        assert api.cancel(imp_uid=imp_uid).response["status"] == "paid"
        sandbox.defer_refunds(pg=pg, on=False)
        assert api.cancel(imp_uid=other).response["status"] == "cancelled"
        assert sandbox.settle_refund(imp_uid).status == "cancelled"

    def test_of_one_payment(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = str(api.onetime("order-1").response["imp_uid"])
        sandbox.defer_refunds(imp_uid=imp_uid)
        api.onetime("order-2")
        assert api.cancel(merchant_uid="order-2").response["status"] == "cancelled"
        assert api.cancel(merchant_uid="order-1").response["status"] == "paid"

    def test_over_the_wire(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = str(api.onetime("order-1").response["imp_uid"])
        assert api.send("POST", "/_sandbox/refunds/pend", json={"pg": "nice_v2"}).response is None
        api.cancel(imp_uid=imp_uid, amount=400, reason="품절")
        assert api.send("GET", "/_sandbox/refunds").response == [
            {"amount": 400, "asked_at": START, "imp_uid": imp_uid, "reason": "품절"}
        ]
        answer = api.send("POST", "/_sandbox/refunds/settle", json={"imp_uid": imp_uid})
        assert answer.response["cancel_amount"] == 400
        assert api.send("POST", "/_sandbox/refunds/settle", json={"imp_uid": imp_uid}).status == 404

    def test_ends_only_what_is_pending(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = str(api.onetime("order-1").response["imp_uid"])
        for unknown in (imp_uid, "imp_000000000000"):
            with pytest.raises(Refusal) as refusal:
                sandbox.settle_refund(unknown)
            assert refusal.value.status == 404

    def test_is_forgotten_at_a_reset(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.defer_refunds()
        api.onetime("order-1")
        api.cancel(merchant_uid="order-1")
        sandbox.reset()
        assert sandbox.pending_refunds == ()
        api.onetime("order-1")
        assert api.cancel(merchant_uid="order-1").response["status"] == "cancelled"


class TestConsole:
    def test_in_part_and_the_rest(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = str(api.onetime("order-1", 1000).response["imp_uid"])
        assert sandbox.cancel(imp_uid, amount=400, reason="품절").cancel_amount == 400
        assert sandbox.cancel(imp_uid).status == "cancelled"
        notified = [(notice.status, notice.cancellation_id) for notice in sandbox.notifications[1:]]
        history = stored(api, imp_uid)["cancel_history"]
        assert notified == [("cancelled", entry["cancellation_id"]) for entry in history]
        assert refunded(sandbox) == [400, 600]

    def test_of_a_deposit_needs_no_account_again(self, sandbox: Sandbox) -> None:
        assert sandbox.cancel(deposited(sandbox, "settle")).status == "cancelled"

    def test_over_the_wire(self, api: Api) -> None:
        imp_uid = api.onetime("order-1", 1000).response["imp_uid"]
        answer = api.send("POST", "/_sandbox/cancels", json={"imp_uid": imp_uid, "amount": 1001})
        assert answer.code == -1
        answer = api.send("POST", "/_sandbox/cancels", json={"imp_uid": imp_uid})
        assert answer.response["status"] == "cancelled"

    def test_of_nothing(self, sandbox: Sandbox) -> None:
        with pytest.raises(Refusal, match="존재하지 않습니다"):
            sandbox.cancel("imp_000000000000")
