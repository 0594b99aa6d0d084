"""The linter of the shop: each rule finds a shop that does it, and accuses none that does not."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from portone_v1_sandbox import Request, Sandbox, SandboxClock, WebhookCall

from tests.sandbox.support import START, Api

CHANNEL = "channel-key-00000000-0000-4000-8000-000000000001"


class Shop:
    """A shop with a page, a server that is called back, and a handler of webhooks."""

    def __init__(self) -> None:
        self.on_webhook: Callable[[dict[str, Any]], int] = lambda _: 200
        clock = SandboxClock.frozen_at(START)
        self.sandbox = Sandbox(clock=clock, webhook_url="http://127.0.0.1:9/hook", webhook_sender=self._called)
        self.api = Api(self.sandbox)

    def _called(self, call: WebhookCall) -> int:
        return self.on_webhook(json.loads(call.body))

    def prepare(self, order: str, amount: int = 1000) -> None:
        self.api.post("/payments/prepare", merchant_uid=order, amount=amount)

    def open(self, order: str, amount: int = 1000, **asked: Any) -> str:
        """Open the window from the page and return its address."""
        request = {"kind": "payment", "asked": {"merchant_uid": order, "amount": amount, "pay_method": "card", **asked}}
        answer = self._web("POST", "/_sandbox/web/windows", request=json.dumps(request))
        return str(answer.headers["Location"])

    def approve(self, window: str) -> dict[str, Any]:
        return dict(self._web("POST", window, action="approve").json()["response"]["outcome"])

    def _web(self, method: str, path: str, **fields: str) -> Any:
        body = json.dumps(fields).encode()
        return self.sandbox.handle(Request(method, path, "", {"Content-Type": "application/json"}, body))

    def read(self, imp_uid: str) -> int:
        return self.api.get(f"/payments/{imp_uid}").status

    @property
    def rules(self) -> list[str]:
        return [finding.rule for finding in self.sandbox.lint.findings]


@pytest.fixture
def shop() -> Shop:
    return Shop()


def careful(shop: Shop, order: str = "order-1") -> str:
    """Prepare, open, read back after the webhook and after the page's word."""

    def read(webhook: dict[str, Any]) -> int:
        return 200 if shop.read(webhook["imp_uid"]) == 200 else 500

    shop.on_webhook = read
    shop.prepare(order)
    uid = str(shop.approve(shop.open(order, pg="html5_inicis"))["imp_uid"])
    shop.sandbox.deliver()
    shop.read(uid)
    return uid


def test_a_healthy_shop_is_not_accused(shop: Shop) -> None:
    uid = careful(shop)
    shop.api.post("/payments/cancel", imp_uid=uid, amount=400, checksum=1000)
    careful(shop, "order-2")
    assert shop.rules == []
    shop.sandbox.lint.assert_clean()


def test_a_test_that_only_arranges_payments_is_not_accused(shop: Shop) -> None:
    shop.sandbox.play("five_orders")
    shop.sandbox.play("subscription_month")
    assert shop.rules == []


def test_our_own_client_is_not_accused() -> None:
    sandbox = Sandbox()
    paid = sandbox.pay(merchant_uid="order-1", amount=1000)
    with sandbox.client() as client:
        client.payments.verify(paid.imp_uid, merchant_uid="order-1", amount=1000)
        client.payments.cancel_once(imp_uid=paid.imp_uid, amount=400, key="refund-1")
    sandbox.lint.assert_clean()


def test_never_read_back(shop: Shop) -> None:
    shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    shop.sandbox.deliver()
    assert shop.rules == ["never-read-back"]
    evidence = shop.sandbox.lint.findings[0].evidence
    assert [each.merchant_uid for each in evidence] == ["order-1"]


def test_read_back_later_from_a_queue(shop: Shop) -> None:
    paid = shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    shop.sandbox.deliver()
    shop.read(paid.imp_uid)
    assert shop.rules == []


def test_read_before_it_was_paid_is_no_reading_back(shop: Shop) -> None:
    shop.prepare("order-1")
    window = shop.open("order-1")
    shop.api.get("/payments/find/order-1")
    shop.approve(window)
    assert shop.rules == ["browser-word"]


def test_the_browsers_word(shop: Shop) -> None:
    shop.prepare("order-1")
    uid = shop.approve(shop.open("order-1"))["imp_uid"]
    assert shop.rules == ["browser-word"]
    shop.read(uid)
    assert shop.rules == []


def test_a_cancellation_without_checksum(shop: Shop) -> None:
    paid = shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    shop.api.post("/payments/cancel", imp_uid=paid.imp_uid, amount=400)
    shop.api.post("/payments/cancel", imp_uid=paid.imp_uid, amount=400, checksum=600)
    assert shop.rules == ["cancel-without-checksum"]


def test_a_token_for_every_call(shop: Shop) -> None:
    for _ in range(4):
        shop.api.authorize()
        shop.api.get("/banks")
    assert shop.rules == ["token-per-call"]
    assert len(shop.sandbox.lint.findings[0].evidence) == 4


def test_a_token_for_each_of_several_processes(shop: Shop) -> None:
    for _ in range(4):
        shop.api.authorize()
        for _ in range(3):
            shop.api.get("/banks")
    assert shop.rules == []


def test_the_amount_from_the_page(shop: Shop) -> None:
    shop.open("order-1", 50_000)
    window = shop.open("order-1", 100)
    shop.read(shop.approve(window)["imp_uid"])
    assert shop.rules == ["amount-from-page", "amount-from-page"]
    assert len(shop.sandbox.lint.findings[1].evidence) == 2


def test_prepared_after_the_window_opened(shop: Shop) -> None:
    window = shop.open("order-1")
    shop.prepare("order-1")
    shop.read(shop.approve(window)["imp_uid"])
    assert shop.rules == ["prepared-late"]


def test_a_late_answer(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("portone_v1_sandbox.webhooks.worker.monotonic", lambda: now)

    def slow(webhook: dict[str, Any]) -> int:
        nonlocal now
        now += 12
        return shop.read(webhook["imp_uid"])

    shop.on_webhook = slow
    shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    shop.sandbox.deliver()
    assert shop.rules == ["webhook-late"]


def test_no_answer_in_time(shop: Shop) -> None:
    def never(_: dict[str, Any]) -> int:
        raise TimeoutError

    shop.on_webhook = never
    shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    shop.sandbox.deliver()
    assert shop.rules == ["webhook-late"]


def url_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}/hook"


def dropped(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    connection.recv(65_536)
    connection.close()


def test_a_dropped_connection() -> None:
    """Over a real socket that takes the webhook and closes without an answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener, Sandbox(webhook_url=url_of(listener)) as sandbox:
        thread = Thread(target=dropped, args=(listener,))
        thread.start()
        sandbox.pay(merchant_uid="order-1", amount=1000)
        sandbox.deliver()
        thread.join(20)
        assert [finding.rule for finding in sandbox.lint.findings] == ["webhook-late"]


def test_a_shop_that_does_not_run() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = url_of(listener)
    with Sandbox(webhook_url=url) as sandbox:
        sandbox.pay(merchant_uid="order-1", amount=1000)
        (delivery,) = sandbox.deliver()
        assert delivery.attempts[-1].error == "ConnectError"
        assert sandbox.lint.findings == ()


def test_a_200_before_it_was_stored(shop: Shop) -> None:
    def careless(webhook: dict[str, Any]) -> int:
        shop.api.get(f"/payments/{webhook['imp_uid']}")
        return 200

    shop.on_webhook = careless
    shop.api.authorize()
    paid = shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    shop.sandbox.faults.fail_next(status=503)
    shop.sandbox.deliver()
    assert shop.rules == ["webhook-lost"]
    shop.read(paid.imp_uid)
    assert shop.rules == []


@pytest.mark.parametrize("asked", [{"pg": "nicepay_v9"}, {"channelKey": "channel-key-nobody"}])
def test_a_channel_that_the_merchant_does_not_have(shop: Shop, asked: dict[str, str]) -> None:
    shop.prepare("order-1")
    window = shop.open("order-1", 1000, **asked)
    shown = shop._web("GET", f"{window}/state").json()["response"]
    assert shown["warning"].startswith("unknown ")
    assert shop.rules == ["unknown-channel"]
    assert shop.sandbox.journal[-1].advice[0] == shown["warning"]


def test_a_pg_of_a_call_that_the_merchant_does_not_have(shop: Shop) -> None:
    shop.api.issue("card-1", pg="nicepay_v9")
    assert "unknown-channel" in shop.rules


def test_strict_refuses_it_and_unknown_fields() -> None:
    sandbox = Sandbox(strict=True)
    shop = Shop()
    shop.sandbox, shop.api = sandbox, Api(sandbox)
    shown = shop._web("GET", f"{shop.open('order-1', pg='nicepay_v9')}/state").json()["response"]
    assert shown["outcome"]["error_msg"] == "등록된 PG 설정 정보가 없습니다."
    refused = shop.api.post("/payments/prepare", merchant_uid="order-1", amount=1000, curency="KRW")
    assert (refused.status, "did you mean 'currency'?" in str(refused.message)) == (400, True)


def test_unknown_fields_stand_in_the_journal(shop: Shop) -> None:
    assert shop.api.post("/payments/prepare", merchant_uid="order-1", amount=1000, ammount=1).code == 0
    assert shop.sandbox.journal[-1].unknown == ["ammount"]


def test_unknown_fields_stand_in_the_pages_and_the_next_step_names_them(shop: Shop) -> None:
    paid = shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    refunded = shop.api.post("/payments/cancel", imp_uid=paid.imp_uid, amuont=400).response
    assert refunded["cancel_amount"] == 1000
    (row,) = shop.api.get("/_sandbox/list/journal", q="amuont").response["rows"]
    assert (row["what"], row["unknown"]) == ("payments_cancel", ["amuont"])
    events = shop.api.get(f"/_sandbox/payments/{paid.imp_uid}/timeline").response["events"]
    (event,) = (each for each in events if each["what"] == "payments_cancel")
    assert (event["unknown"], event["next"]["rule"]) == (["amuont"], "ignored")
    assert "ignores it: amuont." in event["next"]["text"]["en"]
    token = shop.api.headers["Authorization"].removeprefix("Bearer ")
    with_token = shop.api.get(f"/payments/{paid.imp_uid}", _token=token).response
    assert with_token["imp_uid"] == paid.imp_uid
    assert shop.sandbox.journal[-1].unknown == []


def test_as_an_assertion_with_exceptions(shop: Shop) -> None:
    shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    shop.sandbox.deliver()
    with pytest.raises(
        AssertionError, match=r"never-read-back: .*\n    #1 POST http://127.0.0.1:9/hook -> 200 "
    ) as caught:
        shop.sandbox.lint.assert_clean()
    assert "why: " in str(caught.value)
    assert "do: " in str(caught.value)
    shop.sandbox.lint.assert_clean(allow=["never-read-back"])
    with pytest.raises(ValueError, match="did you mean 'never-read-back'"):
        shop.sandbox.lint.assert_clean(allow=["never-readback"])


def test_as_json(shop: Shop) -> None:
    shop.sandbox.pay(merchant_uid="<b>order</b>", amount=1000)
    shop.sandbox.deliver()
    found = shop.api.send("GET", "/_sandbox/lint").response["findings"]
    assert [(each["rule"], each["level"]) for each in found] == [("never-read-back", "error")]
    assert all(found[0][name] for name in ("title", "why", "do", "title_ko", "why_ko", "do_ko"))


def test_muted_rule_is_not_reported_anywhere(shop: Shop) -> None:
    paid = shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    shop.sandbox.deliver()
    assert shop.rules == ["never-read-back"]
    muted = shop.api.send("POST", "/_sandbox/lint/mute", json={"rule": "never-read-back"}).response
    assert muted["findings"] == []
    assert [(one["rule"], one["times"]) for one in muted["muted"]] == [("never-read-back", 1)]
    assert (shop.rules, shop.sandbox.lint.muted) == ([], ("never-read-back",))
    shop.sandbox.lint.assert_clean()
    assert timeline(shop, paid.imp_uid) == {}
    shop.sandbox.reset()
    assert shop.sandbox.lint.muted == ("never-read-back",)
    shop.sandbox.pay(merchant_uid="order-2", amount=1000)
    shop.sandbox.deliver()
    shop.sandbox.lint.unmute("never-read-back")
    assert shop.rules == ["never-read-back"]
    shop.sandbox.lint.mute("never-read-back", "token-per-call")
    assert shop.sandbox.shops.open("another").lint.muted == ("never-read-back", "token-per-call")


def test_wrong_rules_are_not_muted(shop: Shop) -> None:
    wrong: list[dict[str, Any]] = [{}, {"rule": []}, {"rule": 1}, {"rule": [1]}, {"rules": "token-per-call"}]
    for body in wrong:
        assert shop.api.send("POST", "/_sandbox/lint/mute", json=body).status == 400
    refused = shop.api.send("POST", "/_sandbox/lint/unmute", json={"rule": "token-percall"})
    assert (refused.status, "did you mean 'token-per-call'" in str(refused.message)) == (404, True)
    for call in (shop.sandbox.lint.mute, shop.sandbox.lint.unmute, lambda rule: Sandbox(muted_rules=[rule])):
        with pytest.raises(ValueError, match="did you mean"):
            call("token-percall")


def timeline(shop: Shop, imp_uid: str) -> dict[str, list[str]]:
    """Return the rules in the timeline, by the event that shows them."""
    events = shop.api.send("GET", f"/_sandbox/payments/{imp_uid}/timeline").response["events"]
    assert all(one["title_ko"] and one["do_ko"] for event in events for one in event["findings"])
    return {event["what"]: [one["rule"] for one in event["findings"]] for event in events if event["findings"]}


def test_finding_stands_in_the_timeline_of_its_payment(shop: Shop) -> None:
    paid = shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    shop.sandbox.deliver()
    other = shop.sandbox.pay(merchant_uid="order-2", amount=1000)
    assert timeline(shop, paid.imp_uid) == {"webhook": ["never-read-back"]}
    assert timeline(shop, other.imp_uid) == {}
    shop.read(paid.imp_uid)
    shop.api.post("/payments/cancel", imp_uid=paid.imp_uid, amount=100)
    assert timeline(shop, paid.imp_uid) == {"payments_cancel": ["cancel-without-checksum"]}
    (evidence,) = shop.api.send("GET", "/_sandbox/lint").response["findings"][-1]["evidence"]
    event = shop.api.send("GET", f"/_sandbox/events/{evidence['event']}").response
    assert (event["path"], evidence["imp_uid"]) == ("/payments/cancel", paid.imp_uid)


def test_finding_of_a_window_stands_in_the_timeline(shop: Shop) -> None:
    result = shop.approve(shop.open("order-1", pg="nobody.mid"))
    shop.sandbox.deliver()
    assert timeline(shop, result["imp_uid"]) == {
        "window.open": ["unknown-channel", "amount-from-page"],
        "window.approve": ["browser-word"],
        "webhook": ["never-read-back"],
    }
