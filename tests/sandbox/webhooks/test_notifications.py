"""Which webhooks V1 would send, and which not."""

from __future__ import annotations

import dataclasses

import pytest
from portone_v1_sandbox import TEST_CARDS, Notification, Sandbox

from tests.sandbox.support import START, Api

HOOK = "https://shop.example.com/hook"


def notified(sandbox: Sandbox) -> list[tuple[str, str]]:
    return [(notice.merchant_uid, notice.status) for notice in sandbox.notifications]


def test_what_a_notice_says(api: Api, sandbox: Sandbox) -> None:
    imp_uid = api.onetime("order-1").response["imp_uid"]
    expected = Notification(
        imp_uid=imp_uid, merchant_uid="order-1", status="paid", cancellation_id=None, notice_urls=(), at=START
    )
    assert sandbox.notifications == (expected,)
    with pytest.raises(dataclasses.FrozenInstanceError):
        sandbox.notifications[0].status = "failed"  # type: ignore[misc]


def test_approved(api: Api, sandbox: Sandbox) -> None:
    api.onetime("onetime", customer_uid="card-1", notice_url=HOOK)
    api.again("card-1", "again", notice_url=HOOK)
    sandbox.pay(merchant_uid="window", amount=1000, notice_url=HOOK)
    assert notified(sandbox) == [("onetime", "paid"), ("again", "paid"), ("window", "paid")]
    assert {notice.notice_urls for notice in sandbox.notifications} == {(HOOK,)}


def test_virtual_account(sandbox: Sandbox) -> None:
    urls = [HOOK, "https://shop.example.com/other"]
    payment = sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="vbank", status="ready", notice_url=urls)
    sandbox.clock.advance(seconds=60)
    sandbox.deposit(payment.imp_uid)
    assert [(notice.status, notice.at) for notice in sandbox.notifications] == [("ready", START), ("paid", START + 60)]
    assert {notice.notice_urls for notice in sandbox.notifications} == {tuple(urls)}


def test_failed_and_abandoned_payments_send_no_webhook(api: Api, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-1", amount=1000, status="failed")
    sandbox.pay(merchant_uid="order-2", amount=1000, status="ready")
    failing = TEST_CARDS["charge_failed"].number
    assert api.onetime("order-3", card_number=failing).response["status"] == "failed"
    assert api.onetime("order-4", card_number=TEST_CARDS["charge_refused"].number).code == -1
    assert sandbox.notifications == ()


def test_cancels_over_the_api_only_when_asked(api: Api, sandbox: Sandbox) -> None:
    api.onetime("order-1", 1000, notice_url=HOOK)
    api.cancel(merchant_uid="order-1", amount=400)
    assert notified(sandbox) == [("order-1", "paid")]
    payment = api.cancel(merchant_uid="order-1", amount=100, enable_webhook=True).response
    notice = sandbox.notifications[-1]
    assert (notice.status, notice.notice_urls) == ("cancelled", ())  # to the address in the settings: documented
    assert notice.cancellation_id == payment["cancel_history"][-1]["cancellation_id"]
    assert payment["status"] == "cancelled"


def test_a_refused_cancel_sends_no_webhook(api: Api, sandbox: Sandbox) -> None:
    api.onetime("order-1", 1000)
    assert api.cancel(merchant_uid="order-1", amount=1001, enable_webhook=True).code == -1
    assert len(sandbox.notifications) == 1


def test_forgotten_at_a_reset(api: Api, sandbox: Sandbox) -> None:
    api.onetime("order-1")
    sandbox.reset()
    assert sandbox.notifications == ()
