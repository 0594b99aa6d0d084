"""Shops, snapshots, scenarios, webhooks, faults and events in any order: each shop's books are its own, and right."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from portone_v1_sandbox import Refusal, Request, Sandbox, SandboxClock, WebhookCall

from tests.sandbox.support import START, Api, checked

from .books import check_books, holdings, payments_of

NAMES = st.sampled_from(["main", "a", "b"])
ORDERS = st.sampled_from(["order-1", "order-2", "five-paid-2", "five-waiting", "five-2-week-3"])
SNAPSHOTS = st.sampled_from(["before", "after"])
NUMBERS = st.integers(0, 7)
NAVER_EVENTS = [
    "delivered",
    "purchase_decided",
    "cancel_requested",
    "return_requested",
    "return_collected",
    "exchange_requested",
    "claim_withdrawn",
]
INICIS_EVENTS = ["purchase_confirmed", "purchase_denied", "denial_accepted", "purchase_confirmed_by_force"]
PRODUCT: Any = {"product_id": "P-1", "product_name": "원두", "product_amount": 9900}
HOOK = "http://127.0.0.1:9/hook"


class ShopsAndControls(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, Any]] = []
        self.statuses: list[int] = []
        self.sandbox = Sandbox(
            clock=SandboxClock.frozen_at(START), webhook_url=HOOK, webhook_sender=self.receive, webhook_escrow=True
        )
        self.shops: dict[str, Sandbox] = {"main": self.sandbox}
        self.kept: dict[tuple[str, str], dict[str, Any]] = {}
        self.used: dict[tuple[str, str], str] = {}
        self.held: set[str] = set()

    def receive(self, call: WebhookCall) -> int:
        self.sent.append((call.url, json.loads(call.body)))
        return self.statuses.pop(0) if self.statuses else 200

    def of(self, name: str) -> Sandbox:
        if name not in self.shops:
            self.shops[name] = self.sandbox.shops.open(name)
        return self.shops[name]

    def within(self, name: str, act: Callable[[Sandbox], object]) -> None:
        """Act in one shop, whose refusal is one, too. No other shop changes by it."""
        others = {other: holdings(each) for other, each in self.shops.items() if other != name}
        sandbox = self.of(name)
        with suppress(Refusal):
            act(sandbox)
        sandbox.faults.clear()
        for other, before in others.items():
            assert holdings(self.shops[other]) == before

    def control(self, name: str, path: str, /, **fields: Any) -> int:
        """Make a control call with the header, as a test in another language does."""
        headers = {"Content-Type": "application/json"} | ({} if name == "main" else {"X-Sandbox": name})
        self.of(name)
        request = Request("POST", f"/_sandbox/{path}", "", headers, json.dumps(fields).encode())
        answer = checked(self.sandbox.handle(request), None)
        assert answer.status < 500
        # V1 refuses some things with 200, too.
        return 200 if answer.code == 0 else max(answer.status, 400)

    def one(self, sandbox: Sandbox, number: int) -> dict[str, Any]:
        rows = payments_of(sandbox)
        return rows[number % len(rows)] if rows else {"imp_uid": "imp_000000000000", "amount": 1000}

    @rule(name=NAMES, order=ORDERS, method=st.sampled_from(["card", "vbank", "trans"]), escrow=st.booleans())
    def pay(self, name: str, order: str, method: str, escrow: bool) -> None:
        status = "ready" if method == "vbank" else "paid"
        fields = {"merchant_uid": order, "amount": 1000, "pay_method": method, "status": status, "escrow": escrow}
        self.within(name, lambda _: self.control(name, "payments", **fields))

    @rule(name=NAMES, number=NUMBERS, amount=st.sampled_from([0, 300, 1000, 1001]))
    def cancel(self, name: str, number: int, amount: int) -> None:
        def refund(sandbox: Sandbox) -> None:
            api = Api(sandbox)
            fields = {"refund_holder": "홍길동", "refund_bank": "04", "refund_account": "00000000001234"}
            api.cancel(imp_uid=self.one(sandbox, number)["imp_uid"], amount=amount, enable_webhook=True, **fields)

        self.within(name, refund)

    @rule(name=NAMES, number=NUMBERS)
    def deposit(self, name: str, number: int) -> None:
        self.within(name, lambda sandbox: sandbox.deposit(self.one(sandbox, number)["imp_uid"]))

    @rule(name=NAMES, status=st.sampled_from([500, 502, 400]), executed=st.booleans(), order=ORDERS)
    def fault(self, name: str, status: int, executed: bool, order: str) -> None:
        """Check that a fault before the execution changes nothing, and that one after it changes everything."""

        def act(sandbox: Sandbox) -> None:
            api = Api(sandbox)
            api.authorize()
            before = holdings(sandbox)
            sandbox.faults.fail_next(1, status=status, executed=executed, operation="subscribe_onetime")
            assert api.onetime(order, 700).status == status
            sandbox.faults.clear()
            after = holdings(sandbox)
            if not executed:
                assert after == before
            assert len(after["ledger"]) - len(before["ledger"]) in ((0, 1) if executed else (0,))

        self.within(name, act)

    @rule(name=NAMES, kind=st.sampled_from(["cut", "html", "duplicate"]), order=ORDERS)
    def other_fault(self, name: str, kind: str, order: str) -> None:
        def act(sandbox: Sandbox) -> None:
            before = len(sandbox.ledger)
            assert self.control(name, "faults", kind=kind, operation="subscribe_onetime") == 200
            headers = {"Authorization": f"Bearer {_token(sandbox)}", "Content-Type": "application/json"}
            card = {"card_number": "4242424242424242", "expiry": "2030-12"}
            body = json.dumps({"merchant_uid": order, "amount": 700, **card}).encode()
            sandbox.handle(Request("POST", "/subscribe/payments/onetime", "", headers, body))
            assert len(sandbox.ledger) - before in (0, 1)

        self.within(name, act)

    @rule(name=NAMES, order=ORDERS, count=st.integers(1, 2))
    def decline(self, name: str, order: str, count: int) -> None:
        def act(sandbox: Sandbox) -> None:
            assert self.control(name, "declines", count=count, message="한도초과") == 200
            before = len(sandbox.ledger)
            with suppress(Refusal):
                sandbox.pay(merchant_uid=order, amount=1000)
            assert len(sandbox.ledger) == before

        self.within(name, act)

    @rule(name=NAMES, snapshot=SNAPSHOTS)
    def keep(self, name: str, snapshot: str) -> None:
        self.within(name, lambda _: self.control(name, "snapshots", name=snapshot))
        self.kept[name, snapshot] = holdings(self.of(name)) | {"held": name in self.held}

    @rule(name=NAMES, snapshot=SNAPSHOTS)
    def restore(self, name: str, snapshot: str) -> None:
        known = self.kept.get((name, snapshot))
        self.within(name, lambda _: self.control(name, "snapshots/restore", name=snapshot))
        if known is not None:
            assert holdings(self.of(name)) | {"held": known["held"]} == known
            (self.held.add if known["held"] else self.held.discard)(name)

    @rule(
        name=NAMES,
        scenario=st.sampled_from(["five_orders", "subscription_month"]),
        prefix=st.sampled_from(["five", "x"]),
    )
    def play(self, name: str, scenario: str, prefix: str) -> None:
        """Check that all of a scenario is played, or nothing."""
        sandbox = self.of(name)
        before = holdings(sandbox)
        status = self.control(name, "scenarios", name=scenario, prefix=prefix)
        after = holdings(sandbox)
        assert (after == before) == (status != 200)

    @rule(name=NAMES)
    def hold(self, name: str) -> None:
        assert self.control(name, "webhooks/hold") == 200
        self.held.add(name)

    @rule(name=NAMES, number=NUMBERS)
    def release(self, name: str, number: int) -> None:
        waiting = [each.number for each in self.of(name).webhooks.deliveries if each.state == "waiting"]
        first = [str(waiting[number % len(waiting)])] if waiting else []
        assert self.control(name, "webhooks/release", number=first) == 200
        self.held.discard(name)
        before = len(self.sent)
        self.of(name).deliver()
        if first and len(self.sent) > before:
            wanted = next(each for each in self.of(name).webhooks.deliveries if str(each.number) == first[0])
            if wanted.attempts:
                assert self.sent[before][1].get("imp_uid") == wanted.notification.imp_uid

    @rule(name=NAMES, count=st.integers(0, 2))
    def drop_next(self, name: str, count: int) -> None:
        assert self.control(name, "webhooks/drop", next=count) == 200

    @rule(name=NAMES, number=st.integers(0, 30))
    def drop(self, name: str, number: int) -> None:
        self.within(name, lambda _: self.control(name, "webhooks/drop", number=[str(number)]))

    @rule(name=NAMES, number=st.integers(0, 30))
    def resend(self, name: str, number: int) -> None:
        self.within(name, lambda _: self.control(name, "webhooks/resend", number=[str(number)]))

    @rule(name=NAMES, statuses=st.lists(st.sampled_from([200, 302, 404, 500]), max_size=2))
    def deliver(self, name: str, statuses: list[int]) -> None:
        self.statuses = list(statuses)
        sandbox, before = self.of(name), len(self.sent)
        dropped = {each.number for each in sandbox.webhooks.deliveries if each.state == "dropped"}
        sandbox.deliver()
        self.statuses = []
        if name in self.held:
            assert len(self.sent) == before
        else:
            assert all(each.state != "waiting" for each in sandbox.webhooks.deliveries)
        assert all(not each.attempts for each in sandbox.webhooks.deliveries if each.number in dropped)

    @rule(name=NAMES, order=ORDERS)
    def order_at_naver(self, name: str, order: str) -> None:
        self.within(name, lambda sandbox: sandbox.naver.order(order, [PRODUCT]))

    @rule(name=NAMES, number=NUMBERS, event=st.sampled_from(NAVER_EVENTS))
    def naver(self, name: str, number: int, event: str) -> None:
        def act(sandbox: Sandbox) -> None:
            api = Api(sandbox)
            uid = self.one(sandbox, number)["imp_uid"]
            found = api.get(f"/payments/{uid}/naver/product-orders").response or []
            product = found[0]["product_order_id"] if found else "0"
            self.control(name, "naver/events", product_order_id=product, event=event)

        self.within(name, act)

    @rule(name=NAMES, number=NUMBERS, event=st.sampled_from(INICIS_EVENTS), ship=st.booleans())
    def escrow(self, name: str, number: int, event: str, ship: bool) -> None:
        def act(sandbox: Sandbox) -> None:
            uid = self.one(sandbox, number)["imp_uid"]
            if ship:
                person = {"name": "홍길동", "tel": "010-0000-0000", "addr": "예시로 1", "postcode": "00000"}
                parcel = {"company": "CJGLS", "invoice": "000011112222", "sent_at": sandbox.clock.now()}
                Api(sandbox).post(f"/escrows/logis/{uid}", sender=person, receiver=person, logis=parcel)
            self.control(name, "inicis/events", imp_uid=uid, event=event)

        self.within(name, act)

    @rule(name=NAMES)
    def verify_identity(self, name: str) -> None:
        def act(sandbox: Sandbox) -> None:
            uid = sandbox.identity.verify(name="김하늘", birthday="1991-01-01").imp_uid
            api = Api(sandbox)
            assert api.get(f"/certifications/{uid}").response["name"] == "김하늘"
            assert api.delete(f"/certifications/{uid}").code == 0
            assert api.get(f"/certifications/{uid}").status == 404

        self.within(name, act)

    @rule(name=NAMES, strict=st.booleans(), pair=st.sampled_from(["sandbox_key", "another"]))
    def settings(self, name: str, strict: bool, pair: str) -> None:
        assert self.control(name, "settings", strict=strict, imp_key=pair) == 200
        assert self.control(name, "settings", imp_key="sandbox_key", strict=False) == 200
        assert self.control(name, "settings", strikt=True) == 400

    @rule(name=NAMES, seconds=st.sampled_from([1, 3600, 8 * 24 * 3600]))
    def advance(self, name: str, seconds: int) -> None:
        self.within(name, lambda _: self.control(name, "clock", advance=seconds))

    @rule(name=NAMES)
    def reset(self, name: str) -> None:
        self.within(name, lambda _: self.control(name, "reset"))
        self.held.discard(name)
        self.of(name).webhooks.configure(url=HOOK)

    @precondition(lambda self: len(self.shops) > 1)
    @rule(name=st.sampled_from(["a", "b"]))
    def delete(self, name: str) -> None:
        if name in self.shops:
            assert self.control("main", "shops/delete", name=name) == 200
            del self.shops[name]
            self.kept = {key: value for key, value in self.kept.items() if key[0] != name}
            self.used = {key: value for key, value in self.used.items() if key[0] != name}
            self.held.discard(name)

    @invariant()
    def books_are_right(self) -> None:
        for name, sandbox in self.shops.items():
            check_books(sandbox)
            for row in payments_of(sandbox):
                made = f"{row['merchant_uid']} {row['pg_tid']} {row['started_at']}"
                assert self.used.setdefault((name, row["imp_uid"]), made) == made  # no uid is used twice


def _token(sandbox: Sandbox) -> str:
    return Api(sandbox).authorize()


TestInAnyOrder = ShopsAndControls.TestCase
TestInAnyOrder.settings = settings(
    max_examples=15, stateful_step_count=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
