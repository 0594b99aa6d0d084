"""The lists of the dashboard: indexes give the page that sorting and looking through everything gives."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from portone_v1_sandbox import Request, Sandbox, SandboxClock, WebhookCall
from portone_v1_sandbox.engine import webhook_list
from portone_v1_sandbox.state.tables import found
from portone_v1_sandbox.views.query import conditions_of
from portone_v1_sandbox.views.scanning import count_by_looking, page_by_looking
from portone_v1_sandbox.views.tables import TABLES

NOW = 1_773_104_400
CARD = {"card_number": "4242424242424242", "expiry": "2099-12"}
TIERS = (None, None, "ABC", "XYZ")
FORM = "application/x-www-form-urlencoded"
HOOK = "http://127.0.0.1:1/hook"


class Shop:
    """A shop that does what chance tells."""

    def __init__(self, sandbox: Sandbox, seed: int) -> None:
        self.sandbox, self.chance = sandbox, random.Random(seed)
        body = b"imp_key=sandbox_key&imp_secret=sandbox_secret"
        answer = sandbox.handle(Request("POST", "/users/getToken", "", {"Content-Type": FORM}, body))
        self.token: str = answer.json()["response"]["access_token"]

    def call(self, method: str, path: str, tier: str | None = None, **fields: Any) -> None:
        headers = {"Authorization": self.token, "Content-Type": "application/json"} | ({"Tier": tier} if tier else {})
        body = json.dumps(fields).encode() if fields else b""
        assert self.sandbox.handle(Request(method, path, "", headers, body)).status < 500

    def act(self) -> None:
        chance, tier = self.chance, self.chance.choice(TIERS)
        order, customer = f"order-{chance.randrange(40)}", f"customer-{chance.randrange(8)}"
        at = self.sandbox.clock.now()
        entry = {"merchant_uid": f"plan-{chance.randrange(40)}", "schedule_at": at + chance.randrange(1, 90)}
        entry |= {"amount": 9900, "name": "구독"}
        match chance.randrange(10):
            case 0:
                self.sandbox.clock.advance(seconds=chance.randrange(40))
            case 1 | 2:
                self.call("POST", "/_sandbox/payments", tier, merchant_uid=order, amount=chance.choice([1000, 2000]))
            case 3:
                plan = {"customer_uid": customer, "schedules": [entry]}
                self.call("POST", "/subscribe/payments/schedule", tier, **CARD, **plan)
            case 4:
                self.call("POST", "/subscribe/payments/unschedule", tier, merchant_uid=[entry["merchant_uid"]])
            case 5:
                self.call("PUT", f"/subscribe/payments/schedule/{entry['merchant_uid']}", tier, schedule_at=at + 50)
                again = f"/subscribe/payments/schedule/{entry['merchant_uid']}/reschedule"
                self.call("POST", again, tier, schedule_at=at + 70)
            case 6:
                self.call("POST", f"/subscribe/customers/{customer}", tier, **CARD)
                charge = {"customer_uid": customer, "merchant_uid": order, "amount": 1000, "name": "원두"}
                self.call("POST", "/subscribe/payments/again", tier, **charge)
            case 7:
                self.call("DELETE", f"/subscribe/customers/{customer}", tier)
            case 8:
                self.sandbox.webhooks.configure(url=chance.choice([None, HOOK]))
            case _:
                numbers = [each.number for each in self.sandbox.webhooks.deliveries]
                if numbers:
                    self.sandbox.webhooks.resend(chance.choice(numbers))
                self.sandbox.webhooks.deliver()


def records(sandbox: Sandbox, tab: str) -> Sequence[Any]:
    """Return everything that a tab lists, sorted anew."""
    state = sandbox._engine.state
    if tab == "billing_keys":
        return list(state.billing_keys.values())
    if tab == "schedules":
        everything = list(state.schedules.values())
        waiting = sorted((s for s in everything if s.schedule_status == "scheduled"), key=lambda s: -s.schedule_at)
        over = [s for s in everything if s.schedule_status != "scheduled"]
        return [*sorted(over, key=lambda s: s.executed_at or s.revoked_at or s.schedule_at), *waiting]
    latest = webhook_list.LATEST
    deliveries = [delivery for number, delivery in state.deliveries.items() if number > len(state.deliveries) - latest]
    sent = {hash(delivery.notification) for delivery in state.deliveries.values()}
    alone = [one for one in state.notifications[max(0, len(state.notifications) - latest) :] if hash(one) not in sent]
    webhooks = [*((each.notification, each) for each in deliveries), *((one, None) for one in alone)]
    return sorted(webhooks, key=lambda one: (one[0].at, one[1].number if one[1] else 0))


def view(sandbox: Sandbox, path: str, **query: str) -> Any:
    answer = sandbox.handle(Request("GET", f"/_sandbox/{path}", urlencode(query)))
    assert answer.status == 200, answer.body
    return answer.json()["response"]


QUERIES: tuple[dict[str, str], ...] = (
    {}, {"status": "scheduled"}, {"status": "executed"}, {"status": "revoked"}, {"status": "delivered"},
    {"status": "none"}, {"status": "issued"}, {"status": "executed,revoked"}, {"status": "gone"}, {"q": "n-1"},
    {"q": "ustomer"}, {"q": "hook"}, {"status": "scheduled", "q": "구"}, {"status": "paid"}, {"q": "rder-1"},
)  # fmt: skip
PLACES: tuple[dict[str, str], ...] = ({}, {"limit": "3"}, {"limit": "3", "after": "4"}, {"limit": "2", "before": "2"})


def assert_same(sandbox: Sandbox) -> None:
    """Compare each list with that of everything sorted anew, and the rows that a page asks for again with its rows."""
    engine = sandbox._engine
    view(sandbox, "sums")  # what has become due is done
    for tab in ("schedules", "billing_keys", "webhooks"):
        table, everything = TABLES[tab], records(sandbox, tab)
        for query in QUERIES:
            for place in PLACES:
                shown = view(sandbox, f"list/{tab}", **query, **place)
                wanted = conditions_of(query | place)
                if "q" in query or wanted.only_status is None or table.of_status is None:
                    page = page_by_looking(engine, table, everything, wanted)
                    assert [row["key"] for row in shown["rows"]] == [table.name(each) for each in page.records]
                    assert (shown["next"], shown["previous"]) == (page.older, page.newer), (tab, query, place)
                else:  # the places are those among the records of the status
                    of_status = [each for each in everything if table.status(each) == wanted.only_status]
                    page = page_by_looking(engine, table, of_status, conditions_of(place))
                    assert [row["key"] for row in shown["rows"]] == [table.name(each) for each in page.records]
                counted = page_by_looking(engine, table, everything, conditions_of(query))
                assert shown["count"] == {"value": counted.count, "exact": counted.exact}, (tab, query)
                assert shown["facets"]["status"] == counted.statuses, (tab, query)
                if "q" in query:
                    others = {name: count_by_looking(engine, TABLES[name], wanted) for name in TABLES if name != tab}
                    assert {n: (e["value"], e["exact"]) for n, e in shown["elsewhere"].items()} == others
        rows = view(sandbox, f"list/{tab}", limit="100")["rows"]
        ids = [*{row["key"]: None for row in rows[:50]}]
        changed = view(sandbox, f"changes/{tab}", ids=",".join(ids))["changed"]
        assert {row["key"] for row in changed} == set(ids)


@pytest.mark.parametrize(("seed", "latest"), [(1, 20_000), (2, 20_000), (3, 7)])
def test_lists_of_a_random_shop(seed: int, latest: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sender(_call: WebhookCall) -> int:
        return 200

    monkeypatch.setattr(webhook_list, "LATEST", latest)
    monkeypatch.setattr(found, "NEAR_THE_END", 2)
    path = tmp_path / "shop.db"
    with Sandbox(db=path, clock=SandboxClock.frozen_at(NOW), webhook_sender=sender) as sandbox:
        shop = Shop(sandbox, seed)
        for part in range(6):
            for _ in range(25):
                shop.act()
            if part % 2:
                assert_same(sandbox)
        kept = sandbox.snapshot()
        sandbox.reset()
        assert_same(sandbox)
        sandbox.restore(kept)
        assert_same(sandbox)
    with Sandbox(db=path, clock=SandboxClock.frozen_at(NOW + 900), webhook_sender=sender) as again:
        assert_same(again)
        shop = Shop(again, seed)
        for _ in range(25):
            shop.act()
        assert_same(again)


def test_a_uid_is_answered_by_index(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with Sandbox(db=path, clock=SandboxClock.frozen_at(NOW)) as sandbox:
        shop = Shop(sandbox, 5)
        first = sandbox.pay(merchant_uid="Order-1", amount=1000, name="tea for customer-1")
        sandbox.pay(merchant_uid="Order-10", amount=1000)
        sandbox.pay(merchant_uid="20260310123456", amount=1000, tier="ABC")
        sandbox.pay(merchant_uid="1000", amount=7000)
        shop.call("POST", "/subscribe/customers/customer-1", "XYZ", **CARD)
        entry = {"merchant_uid": "plan-1", "schedule_at": NOW + 10, "amount": 9900, "name": "구독"}
        shop.call("POST", "/subscribe/payments/schedule", "XYZ", customer_uid="customer-1", schedules=[entry])
        assert_named(sandbox, first.imp_uid)
        kept = sandbox.snapshot()
    with Sandbox(db=path) as again:
        assert_named(again, first.imp_uid)
    with Sandbox() as other:
        other.restore(kept)
        assert_named(other, first.imp_uid)


def assert_named(sandbox: Sandbox, imp_uid: str) -> None:
    def orders(text: str, tab: str = "payments", **query: str) -> list[str]:
        return [row["merchant_uid"] for row in view(sandbox, f"list/{tab}", q=text, **query)["rows"]]

    assert orders("Order-1") == ["Order-1"]
    assert view(sandbox, "list/payments", q="Order-1")["meant"] == {"by": "uid", "value": "Order-1"}
    assert orders("order-1") == ["Order-10", "Order-1"]  # it is no uid: what has it in it
    assert view(sandbox, "list/payments", q="order-1")["meant"] == {"by": "text", "value": "order-1"}
    assert orders(imp_uid) == ["Order-1"]
    assert orders(imp_uid, status="failed") == []
    assert orders("20260310123456") == ["20260310123456"]  # of a tier, and no amount
    assert orders("1000") == ["1000", "20260310123456", "Order-10", "Order-1"]  # an amount
    assert orders("customer-1") == []  # the name of a product is no uid
    assert orders("customer-1", "schedules") == orders("plan-1", "schedules") == ["plan-1"]
    found = view(sandbox, "list/payments", q="customer-1")["elsewhere"]
    assert [found[name]["value"] for name in ("billing_keys", "schedules", "webhooks")] == [1, 1, 0]
    assert view(sandbox, "list/schedules", q="Order-1")["elsewhere"]["payments"] == {"value": 1, "exact": True}
    assert view(sandbox, "list/webhooks", q="Order-1")["count"] == {"value": 1, "exact": True}
