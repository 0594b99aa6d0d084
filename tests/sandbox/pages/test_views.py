"""Lists with search, timelines and events as control calls: complete, and without secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from portone_v1_sandbox import Request, Sandbox, SandboxClock, WebhookCall
from portone_v1_sandbox.wire.webhooks import WebhookAnswer

NOW = 1_773_104_400
CARD = "4242424242424242"


def view(sandbox: Sandbox, path: str) -> Any:
    path, _, query = path.partition("?")
    answer = sandbox.handle(Request("GET", f"/_sandbox/{path}", query))
    assert answer.status == 200, answer.body
    return answer.json()["response"]


def events(sandbox: Sandbox, imp_uid: str) -> list[Any]:
    return [view(sandbox, f"events/{each['id']}") for each in view(sandbox, f"payments/{imp_uid}/timeline")["events"]]


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(clock=SandboxClock.frozen_at(NOW))


def test_timeline_tells_everything_in_order(sandbox: Sandbox) -> None:
    client = sandbox.client()
    payment = sandbox.pay(merchant_uid="order-1", amount=5000)
    client.payments.cancel(imp_uid=payment.imp_uid, amount=1000, reason="broken")
    sandbox.clock.advance(days=1)
    client.payments.get(payment.imp_uid)
    result = view(sandbox, f"payments/{payment.imp_uid}/timeline")["events"]
    kinds = [each["kind"] for each in result]
    assert kinds[:3] == ["state", "ledger", "webhook"]
    assert "clock" in kinds
    assert [each["facts"]["amount"] for each in result if each["kind"] == "ledger"] == [5000, 1000]
    assert view(sandbox, f"payments/{payment.imp_uid}")["shown_status"] == "partial"


def test_no_secret_is_kept(sandbox: Sandbox) -> None:
    client = sandbox.client()
    client.billing_keys.issue("customer-1", card_number=CARD, expiry="2031-03", birth="880101", pwd_2digit="12")
    client.subscribe.again(customer_uid="customer-1", merchant_uid="order-1", amount=1000, name="tea")
    token = sandbox._engine.state.token
    assert token is not None
    everything = "".join(
        json.dumps(view(sandbox, f"events/{row['id']}?reveal=1"), default=str)
        for row in view(sandbox, "list/journal")["rows"]
    )
    for secret in (CARD, "2031-03", "880101", "sandbox_secret", token.access_token):
        assert secret not in everything
    kept = b"".join(
        side.body for event in sandbox._engine.evidence for side in (event.request, event.answer) if side is not None
    )
    for secret in (CARD, "sandbox_secret", token.access_token):
        assert secret.encode() not in kept


def test_no_secret_is_shown_where_a_shop_puts_it_by_mistake(sandbox: Sandbox) -> None:
    """In a query, under another name, in a text: V1 ignores or refuses it, and the page shows the mistake alone."""
    client = sandbox.client()
    order = {"merchant_uid": "20260310123456", "amount": 1000, "card_no": CARD, "note": f"with {CARD} please"}
    client.request("POST", "/payments/prepare", body=order)
    for query in (
        {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"},
        {"CARD_NUMBER": CARD, " birth": "880101", "page": "7"},
        {"bank_code": "004", "bank_num": "110000123456"},
    ):
        sandbox.handle(Request("GET", "/vbanks/holder", urlencode(query)))
    shown = [
        json.dumps(view(sandbox, f"events/{row['id']}?reveal=1&whole=1"), default=str, ensure_ascii=False)
        for row in view(sandbox, "list/journal")["rows"]
    ]
    everything = "".join(shown)
    for secret in (CARD, "sandbox_key", "sandbox_secret", "880101", "110000123456"):
        assert secret not in everything
    for rest in (
        "20260310123456",
        "card_no",
        "with 4242********4242 please",
        "CARD_NUMBER=••••",
        "page=7",
        "bank_code=004",
    ):
        assert rest in everything


def test_personal_data_is_masked_until_asked_for(sandbox: Sandbox) -> None:
    payment = sandbox.pay(merchant_uid="order-1", amount=1000, buyer_name="홍길동", buyer_tel="010-0000-1234")
    sandbox.client().payments.get(payment.imp_uid)
    (call,) = [event for event in events(sandbox, payment.imp_uid) if event["kind"] == "api" and event["code"] == 0]
    result = call["answer"]["body"]["response"]
    assert result["buyer_name"] == {"$personal": None, "mask": "홍**"}
    assert result["buyer_tel"] == {"$personal": None, "mask": "010-****-1234"}
    shown = view(sandbox, f"events/{call['id']}?reveal=1")["answer"]["body"]["response"]
    assert shown["buyer_name"]["$personal"] == "홍길동"


@pytest.mark.parametrize(
    ("query", "orders"),
    [
        ("q=order-2", ["order-2"]),
        ("q=12,000원", ["order-1"]),
        ("q=부분취소", ["order-3"]),
        ("q=cancelled", ["order-3"]),
        ("q=paid", ["order-1"]),
        ("q=홍길동", ["order-3", "order-1"]),
        ("q=COFFEE", ["order-2"]),
        ("status=ready", ["order-2"]),
        ("method=vbank&min=1", ["order-2"]),
        ("min=20000&max=30000", ["order-3"]),
        ("limit=1", ["order-3"]),
        ("after=1", ["order-1"]),
        ("q=nothing", []),
    ],
)
def test_search(sandbox: Sandbox, query: str, orders: list[str]) -> None:
    sandbox.pay(merchant_uid="order-1", amount=12000, name="tea", buyer_name="홍길동")
    sandbox.pay(merchant_uid="order-2", amount=9000, name="coffee", pay_method="vbank", status="ready")
    third = sandbox.pay(merchant_uid="order-3", amount=25000, name="cup", buyer_name="홍길동")
    sandbox.client().payments.cancel(imp_uid=third.imp_uid, amount=1000, reason="broken")
    assert [row["merchant_uid"] for row in view(sandbox, f"list/payments?{query}")["rows"]] == orders


def test_pages_both_ways(sandbox: Sandbox) -> None:
    for n in range(7):
        sandbox.pay(merchant_uid=f"order-{n}", amount=1000)
    first = view(sandbox, "list/payments?limit=3")
    second = view(sandbox, f"list/payments?limit=3&after={first['next']}")
    assert [row["merchant_uid"] for row in second["rows"]] == ["order-3", "order-2", "order-1"]
    back = view(sandbox, f"list/payments?limit=3&before={second['previous']}")
    assert back["rows"] == first["rows"]
    assert first["previous"] is None
    assert first["count"] == {"value": 7, "exact": True}


def test_changes_are_short_when_nothing_changed(sandbox: Sandbox) -> None:
    payment = sandbox.pay(merchant_uid="order-1", amount=1000)
    result = view(sandbox, f"changes/payments?since=0&ids={payment.imp_uid}")
    assert (result["fresh"], result["changed"][0]["status"]) == (1, "paid")
    again = view(sandbox, f"changes/payments?since=1&ids={payment.imp_uid}&seen={result['seen']}")
    assert "changed" not in again
    sandbox.client().payments.cancel(imp_uid=payment.imp_uid, amount=1000, reason="broken")
    assert "changed" in view(sandbox, f"changes/payments?since=1&ids={payment.imp_uid}&seen={result['seen']}")


def test_a_row_that_is_gone_is_a_change(sandbox: Sandbox) -> None:
    """A page that had no rows yet, and asks for one that a reset has replaced meanwhile."""
    gone = sandbox.pay(merchant_uid="order-before", amount=1000)
    first = view(sandbox, "changes/payments?since=1&ids=")
    sandbox.reset()
    sandbox.pay(merchant_uid="order-after", amount=1000)
    assert view(sandbox, f"changes/payments?since=1&ids={gone.imp_uid}&seen={first['seen']}")["changed"] == []


@pytest.mark.parametrize(
    "path", ["list/payments?x=1", "list/payments?limit=0", "list/payments?min=a", "changes/payments?x"]
)
def test_unknown_and_wrong_names(sandbox: Sandbox, path: str) -> None:
    path, _, query = path.partition("?")
    assert sandbox.handle(Request("GET", f"/_sandbox/{path}", query)).status == 400


@pytest.mark.parametrize("path", ["payments/imp_0", "payments/imp_0/timeline", "events/99"])
def test_not_found(sandbox: Sandbox, path: str) -> None:
    assert sandbox.handle(Request("GET", f"/_sandbox/{path}")).status == 404


def test_half_a_character_breaks_nothing(sandbox: Sandbox) -> None:
    payment = sandbox.pay(merchant_uid="order-1", amount=1000, name="감사\ud83d", custom_data="\udc00" * 3)
    sandbox.client().payments.get(payment.imp_uid)
    assert view(sandbox, "list/payments")["rows"][0]["name"] == "감사\ufffd"
    assert "\ufffd" in str(events(sandbox, payment.imp_uid))


def test_money_of_the_time_before_a_restart(tmp_path: Path) -> None:
    before = Sandbox(db=tmp_path / "shop.db", clock=SandboxClock.frozen_at(NOW))
    payment = before.pay(merchant_uid="order-1", amount=1000)
    before.close()
    after = Sandbox(db=tmp_path / "shop.db")
    result = view(after, f"payments/{payment.imp_uid}/timeline")["events"]
    assert [(each["kind"], each["facts"]["amount"]) for each in result] == [("ledger", 1000)]
    after.close()


@pytest.mark.parametrize(
    ("kind", "body", "shown"),
    [
        ("text/plain", b"OK", "OK"),
        ("text/plain; charset=utf-8", "주문 저장".encode(), "주문 저장"),
        ("text/plain", b"imp_secret=abc&order=1", {"imp_secret": "••••", "order": "1"}),
        ("application/json", b'{"ok":true}', {"ok": True}),
        ("text/html", b"<h1>a=b</h1>", "<h1>a=b</h1>"),
    ],
)
def test_what_the_shop_answered_to_a_webhook(kind: str, body: bytes, shown: Any) -> None:
    def shop(_call: WebhookCall) -> int:
        return WebhookAnswer.of(200, (("content-type", kind),), body)

    sandbox = Sandbox(clock=SandboxClock.frozen_at(NOW), webhook_sender=shop, webhook_url="http://127.0.0.1:9/hooks")
    payment = sandbox.pay(merchant_uid="order-1", amount=5000)
    sandbox.deliver()
    (webhook,) = (each for each in events(sandbox, payment.imp_uid) if each["kind"] == "webhook")
    assert webhook["answer"]["body"] == shown
