"""Shops by name on one sandbox, snapshots, scenarios."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from portone_v1 import PortOne
from portone_v1_sandbox import Refusal, Request, Sandbox, SandboxClock, SandboxServer

from tests.sandbox.merchant import merchant
from tests.sandbox.support import START, Api

STATUSES = ("paid", "cancelled", "ready")
ORDER = {"merchant_uid": "order-1", "amount": 1000}


def control(sandbox: Sandbox, method: str, path: str, shop: str | None = None, **body: Any) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"} | ({} if shop is None else {"X-Sandbox": shop})
    sent = json.dumps(body).encode() if method == "POST" else b""
    answer = sandbox.handle(Request(method, f"/_sandbox/{path}", "", headers, sent))
    return answer.status, answer.json()["response"] if answer.status == 200 else answer.json()["message"]


class TestByName:
    def test_state_clock_webhooks_and_journal_are_its_own(self, sandbox: Sandbox) -> None:
        control(sandbox, "POST", "payments", "a", **ORDER)
        control(sandbox, "POST", "clock", "a", advance=60)
        control(sandbox, "POST", "webhooks/settings", "a", url="http://127.0.0.1:9/a")
        sandbox.shops["a"].client().codes.get_bank("004")
        assert sandbox.shops["a"].clock.now() == START + 60
        assert len(sandbox.shops["a"].journal) == 2
        control(sandbox, "POST", "payments", "b", **ORDER)
        assert (len(sandbox.ledger), sandbox.clock.now(), sandbox.journal) == (0, START, ())
        assert sandbox.webhooks.settings.url is sandbox.shops["b"].webhooks.settings.url is None
        assert [shop["payments"] for shop in control(sandbox, "GET", "shops")[1]] == [1, 1]

    def test_by_header_by_path_and_by_host(self) -> None:
        with SandboxServer() as server:
            paid = httpx.post(f"{server.url}/_sandbox/payments", json=ORDER, headers={"X-Sandbox": "t-1"})
            assert paid.headers["x-sandbox"] == "t-1"
            by_path = httpx.get(f"{server.url}/_sandbox/shops/t-1/_sandbox/ledger").json()["response"]
            by_host = httpx.get(f"{server.url}/_sandbox/ledger", headers={"Host": "t-1.localhost:8765"})
            assert by_path == by_host.json()["response"] != []
            with PortOne("sandbox_key", "sandbox_secret", base_url=f"{server.url}/_sandbox/shops/t-1") as client:
                assert client.payments.get(paid.json()["response"]["imp_uid"]).status == "paid"
            assert httpx.get(f"{server.url}/_sandbox/ledger").json()["response"] == []
            main = httpx.get(f"{server.url}/_sandbox/ledger", headers={"X-Sandbox": "portone-v1"})
            assert main.json()["response"] == []

    def test_the_window_of_a_page_stays_in_its_shop(self) -> None:
        with SandboxServer() as server, httpx.Client(base_url=server.url) as page:
            asked = {"kind": "payment", "asked": {"merchant_uid": "order-1", "amount": 1000, "pay_method": "card"}}
            opened = page.post("/_sandbox/shops/t-1/_sandbox/web/windows", data={"request": json.dumps(asked)})
            window = opened.headers["location"]
            assert window.startswith("/_sandbox/shops/t-1/_sandbox/web/windows/")
            assert page.post(window, data={"action": "approve"}).json()["response"]["outcome"]["success"] is True
            assert len(server.sandbox.shops["t-1"].ledger) == 1
            assert server.sandbox.ledger == ()

    def test_starts_with_the_settings_of_the_main_one(self) -> None:
        clock = SandboxClock.frozen_at(START)
        sandbox = Sandbox(imp_key="k", imp_secret="s", clock=clock, webhook_url="http://127.0.0.1:9/a", pg_rules=True)
        shop = sandbox.shops.open("a")
        assert shop.webhooks.settings == sandbox.webhooks.settings
        assert (shop.clock.now(), shop.clock.frozen) == (START, True)
        assert shop.client().codes.get_bank("004").name

    def test_webhooks_say_whose_they_are(self) -> None:
        with merchant() as shop, SandboxServer() as server:
            for name in ("a", "b"):
                named = server.sandbox.shops.open(name)
                named.webhooks.configure(url=shop.url)
                named.pay(merchant_uid=f"order-{name}", amount=1000)
            results = {post.shop: post.fields["merchant_uid"] for post in (shop.next(), shop.next())}
            assert results == {"a": "order-a", "b": "order-b"}
            server.sandbox.shops.delete(["a"])

    @pytest.mark.parametrize("name", ["../x", "a b", "a" * 81, "-a", "한글", "delete"])
    def test_a_name_that_cannot_be(self, sandbox: Sandbox, name: str) -> None:
        assert sandbox.handle(Request("GET", "/_sandbox/ledger", "", {"X-Sandbox": name})).status == 400
        with pytest.raises(Refusal, match="name of a shop"):
            sandbox.shops.open(name)

    def test_deleted_by_name_alone_and_never_all(self, sandbox: Sandbox) -> None:
        for name in "ab":
            sandbox.shops.open(name)
        assert control(sandbox, "POST", "shops/delete")[0] == 400
        assert control(sandbox, "POST", "shops/delete", name=[])[0] == 400
        status, message = control(sandbox, "POST", "shops/delete", name=["a", "bb"])
        assert (status, "did you mean 'b'" in message, len(sandbox.shops)) == (404, True, 2)
        assert [shop["name"] for shop in control(sandbox, "POST", "shops/delete", name="a")[1]] == ["b"]

    def test_there_is_a_most(self, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sandbox.shops, "_most", 2)
        sandbox.shops.open("a"), sandbox.shops.open("b")
        assert "delete some" in control(sandbox, "GET", "ledger", "c")[1]
        sandbox.shops.delete(["a"])
        assert control(sandbox, "GET", "ledger", "c") == (200, [])

    def test_many_at_the_same_time(self) -> None:
        with SandboxServer() as server, httpx.Client(base_url=server.url) as client, ThreadPoolExecutor(8) as pool:

            def one(number: int) -> list[str]:
                headers = {"X-Sandbox": f"t-{number}"}
                for order in range(3):
                    body = {"merchant_uid": f"{number}-{order}", "amount": 1000}
                    client.post("/_sandbox/payments", json=body, headers=headers).raise_for_status()
                ledger = client.get("/_sandbox/ledger", headers=headers).json()["response"]
                return [movement["merchant_uid"] for movement in ledger]

            for number, orders in enumerate(pool.map(one, range(24))):
                assert orders == [f"{number}-{order}" for order in range(3)]


class TestSnapshots:
    def test_everything_comes_back(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        paid = sandbox.pay(merchant_uid="order-1", amount=1000)
        before = sandbox.snapshot()
        api.post("/payments/cancel", imp_uid=paid.imp_uid)
        sandbox.clock.advance(days=3)
        second = sandbox.pay(merchant_uid="order-2", amount=2000)
        sandbox.restore(before)
        assert (sandbox.clock.now(), len(sandbox.ledger), len(sandbox.journal)) == (START, 1, 2)
        assert api.get(f"/payments/{paid.imp_uid}").response["status"] == "paid"
        assert api.get(f"/payments/{second.imp_uid}").status == 404
        assert api.get("/subscribe/customers/card-1").status == 200
        assert sandbox.pay(merchant_uid="order-2", amount=2000).imp_uid != second.imp_uid

    def test_a_snapshot_is_not_changed_by_what_follows(self, sandbox: Sandbox) -> None:
        paid = sandbox.pay(merchant_uid="order-1", amount=1000)
        kept = sandbox.snapshot()
        for _ in range(2):
            sandbox.restore(kept)
            assert sandbox.client().payments.cancel(imp_uid=paid.imp_uid, amount=1000).status == "cancelled"
        other = Sandbox()
        other.restore(kept)
        assert other.client().payments.get(paid.imp_uid).status == "paid"

    def test_schedules_run_again(self, sandbox: Sandbox) -> None:
        ids = sandbox.play("subscription_month")
        client = sandbox.client()
        assert client.subscribe.get_schedule(ids["declined"]).payment_status == "failed"
        kept = sandbox.snapshot()
        client.subscribe.schedule(
            customer_uid=next(iter(ids["customers"])),
            schedules=[
                {"merchant_uid": "later", "schedule_at": sandbox.clock.now() + 60, "amount": 1000, "name": "구독"}
            ],
        )
        again = sandbox.snapshot()
        for _ in range(2):
            sandbox.restore(again)
            sandbox.clock.advance(minutes=2)
            assert client.subscribe.get_schedule("later").payment_status == "paid"
        sandbox.restore(kept)
        sandbox.clock.advance(minutes=2)
        assert len(sandbox.ledger) == 11

    def test_in_a_file_too(self, tmp_path: Path) -> None:
        file = tmp_path / "shop.sqlite3"
        with Sandbox(db=file) as sandbox:
            sandbox.play("five_orders")
            kept, before = sandbox.snapshot(), sandbox.ledger
            sandbox.play("subscription_month")
            sandbox.restore(kept)
        with Sandbox(db=file) as sandbox:
            assert sandbox.ledger == before
            assert [len(Api(sandbox).get(f"/payments/status/{status}").response["list"]) for status in STATUSES] == [
                3,
                1,
                1,
            ]
        with closing(sqlite3.connect(file)) as database:
            assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)

    def test_by_control_call(self, sandbox: Sandbox) -> None:
        control(sandbox, "POST", "payments", "a", **ORDER)
        taken = control(sandbox, "POST", "snapshots", "a", name="paid")
        assert taken == (200, {"name": "paid", "now": START, "payments": 1})
        control(sandbox, "POST", "reset", "a")
        status, message = control(sandbox, "POST", "snapshots/restore", "a", name="piad")
        assert (status, "did you mean 'paid'" in message) == (404, True)
        assert control(sandbox, "POST", "snapshots/restore", "a", name="paid")[0] == 200
        assert len(control(sandbox, "GET", "ledger", "a")[1]) == 1
        assert control(sandbox, "GET", "snapshots") == (200, [])
        assert control(sandbox, "POST", "snapshots/delete", "a", name="paid") == (200, [])
        assert control(sandbox, "POST", "snapshots", "a")[0] == 400


class TestScenarios:
    def test_five_orders(self, sandbox: Sandbox) -> None:
        ids = control(sandbox, "POST", "scenarios", name="five_orders")[1]
        client = sandbox.client()
        assert [client.payments.get(uid).status for uid in ids["paid"]] == ["paid"] * 3
        assert client.payments.get(ids["cancelled"]).status == "cancelled"
        assert client.payments.get(ids["waiting"]).status == "ready"
        sandbox.deposit(ids["waiting"])
        assert client.payments.get(ids["waiting"]).status == "paid"

    def test_a_month_of_subscriptions(self, sandbox: Sandbox) -> None:
        ids = sandbox.play("subscription_month", prefix="box")
        assert sandbox.clock.now() > START + 29 * 86_400
        orders = [order for weeks in ids["customers"].values() for order in weeks]
        client = sandbox.client()
        statuses = {order: client.subscribe.get_schedule(order).payment_status for order in orders}
        assert len(statuses) == 12
        assert (
            [order for order, status in statuses.items() if status != "paid"] == [ids["declined"]] == ["box-2-week-3"]
        )
        assert len(sandbox.ledger) == 11
        assert sandbox.faults.declines == ()

    def test_a_second_time_needs_another_prefix(self, sandbox: Sandbox) -> None:
        sandbox.play("five_orders")
        with pytest.raises(Refusal):
            sandbox.play("five_orders")
        assert len(sandbox.play("five_orders", prefix="second")["paid"]) == 3

    def test_an_unknown_one(self, sandbox: Sandbox) -> None:
        status, message = control(sandbox, "POST", "scenarios", name="five_order")
        assert (status, "did you mean 'five_orders'?" in message) == (404, True)
        assert [each["name"] for each in control(sandbox, "GET", "scenarios")[1]] == [
            "five_orders",
            "subscription_month",
        ]


@pytest.mark.parametrize(
    ("scenario", "taken"),
    [("five_orders", "x-waiting"), ("five_orders", "x-paid-2"), ("subscription_month", "x-3-week-4")],
)
def test_a_scenario_whose_order_is_taken_plays_nothing(scenario: Any, taken: str) -> None:
    sandbox = Sandbox(clock=SandboxClock.frozen_at(START))
    sandbox.pay(merchant_uid=taken, amount=1000)
    with pytest.raises(Refusal):
        sandbox.play(scenario, prefix="x")
    assert (len(sandbox.ledger), sandbox.clock.now()) == (1, START)
    assert Api(sandbox).get("/subscribe/customers/x-customer-1").response is None


def test_a_scenario_leaves_the_declines_that_wait() -> None:
    sandbox = Sandbox(clock=SandboxClock.frozen_at(START))
    sandbox.faults.decline_next(2, message="한도초과")
    ids = sandbox.play("five_orders")
    assert [sandbox.client().payments.get(uid).status for uid in ids["paid"]] == ["paid"] * 3
    assert [decline.left for decline in sandbox.faults.declines] == [2]
