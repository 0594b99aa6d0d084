"""Webhooks of the field at the kit, before that V1: the notice is ahead of the read, or two deliveries overlap."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from flask import Flask
from portone_v1 import PortOne
from portone_v1.contrib.flask import PortOneV1
from portone_v1.inbox import MemoryInboxStore
from portone_v1_sandbox import Sandbox, WebhookCall

from tests.cases.v1 import V1, Time

JSON = "application/json"


class Site:
    """A shop with one webhook address."""

    def __init__(self, client: PortOne) -> None:
        self.app = Flask("shop")
        store = MemoryInboxStore()
        self.kit = PortOneV1(lambda: store, self.app)
        self.kit.use(self.app, client)

    def post(self, body: str | bytes) -> tuple[int, str]:
        answer = self.app.test_client().post("/portone/webhook", data=body, content_type=JSON)
        return answer.status_code, answer.text

    def notify(self, payment: Any, status: str) -> tuple[int, str]:
        fields = {"imp_uid": payment["imp_uid"], "merchant_uid": payment["merchant_uid"], "status": status}
        return self.post(json.dumps(fields))


def shop_of(v1: V1) -> PortOne:
    return PortOne("k", "s", transport=v1, clock=v1.clock, max_retries=0, base_url="http://127.0.0.1:1")


def test_a_read_that_is_behind_its_notice() -> None:
    """The notice says paid, the read says ready. PortOne resends after a 5xx only: 200 would be the end of it."""
    v1 = V1(Time())
    v1.behind = 2.0
    payment = v1.record("order-1", 10_000, "ready", channel="pc")
    v1.clock.advance(60)
    payment.update(status="paid", paid_at=int(v1.clock.now))
    v1.keep()
    site, seen = Site(shop_of(v1)), list[str]()
    site.kit.on_payment(lambda change, work: seen.append(str(change.payment.status)))
    assert site.notify(payment, "paid")[0] == 503
    assert "paid" not in seen
    v1.clock.advance(5)
    assert site.notify(payment, "paid") == (200, "processed")
    assert seen[-1] == "paid"


def test_two_deliveries_that_overlap_end_with_the_last_state() -> None:
    """The handler of `paid` is slow. Meanwhile the payment is cancelled, and that notice is delivered as well."""
    v1 = V1(Time())
    payment = v1.record("order-1", 12_000, channel="pc")
    site, orders = Site(shop_of(v1)), {"order-1": "waiting"}
    in_the_handler, go_on = threading.Event(), threading.Event()
    moves = {"paid": ("waiting", "paid"), "cancelled": ("paid", "cancelled")}

    @site.kit.on_payment
    def payment_changed(change: Any, work: Any) -> None:
        status = str(change.payment.status)
        if status == "paid":
            in_the_handler.set()
            assert go_on.wait(20)
        before, after = moves[status]
        if orders[change.payment.merchant_uid] == before:
            orders[change.payment.merchant_uid] = after

    slow = threading.Thread(target=site.notify, args=(payment, "paid"))
    slow.start()
    assert in_the_handler.wait(20)
    v1.give_back(payment["imp_uid"], 12_000, reason="operator")
    second = threading.Thread(target=site.notify, args=(payment, "cancelled"))
    second.start()
    go_on.set()
    slow.join()
    second.join()
    assert site.notify(payment, "cancelled")[0] == 200
    assert orders == {"order-1": "cancelled"}


@pytest.mark.parametrize("handled", [True, False])
def test_an_escrow_event_at_the_shops_one_address(handled: bool) -> None:
    """422 is never sent again, and the change of the escrow would be lost."""
    answers: list[tuple[int, str]] = []

    def deliver(call: WebhookCall) -> int:
        answers.append(site.post(call.body))
        return answers[-1][0]

    sandbox = Sandbox(
        webhook_url="http://127.0.0.1:8000/portone/webhook",
        webhook_sender=deliver,
        webhook_escrow=True,
    )
    client = sandbox.client()
    site, seen = Site(client), list[str]()
    site.kit.on_payment(lambda change, work: seen.append(str(change.payment.status)))
    if handled:
        site.kit.on_escrow(lambda event, work: seen.append(str(event.status)))
    payment = sandbox.pay(merchant_uid="order-1", amount=12_000, pay_method="trans", escrow=True)
    who = {"name": "가람", "tel": "010-0000-0000", "addr": "서울 예시로 1", "postcode": "00000"}
    sent: Any = {"company": "CJGLS", "invoice": "1", "sent_at": sandbox.clock.now()}
    client.escrow.register(payment.imp_uid, sender=who, receiver=who, logis=sent)
    sandbox.inicis.event(payment.imp_uid, "purchase_denied", denied_reason="크기가 다름")
    sandbox.webhooks.deliver()
    assert [status for status, _ in answers] == [200] * len(answers)
    assert len(answers) >= 3
    assert seen[0] == "paid"
    assert len(seen) == (len(answers) if handled else 1)


@pytest.mark.parametrize("times", [1, 5])
def test_a_resent_notice_is_handled_once(times: int) -> None:
    v1 = V1(Time())
    payment = v1.record("order-1", 12_000, channel="pc")
    site, seen = Site(shop_of(v1)), list[str]()
    site.kit.on_payment(lambda change, work: seen.append(str(change.payment.status)))
    assert [site.notify(payment, "paid") for _ in range(times)] == [(200, "processed")] * times
    assert seen == ["paid"]
