"""이니시스 에스크로: what becomes of it, and V1's webhook about it, which merchants have to ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from portone_v1 import webhooks
from portone_v1_sandbox import Refusal, Request, Sandbox, SandboxServer

from tests.sandbox.merchant import merchant
from tests.sandbox.pgs.test_escrow import BODY, LOGIS, register, update
from tests.sandbox.pushed import URL, Shop
from tests.sandbox.storage.test_killed import PAIR, running
from tests.sandbox.support import START, Api

HOOK = "http://127.0.0.1:9/hook"


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def sandbox(shop: Shop) -> Sandbox:
    return shop.sandbox(webhook_escrow=True)


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return Api(sandbox)


def paid(sandbox: Sandbox, merchant_uid: str = "order-1", **fields: Any) -> str:
    order: dict[str, Any] = {"amount": 1000, "pay_method": "trans", "escrow": True}
    return sandbox.pay(merchant_uid=merchant_uid, **(order | fields)).imp_uid


def shipped(sandbox: Sandbox, **fields: Any) -> str:
    imp_uid = paid(sandbox, **fields)
    register(Api(sandbox), imp_uid)
    return imp_uid


def notified_statuses(sandbox: Sandbox) -> list[str]:
    return [notice.extra["escrow_status"] for notice in sandbox.notifications if notice.extra is not None]


class TestMessage:
    def test_shipment(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = paid(sandbox)
        sandbox.clock.advance(seconds=60)
        register(Api(sandbox), imp_uid)
        sandbox.deliver()
        assert shop.events == [
            {
                "event": "Inicis.Escrow.Changed",
                "imp_uid": imp_uid,
                "merchant_uid": "order-1",
                "status": "paid",
                "extra": {"escrow_status": "2", "changed_at": START + 60},
            }
        ]
        assert [call.url for call in shop.calls] == [URL, URL]

    @pytest.mark.parametrize(
        ("events", "statuses"),
        [
            (["purchase_confirmed"], ["3"]),
            (["purchase_confirmed_automatically"], ["31"]),
            (["purchase_confirmed_by_force"], ["32"]),
            (["purchase_denied", "denial_accepted"], ["4", "10"]),
            (["purchase_denied", "purchase_confirmed_by_force"], ["4", "32"]),
        ],
    )
    def test_each_change(self, sandbox: Sandbox, shop: Shop, events: list[Any], statuses: list[str]) -> None:
        imp_uid = shipped(sandbox)
        assert [sandbox.inicis.event(imp_uid, event) for event in events] == statuses
        sandbox.deliver()
        assert [event["extra"]["escrow_status"] for event in shop.events] == ["2", *statuses]
        assert notified_statuses(sandbox) == ["2", *statuses]

    @pytest.mark.parametrize(("given", "reason"), [("사이즈가 다름", "사이즈가 다름"), (None, "구매거절")])
    def test_reason_comes_with_a_denial_alone(
        self, sandbox: Sandbox, shop: Shop, given: str | None, reason: str
    ) -> None:
        imp_uid = shipped(sandbox)
        sandbox.inicis.event(imp_uid, "purchase_denied", denied_reason=given)
        sandbox.inicis.event(imp_uid, "denial_accepted", denied_reason=given)
        sandbox.deliver()
        assert [event["extra"].get("denied_reason") for event in shop.events] == [None, reason, None]
        assert reason not in repr(sandbox.notifications)

    def test_whole_refund_ends_it(self, sandbox: Sandbox, shop: Shop, api: Api) -> None:
        imp_uid = shipped(sandbox)
        api.cancel(imp_uid=imp_uid, amount=400)
        assert notified_statuses(sandbox) == ["2"]
        api.cancel(imp_uid=imp_uid)
        sandbox.deliver()
        assert shop.events[-1]["status"] == "cancelled"
        assert notified_statuses(sandbox) == ["2", "8"]
        with pytest.raises(Refusal, match="할 수 없습니다"):
            sandbox.inicis.event(imp_uid, "purchase_confirmed")

    def test_a_refund_in_the_console_sends_two_webhooks(self, sandbox: Sandbox) -> None:
        sandbox.cancel(shipped(sandbox))
        assert [(n.event is not None, n.status) for n in sandbox.notifications] == [
            (False, "paid"),
            (True, "paid"),
            (True, "cancelled"),
            (False, "cancelled"),
        ]

    def test_refund_that_waits(self, sandbox: Sandbox) -> None:
        imp_uid = shipped(sandbox)
        sandbox.defer_refunds()
        sandbox.cancel(imp_uid)
        assert notified_statuses(sandbox) == ["2"]
        sandbox.settle_refund(imp_uid)
        assert notified_statuses(sandbox) == ["2", "8"]

    def test_another_shipment_changes_nothing(self, sandbox: Sandbox, api: Api) -> None:
        imp_uid = shipped(sandbox)
        assert update(api, imp_uid, logis={**LOGIS, "invoice": "1"}).code == 0
        assert register(api, imp_uid).status == 409
        assert notified_statuses(sandbox) == ["2"]

    def test_is_json_whatever_the_console_says(self, shop: Shop) -> None:
        form = "application/x-www-form-urlencoded"
        sandbox = shop.sandbox(webhook_escrow=True, webhook_content_type=form)
        shipped(sandbox)
        sandbox.deliver()
        assert [call.content_type for call in shop.calls] == [form, "application/json"]
        assert len(shop.events) == 1

    def test_goes_where_the_payments_others_go(self, sandbox: Sandbox, shop: Shop) -> None:
        shipped(sandbox, notice_url=HOOK)
        sandbox.deliver()
        assert [call.url for call in shop.calls] == [HOOK, HOOK]

    def test_proves_nothing_so_the_payment_is_read_back(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = shipped(sandbox)
        sandbox.deliver()
        notice = webhooks.parse(shop.calls[-1].body, shop.calls[-1].content_type)
        change = sandbox.client().webhooks.resolve(notice)
        assert (change.payment.imp_uid, change.payment.status, change.payment.escrow) == (imp_uid, "paid", True)
        assert notice.extra["extra"]["escrow_status"] == "2"


class TestSwitch:
    def test_off_unless_asked_for(self, shop: Shop) -> None:
        sandbox = shop.sandbox()
        assert sandbox.webhooks.settings.escrow is False
        imp_uid = shipped(sandbox)
        assert sandbox.inicis.event(imp_uid, "purchase_confirmed") == "3"
        sandbox.cancel(imp_uid)
        assert notified_statuses(sandbox) == []

    def test_turned_by_a_control(self, shop: Shop) -> None:
        sandbox = shop.sandbox()
        imp_uid = shipped(sandbox)
        settings = Api(sandbox).send("POST", "/_sandbox/webhooks/settings", json={"escrow": True}).response["settings"]
        assert (settings["escrow"], settings["url"]) == (True, URL)
        sandbox.inicis.event(imp_uid, "purchase_denied")
        sandbox.webhooks.configure(escrow=False)
        sandbox.inicis.event(imp_uid, "denial_accepted")
        assert notified_statuses(sandbox) == ["4"]

    def test_kept_in_a_file_with_the_escrow(self, shop: Shop, tmp_path: Path) -> None:
        path = tmp_path / "shop.sqlite3"
        with shop.sandbox(webhook_escrow=True, db=path) as sandbox:
            imp_uid = shipped(sandbox)
            before = sandbox.notifications
        with shop.sandbox(db=path) as again:
            assert again.notifications == before
            again.inicis.event(imp_uid, "purchase_denied", denied_reason="파손")
            assert notified_statuses(again) == ["2", "4"]


class TestFaults:
    def test_lost_held_and_sent_again(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = shipped(sandbox)
        sandbox.deliver()
        sandbox.webhooks.discard_next()
        sandbox.inicis.event(imp_uid, "purchase_denied")
        sandbox.webhooks.pause()
        sandbox.inicis.event(imp_uid, "denial_accepted")
        assert sandbox.deliver() == ()
        sandbox.webhooks.resend(3)
        sandbox.webhooks.resume(5)
        sandbox.deliver()
        assert [event["extra"]["escrow_status"] for event in shop.events] == ["2", "4", "10"]
        assert [d.state for d in sandbox.webhooks.deliveries][1:] == ["delivered", "dropped", "delivered", "delivered"]

    def test_repeated_like_the_others(self, shop: Shop) -> None:
        sandbox = shop.sandbox(webhook_escrow=True, webhook_repeats=True)
        shop.answers = [200, 500]
        shipped(sandbox)
        sandbox.deliver()
        sandbox.clock.advance(minutes=1)
        assert [delivery.state for delivery in sandbox.deliver()] == ["delivered"]
        assert [event["extra"]["changed_at"] for event in shop.events] == [START, START]


class TestOutOfTurn:
    @pytest.mark.parametrize(
        ("before", "event"),
        [
            (["purchase_confirmed"], "purchase_denied"),
            (["purchase_denied"], "purchase_confirmed"),
            (["purchase_denied", "denial_accepted"], "denial_accepted"),
            ([], "denial_accepted"),
        ],
    )
    def test_after_a_shipment(self, sandbox: Sandbox, before: list[Any], event: Any) -> None:
        imp_uid = shipped(sandbox)
        for one in before:
            sandbox.inicis.event(imp_uid, one)
        already = sandbox.notifications
        with pytest.raises(Refusal, match=event) as caught:
            sandbox.inicis.event(imp_uid, event)
        assert (caught.value.status, sandbox.notifications) == (400, already)

    def test_before_a_shipment(self, sandbox: Sandbox) -> None:
        with pytest.raises(Refusal, match="할 수 없습니다"):
            sandbox.inicis.event(paid(sandbox), "purchase_confirmed")

    def test_payments_of_others(self, sandbox: Sandbox) -> None:
        for imp_uid, status in ((shipped(sandbox, pg="smartro_v2"), 400), ("imp_000000000000", 404)):
            with pytest.raises(Refusal) as caught:
                sandbox.inicis.event(imp_uid, "purchase_confirmed")
            assert caught.value.status == status
        sandbox.cancel(paid(sandbox, "order-2", escrow=False))
        assert notified_statuses(sandbox) == []

    def test_of_a_sub_merchant(self, sandbox: Sandbox) -> None:
        imp_uid = paid(sandbox, tier="AB1")
        register(Api(sandbox, tier="AB1"), imp_uid)
        with pytest.raises(Refusal):
            sandbox.inicis.event(imp_uid, "purchase_confirmed")
        assert sandbox.inicis.event(imp_uid, "purchase_confirmed", tier="AB1") == "3"

    @pytest.mark.parametrize(
        "fields", [{"imp_uid": None}, {"event": None}, {"event": "sold"}, {"denied_reason": "x" * 201}]
    )
    def test_what_cannot_be(self, sandbox: Sandbox, api: Api, fields: dict[str, str | None]) -> None:
        body = {"imp_uid": shipped(sandbox), "event": "purchase_denied"} | fields
        assert api.send("POST", "/_sandbox/inicis/events", json=body).status == 400
        assert notified_statuses(sandbox) == ["2"]


def test_buttons(sandbox: Sandbox, api: Api) -> None:
    def actions() -> list[str]:
        (payment,) = sandbox.handle(Request("GET", "/_sandbox/list/payments")).json()["response"]["rows"]
        offered: list[str] = payment["actions"]
        return offered

    imp_uid = paid(sandbox)
    assert actions() == ["cancel"]
    register(api, imp_uid)
    assert actions() == ["confirm_purchase", "deny_purchase", "cancel"]
    api.send("POST", "/_sandbox/inicis/events", json={"imp_uid": imp_uid, "event": "purchase_denied"})
    assert actions() == ["accept_denial", "cancel"]
    sandbox.inicis.event(imp_uid, "denial_accepted")
    assert actions() == ["cancel"]
    shown = sandbox.handle(Request("GET", "/_sandbox/list/webhooks")).json()["response"]["rows"]
    assert [webhook["event"] for webhook in shown] == ["Inicis.Escrow.Changed"] * 3 + [None]


def test_to_a_real_shop_from_a_server() -> None:
    with merchant() as shop, SandboxServer(Sandbox(webhook_url=shop.url, webhook_escrow=True)) as server:
        imp_uid = shipped(server.sandbox)
        body = {"imp_uid": imp_uid, "event": "purchase_denied", "denied_reason": "파손"}
        answer = httpx.post(f"{server.url}/_sandbox/inicis/events", json=body).json()["response"]
        assert answer == {"escrow_status": "4", "imp_uid": imp_uid}
        arrived = [shop.next().fields for _ in range(3)]
        assert [fields.get("event") for fields in arrived] == [None, *["Inicis.Escrow.Changed"] * 2]
        assert [fields["extra"].get("denied_reason") for fields in arrived[1:]] == [None, "파손"]


def test_switched_on_from_the_command_line(tmp_path: Path) -> None:
    with merchant() as shop, running(tmp_path / "shop.sqlite3", "--webhook", shop.url, "--webhook-escrow") as (_, url):
        token = httpx.post(f"{url}/users/getToken", json=PAIR).json()["response"]["access_token"]
        order = {"merchant_uid": "order-1", "amount": 1000, "pay_method": "trans", "escrow": True}
        imp_uid = httpx.post(f"{url}/_sandbox/payments", json=order).json()["response"]["imp_uid"]
        httpx.post(f"{url}/escrows/logis/{imp_uid}", json=BODY, headers={"Authorization": token})
        assert [shop.next().fields.get("extra", {}).get("escrow_status") for _ in range(2)] == [None, "2"]
