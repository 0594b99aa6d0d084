"""Whatever shops, buyers, banks and the clock do, in whatever order: the books are right."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1_sandbox import TEST_CARDS, Refusal, Request, Sandbox, SandboxClock

from tests.sandbox.support import START, Api, PatientApi, checked

HOUR = 60 * 60
ORDERS = [f"order-{number}" for number in range(4)]
ACCOUNT = {
    "refund_holder": "홍길동",
    "refund_bank": "04",
    "refund_account": "00000000001234",
    "refund_tel": "010-0000-0000",
}
SETTLE = "channel-key-00000000-0000-4000-8000-000000000021"
STEPS = [
    "issue_key",
    "schedule",
    "unschedule",
    "move",
    "reschedule",
    "retry",
    "window",
    "account",
    "number",
    "deposit",
    "till",
    "close",
    "cancel",
    "console",
    "settle",
    "refuse_refund",
    "again",
    "wait",
]
WINDOWS: list[tuple[str, Literal["ready", "paid"]]] = [("card", "paid"), ("vbank", "ready"), ("paypal", "paid")]

step = st.tuples(st.sampled_from(STEPS), st.sampled_from(ORDERS), st.integers(0, 5), st.sampled_from([0, 400, 1000]))


class Shop:
    """Does one step after the other; what is refused is refused."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(clock=SandboxClock.frozen_at(START))
        self.api = PatientApi(self.sandbox)
        self.api.issue("card-1")

    def payments(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.api.get("/payments/status/all", limit=1000).response["list"]
        return rows

    def do(self, what: str, order: str, number: int, amount: int) -> None:
        api, sandbox = self.api, self.sandbox
        rows = self.payments()
        imp_uid = str(rows[number % len(rows)]["imp_uid"]) if rows else "imp_000000000000"
        later = sandbox.clock.now() + number * HOUR
        path = f"/subscribe/payments/schedule/{order}"
        match what:
            case "issue_key":
                name = ["ordinary", "charge_refused", "charge_failed"][number % 3]
                api.issue("card-1", card_number=TEST_CARDS[name].number)
            case "schedule":
                entry = {"merchant_uid": order, "schedule_at": later, "amount": 1000}
                path = "/subscribe/payments/schedule"
                api.post(path, customer_uid="card-1", schedules=[entry], checking_amount=amount)
            case "unschedule":
                api.post("/subscribe/payments/unschedule", merchant_uid=[order])
            case "move":
                api.put(path, schedule_at=later)
            case "reschedule":
                api.post(f"{path}/reschedule", schedule_at=later)
            case "retry":
                api.post(f"{path}/retry")
            case "window":
                pg = ["html5_inicis", "smartro_v2", "daou", "payco"][number % 4]
                method, status = WINDOWS[number % 3]
                sandbox.pay(merchant_uid=order, amount=1000, pay_method=method, status=status, pg=pg)
            case "account":
                account = {"amount": 1000, "vbank_code": "088", "vbank_due": later, "vbank_holder": "홍길동"}
                api.post(
                    "/vbanks",
                    merchant_uid=order,
                    channel_key=SETTLE,
                    fixed_unlimited_vbank=number % 2 == 0,
                    **account,
                )
            case "number":
                api.post("/cvs", merchant_uid=order, amount=1000, expired_at=later)
            case "deposit":
                sandbox.deposit(imp_uid, amount=amount or None)
            case "till":
                sandbox.pay_at_store(imp_uid)
            case "close":
                api.delete(f"/vbanks/{imp_uid}", "pg_api_key=EXAMPLE")
                api.delete(f"/cvs/{imp_uid}")
            case "cancel":
                api.cancel(imp_uid=imp_uid, amount=amount, enable_webhook=True, **ACCOUNT)
            case "console":
                sandbox.cancel(imp_uid, amount=amount)
            case "settle" | "refuse_refund":
                sandbox.settle_refund(imp_uid, refused=what == "refuse_refund")
            case "again":
                api.again("card-1", order)
            case _:
                sandbox.clock.advance(hours=number)

    def check(self) -> None:
        moved: Counter[tuple[str, str]] = Counter()
        for movement in self.sandbox.ledger:
            moved[movement.kind, movement.imp_uid] += int(movement.amount)
        notified = Counter(notice.imp_uid for notice in self.sandbox.notifications if notice.status == "paid")
        pending: Counter[str] = Counter()
        for refund in self.sandbox.pending_refunds:
            pending[refund.imp_uid] += int(refund.amount)
        rows, now = self.payments(), self.sandbox.clock.now()
        for row in rows:
            imp_uid, came_in = row["imp_uid"], row["amount"] if row["paid_at"] else 0
            assert moved["charge", imp_uid] == came_in
            assert moved["refund", imp_uid] == row["cancel_amount"] == sum(e["amount"] for e in row["cancel_history"])
            assert row["cancel_amount"] + pending[imp_uid] <= came_in
            assert (row["status"] == "cancelled") == (row["cancel_amount"] > 0)
            if not row["merchant_uid"].startswith("checking_"):
                assert notified[imp_uid] == (max(1, len(row["deposit_history"])) if came_in else 0)
            if row["status"] == "ready" and row["vbank_date"]:
                assert row["vbank_date"] >= now
        assert all(count == 1 for count in Counter(row["merchant_uid"] for row in rows if row["paid_at"]).values())
        self.check_schedules({row["imp_uid"]: row for row in rows}, now)

    def check_schedules(self, payments: dict[str, dict[str, Any]], now: int) -> None:
        for row in self.api.get("/subscribe/customers/card-1/schedules").response["list"]:
            tried = row["schedule_status"] == "executed"
            assert tried == bool(row["executed_at"]) == bool(row["imp_uid"])
            assert (row["schedule_status"] == "revoked") == bool(row["revoked_at"])
            if tried:
                assert row["payment_status"] == payments[row["imp_uid"]]["status"]
            if row["schedule_status"] == "scheduled":
                assert row["schedule_at"] > now


@settings(max_examples=20, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(step, min_size=4, max_size=25))
def test_in_any_order(steps: list[tuple[str, str, int, int]]) -> None:
    shop = Shop()
    for taken in steps:
        with suppress(Refusal):
            shop.do(*taken)
        shop.check()


@settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=st.binary(max_size=60), kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded"]))
def test_controls_with_bodies_of_any_bytes(body: bytes, kind: str) -> None:
    sandbox = Sandbox(clock=SandboxClock.frozen_at(START))
    for path in ("deposits", "store-payments", "cancels", "refunds/pend", "refunds/settle"):
        response = sandbox.handle(Request("POST", f"/_sandbox/{path}", "", {"Content-Type": kind}, body))
        assert checked(response, None).status < 500


@pytest.mark.parametrize("odd", [[], {}, 1.5, None, True, "imp_0", 10**30])
def test_controls_with_fields_of_any_kind(odd: object) -> None:
    api = Api(Sandbox(clock=SandboxClock.frozen_at(START)))
    for path in ("deposits", "store-payments", "cancels", "refunds/settle"):
        answer = api.send("POST", f"/_sandbox/{path}", json={"imp_uid": odd, "amount": odd, "depositor_name": odd})
        assert answer.code != 0
        assert answer.status < 500
