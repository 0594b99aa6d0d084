"""Search on the dashboard: columns find the payments that looking at every record finds, and so do the other tabs."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from portone_v1_sandbox import Request, Sandbox, SandboxClock, WebhookCall
from portone_v1_sandbox.engine import webhook_list
from portone_v1_sandbox.state.tables import sought
from portone_v1_sandbox.views import scanning
from portone_v1_sandbox.views.payment_search import page_of_payments
from portone_v1_sandbox.views.query import conditions_of
from portone_v1_sandbox.views.scanning import page_by_looking
from portone_v1_sandbox.views.tables import TABLES

NOW = 1_773_104_400
QUERIES: tuple[dict[str, str], ...] = (
    {"q": "order-1"}, {"q": "홍길"}, {"q": "TEA"}, {"q": "1000"}, {"q": "2,000원"}, {"q": "부분취소"}, {"q": "paid"},
    {"q": "nothing"}, {"q": "imp_"}, {"q": "order", "status": "paid,ready"}, {"q": "card"}, {"q": "\ud83d"},
    {"status": "failed"}, {"status": "partial,cancelled"}, {"pg": "kakaopay"}, {"pg": "html5_inicis", "q": "t"},
    {"method": "vbank"}, {"method": "card", "status": "paid"}, {"min": "2000"}, {"max": "1000"},
    {"min": "1500", "max": "2500", "q": "홍"}, {"from": str(NOW + 30)}, {"to": str(NOW + 30)},
    {"from": str(NOW + 10), "to": str(NOW + 40), "status": "paid"}, {"q": "cancelled", "from": str(NOW + 5)},
)  # fmt: skip


def listed(sandbox: Sandbox, tab: str, **query: str) -> Any:
    answer = sandbox.handle(Request("GET", f"/_sandbox/list/{tab}", "&".join(f"{k}={v}" for k, v in query.items())))
    assert answer.status == 200, answer.body
    return answer.json()["response"]


def trade(sandbox: Sandbox, chance: random.Random, first: int, count: int) -> None:
    """Pay, refund and decline at random, a second apart."""
    client = sandbox.client()
    for n in range(first, first + count):
        sandbox.clock.advance(seconds=1)
        method, status = chance.choice([("card", "paid"), ("card", "failed"), ("vbank", "ready"), ("trans", "paid")])
        payment = sandbox.pay(
            merchant_uid=f"order-{n}",
            amount=chance.choice([1000, 2000, 3000]),
            pay_method=method,
            status=status,  # type: ignore[arg-type]  # one of them
            name=chance.choice(["tea", "Coffee", "컵 \ud83d"]),
            buyer_name=chance.choice(["홍길동", "김하나"]),
        )
        if payment.status == "paid" and chance.random() < 0.5:
            client.payments.cancel(imp_uid=payment.imp_uid, amount=chance.choice([500, 1000]), reason="broken")


def assert_same(sandbox: Sandbox) -> None:
    """Compare each page that the columns give with the one that looking at every record gives."""
    engine = sandbox._engine
    for query in QUERIES:
        for place in ({}, {"limit": "7"}, {"after": "20", "limit": "5"}, {"before": "3", "limit": "4"}):
            wanted = conditions_of(query | place)
            payments = engine.state.payments
            found = page_of_payments(payments, wanted)
            looked = page_by_looking(engine, TABLES["payments"], payments.arrivals(), wanted)
            assert found == looked, query | place


@pytest.mark.parametrize("block", [7, sought.BLOCK])
def test_columns_find_what_looking_finds(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(sought, "BLOCK", block)
    sandbox, chance = Sandbox(clock=SandboxClock.frozen_at(NOW)), random.Random(7)
    trade(sandbox, chance, 0, 30)
    assert_same(sandbox)
    trade(sandbox, chance, 30, 30)  # new ones
    client = sandbox.client()
    for uid in sandbox._engine.state.payments.arrivals()[:20]:  # and changed ones
        payment = client.payments.get(uid)
        if payment.status == "paid":
            client.payments.cancel(imp_uid=uid, amount=payment.amount - payment.cancel_amount, reason="back")
    assert_same(sandbox)
    sandbox.reset()
    assert_same(sandbox)
    trade(sandbox, chance, 0, 10)
    assert_same(sandbox)


def test_columns_of_a_file(tmp_path: Path) -> None:
    path, chance = tmp_path / "shop.db", random.Random(8)
    with Sandbox(db=path, clock=SandboxClock.frozen_at(NOW)) as sandbox:
        trade(sandbox, chance, 0, 30)
    with Sandbox(db=path) as sandbox:
        assert [row["merchant_uid"] for row in listed(sandbox, "payments", q="order-17")["rows"]] == ["order-17"]
        records: dict[str, object] = sandbox._engine.state.payments  # type: ignore[assignment]  # unread ones are None
        assert sum(record is not None for record in dict.values(records)) == 1  # that of the page
        assert_same(sandbox)
    with Sandbox(db=path) as sandbox:
        trade(sandbox, chance, 30, 20)  # before the columns are built
        assert_same(sandbox)
        sandbox._engine.state.payments.pop(sandbox._engine.state.payments.arrivals()[3])
        assert_same(sandbox)


def test_an_old_payment_is_found_from_another_tab() -> None:
    sandbox = Sandbox(clock=SandboxClock.frozen_at(NOW))
    sandbox.pay(merchant_uid="the-first", amount=1000)
    for n in range(1200):
        sandbox.pay(merchant_uid=f"order-{n}", amount=1000)
    found = listed(sandbox, "schedules", q="the-first")
    assert found["elsewhere"]["payments"] == {"value": 1, "exact": True}
    assert found["elsewhere"]["webhooks"] == {"value": 1, "exact": True}
    assert found["rows"] == []
    assert listed(sandbox, "schedules", q="e-firs")["elsewhere"]["payments"] == {"value": 1, "exact": True}
    shown = listed(sandbox, "payments")
    assert shown["facets"] == {"status": {"paid": 1201}, "exact": True}  # since the search has built the columns


def test_counts_of_a_part_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "MOST_COUNTED", 3)
    sandbox = Sandbox(clock=SandboxClock.frozen_at(NOW))
    for n in range(5):
        sandbox.pay(merchant_uid=f"order-{n}", amount=1000)
    shown = listed(sandbox, "payments")
    assert shown["facets"] == {"status": {"paid": 3}, "exact": False}
    assert shown["count"] == {"value": 5, "exact": True}


def test_webhooks_that_are_not_listed_may_fit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def sender(_call: WebhookCall) -> int:
        return 200

    monkeypatch.setattr(webhook_list, "LATEST", 3)
    sandbox = Sandbox(clock=SandboxClock.frozen_at(NOW), webhook_url="http://127.0.0.1:1/hook", webhook_sender=sender)
    for n in range(5):
        sandbox.pay(merchant_uid=f"order-{n}", amount=1000)
    assert listed(sandbox, "payments", q="order-0")["elsewhere"]["webhooks"] == {"value": 0, "exact": False}
    assert listed(sandbox, "webhooks", q="order-4")["count"]["exact"] is False


def test_other_tabs_are_counted_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox(clock=SandboxClock.frozen_at(NOW))
    for n in range(5):
        sandbox.client().billing_keys.issue(
            f"customer-{n}", card_number="4242424242424242", expiry="2031-03", birth="880101", pwd_2digit="12"
        )
    assert listed(sandbox, "payments", q="omer-0")["elsewhere"]["billing_keys"] == {"value": 1, "exact": True}
    monkeypatch.setattr(scanning, "MOST_LOOKED_AT", 3)
    assert listed(sandbox, "payments", q="omer-0")["elsewhere"]["billing_keys"] == {"value": 0, "exact": False}
    assert listed(sandbox, "payments", q="customer-0")["elsewhere"]["billing_keys"] == {"value": 1, "exact": True}
