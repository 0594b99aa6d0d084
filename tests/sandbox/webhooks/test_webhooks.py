"""Which webhook goes where, when and how often: with a sender of the test's own, and a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from portone_v1_sandbox import Refusal, Sandbox, SandboxClock, WebhookCall, WebhookSettings

from tests.sandbox.support import START, Api

URL = "http://127.0.0.1:9/hooks"


class Shop:
    """Stands in for the merchant's server. `answers` are statuses, or what is raised; 200 when there are no more."""

    def __init__(self) -> None:
        self.calls: list[WebhookCall] = []
        self.answers: list[int | BaseException] = []
        self.also: Callable[[], object] = lambda: None

    def __call__(self, call: WebhookCall) -> int:
        self.calls.append(call)
        self.also()
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, BaseException):
            raise answer
        return answer

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(call.body) for call in self.calls]

    @property
    def orders(self) -> list[str]:
        return [body["merchant_uid"] for body in self.bodies]


@pytest.fixture
def shop() -> Shop:
    return Shop()


def sandbox_for(shop: Shop, **options: Any) -> Sandbox:
    return Sandbox(clock=SandboxClock.frozen_at(START), webhook_sender=shop, **({"webhook_url": URL} | options))


@pytest.fixture
def sandbox(shop: Shop) -> Sandbox:
    return sandbox_for(shop)


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return Api(sandbox)


class TestContents:
    def test_paid_as_json(self, sandbox: Sandbox, shop: Shop) -> None:
        payment = sandbox.pay(merchant_uid="주문-1", amount=1000)
        (delivery,) = sandbox.deliver()
        assert (delivery.state, delivery.status, delivery.number) == ("delivered", 200, 1)
        (call,) = shop.calls
        assert (call.url, call.content_type) == (URL, "application/json")
        assert call.body.isascii()
        assert shop.bodies == [{"imp_uid": payment.imp_uid, "merchant_uid": "주문-1", "status": "paid"}]

    def test_paid_as_a_form(self, shop: Shop) -> None:
        sandbox = sandbox_for(shop, webhook_content_type="application/x-www-form-urlencoded")
        payment = sandbox.pay(merchant_uid="주문-1", amount=1000)
        sandbox.deliver()
        (call,) = shop.calls
        assert call.content_type == "application/x-www-form-urlencoded"
        fields = dict(parse_qsl(call.body.decode("ascii")))
        assert fields == {"imp_uid": payment.imp_uid, "merchant_uid": "주문-1", "status": "paid"}

    def test_cancellation_names_itself(self, sandbox: Sandbox, shop: Shop) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=1000)
        refund = sandbox.cancel(payment.imp_uid)
        sandbox.deliver()
        history = refund.cancel_history
        assert history
        assert [body.get("cancellation_id") for body in shop.bodies] == [None, history[0].cancellation_id]
        assert [body["status"] for body in shop.bodies] == ["paid", "cancelled"]

    def test_api_cancel_only_when_asked(self, sandbox: Sandbox, api: Api, shop: Shop) -> None:
        for number, wanted in ((1, {}), (2, {"enable_webhook": True})):
            payment = sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
            assert api.cancel(imp_uid=payment.imp_uid, **wanted).code == 0
        sandbox.deliver()
        cancels = [body["merchant_uid"] for body in shop.bodies if body["status"] == "cancelled"]
        assert cancels == ["order-2"]

    def test_nothing_for_a_failure(self, sandbox: Sandbox, shop: Shop) -> None:
        sandbox.pay(merchant_uid="order-1", amount=1000, status="failed")
        sandbox.pay(merchant_uid="order-2", amount=1000, status="ready")
        assert sandbox.deliver() == ()
        assert shop.calls == []

    def test_time_limits(self, shop: Shop) -> None:
        sandbox = sandbox_for(shop, webhook_repeats=True)
        shop.answers = [500]
        sandbox.pay(merchant_uid="order-1", amount=1000)
        sandbox.deliver()
        sandbox.clock.advance(minutes=1)
        sandbox.deliver()
        sandbox.webhooks.resend(1)
        sandbox.deliver()
        first, *later = [(call.connect_limit, call.read_limit, call.total_limit) for call in shop.calls]
        assert first == (10, 30, 40)
        assert later == [(15, 15, 15)] * 2


class TestAddresses:
    def test_nowhere(self, shop: Shop) -> None:
        sandbox = sandbox_for(shop, webhook_url=None)
        sandbox.pay(merchant_uid="order-1", amount=1000)
        assert sandbox.deliver() == ()
        sandbox.webhooks.configure(url=URL)
        assert sandbox.deliver() == ()
        sandbox.pay(merchant_uid="order-2", amount=1000)
        sandbox.deliver()
        assert shop.orders == ["order-2"]
        sandbox.webhooks.configure(url=None)
        sandbox.pay(merchant_uid="order-3", amount=1000)
        assert sandbox.deliver() == ()

    def test_test_channels_have_their_own(self, shop: Shop) -> None:
        sandbox = sandbox_for(shop, webhook_test_url="http://localhost:9/test")
        sandbox.pay(merchant_uid="order-1", amount=1000)
        sandbox.pay(merchant_uid="order-2", amount=1000, sandbox=True)
        sandbox.deliver()
        assert [call.url for call in shop.calls] == [URL, "http://localhost:9/test"]

    def test_test_channels_without_their_own(self, sandbox: Sandbox, shop: Shop) -> None:
        sandbox.pay(merchant_uid="order-1", amount=1000, sandbox=True)
        sandbox.deliver()
        assert [call.url for call in shop.calls] == [URL]

    def test_notice_urls_take_its_place(self, sandbox: Sandbox, shop: Shop) -> None:
        urls = ["http://127.0.0.1:9/a", "http://[::1]:9/b?shop=1"]
        sandbox.pay(merchant_uid="order-1", amount=1000, notice_url=urls)
        sandbox.deliver()
        assert [call.url for call in shop.calls] == urls

    @pytest.mark.parametrize(
        "url",
        [
            "https://shop.example.com/hooks",
            "http://10.0.0.1/",
            "http://127.0.0.1.example.com/",
            "http://127.0.0.1@shop.example.com/",
            "http://127.0.0.1\\@shop.example.com/",
            "http://[2001:db8::1]/",
            "file:///etc/passwd",
            "http://",
            "http://127.0.0.1:9/ hooks",
            "shop",
        ],
    )
    def test_only_this_machine(self, sandbox: Sandbox, api: Api, shop: Shop, url: str) -> None:
        with pytest.raises(ValueError, match="Invalid webhook URL: not"):
            sandbox_for(shop, webhook_url=url)
        with pytest.raises(Refusal, match="Invalid webhook URL: not"):
            sandbox.webhooks.configure(test_url=url)
        assert api.send("POST", "/_sandbox/webhooks/settings", json={"url": url}).status == 400
        assert sandbox.webhooks.settings.url == URL
        # V1 takes any `notice_url`, so the charge works, and its webhook is put down as not sent.
        assert api.onetime("order-1", notice_url=url).response["status"] == "paid"
        (delivery,) = sandbox.webhooks.deliveries
        assert (delivery.state, delivery.status) == ("failed", 0)
        assert delivery.attempts[0].error is not None
        assert sandbox.deliver() == ()
        assert shop.calls == []

    @pytest.mark.parametrize("url", ["https://shop.example.com/hooks?a=1", "http://shop:8000"])
    def test_elsewhere_when_it_is_meant(self, shop: Shop, url: str) -> None:
        sandbox = sandbox_for(shop, webhook_url=url, allow_remote_webhooks=True)
        sandbox.pay(merchant_uid="order-1", amount=1000)
        sandbox.deliver()
        assert [call.url for call in shop.calls] == [url]

    def test_a_reset_keeps_where_they_go(self, sandbox: Sandbox, shop: Shop) -> None:
        sandbox.pay(merchant_uid="order-1", amount=1000)
        sandbox.reset()
        assert sandbox.deliver() == ()
        sandbox.pay(merchant_uid="order-2", amount=1000)
        sandbox.deliver()
        assert shop.orders == ["order-2"]


class TestRepeats:
    @pytest.mark.parametrize("answer", [500, 503, ConnectionError("refused"), TimeoutError()])
    def test_once_by_default(self, sandbox: Sandbox, shop: Shop, answer: int | BaseException) -> None:
        shop.answers = [answer]
        sandbox.pay(merchant_uid="order-1", amount=1000)
        (delivery,) = sandbox.deliver()
        assert delivery.state == "failed"
        sandbox.clock.advance(hours=1)
        assert sandbox.deliver() == ()

    def test_five_more_a_minute_apart(self, shop: Shop) -> None:
        sandbox = sandbox_for(shop, webhook_repeats=True)
        shop.answers = [500, ConnectionError("refused"), TimeoutError(), 502, 599, 500, 500]
        sandbox.pay(merchant_uid="order-1", amount=1000)
        assert sandbox.deliver()[0].state == "waiting"
        for _ in range(5):
            sandbox.clock.advance(seconds=59)
            assert sandbox.deliver() == ()
            sandbox.clock.advance(seconds=1)
            assert len(sandbox.deliver()) == 1
        sandbox.clock.advance(days=1)
        assert sandbox.deliver() == ()
        (delivery,) = sandbox.webhooks.deliveries
        assert delivery.state == "failed"
        assert [attempt.status for attempt in delivery.attempts] == [500, 0, 0, 502, 599, 500]
        assert [attempt.at - START for attempt in delivery.attempts] == [0, 60, 120, 180, 240, 300]
        assert [attempt.error for attempt in delivery.attempts[:3]] == [None, "refused", "TimeoutError"]

    @pytest.mark.parametrize("status", [302, 400, 404, 429])
    def test_none_after_what_is_no_5xx(self, shop: Shop, status: int) -> None:
        sandbox = sandbox_for(shop, webhook_repeats=True)
        shop.answers = [status]
        sandbox.pay(merchant_uid="order-1", amount=1000)
        (delivery,) = sandbox.deliver()
        assert (delivery.state, delivery.status) == ("failed", status)

    def test_until_it_arrives(self, shop: Shop) -> None:
        sandbox = sandbox_for(shop, webhook_repeats=True)
        shop.answers = [500]
        sandbox.pay(merchant_uid="order-1", amount=1000)
        sandbox.deliver()
        sandbox.clock.advance(minutes=1)
        assert [delivery.state for delivery in sandbox.deliver()] == ["delivered"]
        sandbox.clock.advance(minutes=9)
        assert sandbox.deliver() == ()


class TestAFaultInTheSender:
    def test_it_is_seen_and_the_webhook_waits(self, sandbox: Sandbox, shop: Shop) -> None:
        shop.answers = [AssertionError("the handler is wrong")]
        sandbox.pay(merchant_uid="order-1", amount=1000)
        with pytest.raises(AssertionError, match="the handler is wrong"):
            sandbox.deliver()
        assert [delivery.state for delivery in sandbox.deliver()] == ["delivered"]


class TestOnDemand:
    @pytest.fixture
    def three(self, sandbox: Sandbox) -> Sandbox:
        for number in (1, 2, 3):
            sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
        return sandbox

    def test_resend_goes_to_the_original_url(self, three: Sandbox, shop: Shop) -> None:
        three.deliver()
        three.webhooks.configure(url="http://127.0.0.1:9/new")
        again = three.webhooks.resend(2)
        assert again.resent
        (delivery,) = three.deliver()
        assert (delivery.number, delivery.notification.merchant_uid) == (4, "order-2")
        assert (shop.calls[-1].url, shop.orders[-1]) == (URL, "order-2")

    def test_a_resend_is_tried_once(self, shop: Shop) -> None:
        sandbox = sandbox_for(shop, webhook_repeats=True)
        sandbox.pay(merchant_uid="order-1", amount=1000)
        sandbox.deliver()
        shop.answers = [500]
        sandbox.webhooks.resend(1)
        assert [delivery.state for delivery in sandbox.deliver()] == ["failed"]

    def test_replay_in_another_order(self, three: Sandbox, shop: Shop) -> None:
        three.deliver()
        three.webhooks.replay(3, 1, 1)
        three.deliver()
        assert shop.orders[3:] == ["order-3", "order-1", "order-1"]

    def test_first_delivery_in_another_order(self, sandbox: Sandbox, shop: Shop) -> None:
        sandbox.webhooks.pause()
        for number in (1, 2, 3):
            sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
        assert sandbox.deliver() == ()
        sandbox.webhooks.resume(3, 2)
        sandbox.deliver()
        assert shop.orders == ["order-3", "order-2", "order-1"]

    def test_drop(self, three: Sandbox, shop: Shop) -> None:
        (lost,) = three.webhooks.discard(2)
        assert lost.state == "dropped"
        three.deliver()
        assert shop.orders == ["order-1", "order-3"]
        assert three.webhooks.discard(1)[0].state == "delivered"
        three.webhooks.resend(2)
        three.deliver()
        assert shop.orders[-1] == "order-2"

    def test_drop_the_next(self, sandbox: Sandbox, shop: Shop) -> None:
        sandbox.webhooks.discard_next(2)
        for number in (1, 2, 3):
            sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
        sandbox.deliver()
        assert shop.orders == ["order-3"]
        assert [delivery.state for delivery in sandbox.webhooks.deliveries] == ["dropped", "dropped", "delivered"]

    @pytest.mark.parametrize("what", ["resend", "replay", "discard", "resume"])
    def test_a_number_that_none_has(self, three: Sandbox, what: str) -> None:
        with pytest.raises(Refusal, match="Webhook delivery 9 not found"):
            getattr(three.webhooks, what)(9)


class TestTheMerchantsHandler:
    def test_it_may_ask_the_sandbox(self, sandbox: Sandbox, shop: Shop) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=1000)
        seen: list[object] = []

        def look() -> None:
            with sandbox.client() as client:
                seen.append(client.payments.get(payment.imp_uid).status)

        shop.also = look
        sandbox.deliver()
        assert seen == ["paid"]

    def test_what_it_sets_off_waits_for_the_next_time(self, sandbox: Sandbox, shop: Shop) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=1000)
        refunds = iter([lambda: sandbox.cancel(payment.imp_uid)])
        shop.also = lambda: next(refunds, lambda: None)()
        assert len(sandbox.deliver()) == 1
        assert [delivery.notification.status for delivery in sandbox.deliver()] == ["cancelled"]

    def test_it_may_reset_the_sandbox(self, sandbox: Sandbox, shop: Shop) -> None:
        sandbox.pay(merchant_uid="order-1", amount=1000)
        shop.also = sandbox.reset
        sandbox.deliver()
        assert sandbox.webhooks.deliveries == ()
        assert sandbox.deliver() == ()


class TestJournal:
    def test_every_attempt_with_the_merchants_status(self, shop: Shop) -> None:
        sandbox = sandbox_for(shop, webhook_url=f"{URL}?secret=hush")
        shop.answers = [204, 500, ConnectionError("ReadTimeout")]
        for number in (1, 2, 3):
            sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
        sandbox.deliver()
        noted = [exchange for exchange in sandbox.journal if exchange.operation == "_sandbox_webhook"]
        assert [(exchange.method, exchange.path, exchange.status) for exchange in noted] == [
            ("POST", URL, 204),
            ("POST", URL, 500),
            ("POST", URL, 0),
        ]
        assert noted[2].message == "ReadTimeout"
        assert noted[1].arguments["merchant_uid"] == "order-2"
        assert "hush" not in repr(sandbox.journal) + repr(sandbox.webhooks.deliveries) + repr(shop.calls)


class TestControls:
    def test_settings(self, api: Api, sandbox: Sandbox) -> None:
        changes = {"url": "http://127.0.0.1:9/new", "content_type": "form", "repeats": True}
        settings = api.send("POST", "/_sandbox/webhooks/settings", json=changes).response["settings"]
        assert settings["content_type"] == "application/x-www-form-urlencoded"
        assert sandbox.webhooks.settings == WebhookSettings(
            url="http://127.0.0.1:9/new", content_type="application/x-www-form-urlencoded", repeats=True
        )
        api.send("POST", "/_sandbox/webhooks/settings", json={"url": ""})
        assert sandbox.webhooks.settings.url is None

    def test_resend_drop_hold_and_release(self, api: Api, sandbox: Sandbox, shop: Shop) -> None:
        def post(what: str, **body: object) -> Any:
            return api.send("POST", f"/_sandbox/webhooks/{what}", json=body).response

        assert post("hold")["held"] is True
        for number in (1, 2, 3):
            sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
        post("drop", number=[1])
        post("release", number=["3"])
        sandbox.deliver()
        post("resend", number=[2, 3])
        sandbox.deliver()
        assert shop.orders == ["order-3", "order-2", "order-2", "order-3"]
        post("drop", next=1)
        sandbox.pay(merchant_uid="order-4", amount=1000)
        shown = api.send("GET", "/_sandbox/webhooks").response
        assert [one["state"] for one in shown["deliveries"]] == ["dropped", *["delivered"] * 4, "dropped"]
        (made,) = shown["deliveries"][1]["attempts"]
        assert (made["at"], made["error"], made["status"]) == (START, None, 200)
        assert shown["deliveries"][1]["merchant_uid"] == "order-2"

    @pytest.mark.parametrize(
        ("what", "body", "status"),
        [
            ("resend", {"number": [7]}, 404),
            ("resend", {"number": ["x"]}, 400),
            ("drop", {}, 400),
            ("drop", {"next": -1}, 400),
            ("settings", {"content_type": "text/xml"}, 400),
        ],
    )
    def test_refused(self, api: Api, what: str, body: dict[str, object], status: int) -> None:
        assert api.send("POST", f"/_sandbox/webhooks/{what}", json=body).status == status
