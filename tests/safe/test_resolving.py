"""`client.webhooks.resolve`: believing only V1, whatever arrives, however often and in whatever order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1 import (
    FULL,
    NoAnswerError,
    NotFoundError,
    NotSentError,
    ResponseFormatError,
    ServerError,
    VerificationError,
)
from portone_v1.intents import new_key
from portone_v1.webhooks import WebhookEvent, parse
from portone_v1_sandbox import Sandbox

from tests.safe import network as net
from tests.safe.conftest import Shop


def resolve(shop: Shop, notice: WebhookEvent, **more: Any) -> Any:
    return shop.run(lambda c: c.webhooks.resolve(notice, **more))


def test_the_payment_as_v1_holds_it(shop: Shop) -> None:
    payment = shop.paid()
    notice = parse(f'{{"imp_uid":"{payment.imp_uid}","merchant_uid":"order-1","status":"cancelled"}}')
    change = resolve(shop, notice)
    assert (change.payment.status, change.payment.amount) == ("paid", Decimal(1000))
    assert change.key == f"{payment.imp_uid}:paid:0"
    assert change.event is notice


def test_a_test_payment_is_found_and_marked(shop: Shop) -> None:
    assert resolve(shop, WebhookEvent(shop.paid(sandbox=True).imp_uid)).payment.sandbox is True


def test_a_forgery(shop: Shop) -> None:
    shop.failure(lambda c: c.webhooks.resolve(WebhookEvent("imp_forged")), NotFoundError)
    shop.failure(lambda c: c.webhooks.resolve(WebhookEvent("imp_1/../../users")), NotFoundError)


def test_another_order_than_the_notice_says(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    error = shop.failure(lambda c: c.webhooks.resolve(WebhookEvent(imp_uid, "order-2")), VerificationError)
    assert error.mismatches == {"merchant_uid": ("order-2", "order-1")}


def test_a_sub_merchants_payment(shop: Shop) -> None:
    notice = WebhookEvent(shop.paid(tier="AAA").imp_uid)
    shop.failure(lambda c: c.webhooks.resolve(notice), NotFoundError)
    assert resolve(shop, notice, tier="AAA").payment.imp_uid == notice.imp_uid
    copy = shop.client.with_options(tier="AAA")
    assert copy.call(lambda c: c.webhooks.resolve(notice)).payment.imp_uid == notice.imp_uid


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (net.lost_before, NoAnswerError),
        (net.failing_before, ServerError),
        (net.not_connected, NotSentError),
        (net.page_before, ResponseFormatError),
        (net.answered({"imp_uid": "imp_other", "merchant_uid": "order-1", "status": "paid"}), ResponseFormatError),
    ],
)
def test_v1_that_can_not_be_asked(shop: Shop, fault: Any, kind: Any) -> None:
    notice = WebhookEvent(shop.paid().imp_uid)
    shop.network.meet("GET /payments/", fault)
    shop.failure(lambda c: c.webhooks.resolve(notice), kind)
    assert resolve(shop, notice).payment.status == "paid"


@pytest.mark.parametrize("written", [400, "400", Decimal("400.00"), "4e2"])
def test_the_key_is_the_same_however_an_amount_is_written(shop: Shop, written: Any) -> None:
    fields = {"imp_uid": "imp_1", "merchant_uid": "order-1", "amount": 1000, "status": "paid"}
    shop.network.meet("GET /payments/", net.answered({**fields, "cancel_amount": str(written)}))
    assert resolve(shop, WebhookEvent("imp_1")).key == "imp_1:paid:400"


CHANGES = st.lists(st.sampled_from(["part", "part", "rest"]), max_size=4)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), changes=CHANGES)
def test_each_state_is_handled_at_most_once_and_the_last_one_is_true(data: st.DataObject, changes: list[str]) -> None:
    """Notices are lost, doubled and late, each after the change that it tells of; one comes after the last change."""
    sandbox = Sandbox()
    payment = sandbox.pay(merchant_uid="order-1", amount=1000)
    handled: dict[str, Any] = {}
    with sandbox.client() as client:
        waiting = [WebhookEvent(payment.imp_uid, "order-1", "paid")]

        def deliver() -> None:
            for _ in range(data.draw(st.integers(0, 3))):
                notice = waiting.pop(data.draw(st.integers(0, len(waiting) - 1)))
                waiting.extend([notice] * data.draw(st.integers(0, 2)))  # lost, told once more, or twice
                handle(client.webhooks.resolve(notice))
                if not waiting:
                    return

        def handle(change: Any) -> None:
            if change.key not in handled:
                handled[change.key] = change.payment

        for number, what in enumerate(changes):
            if waiting:
                deliver()
            left = client.payments.get(payment.imp_uid).cancel_amount
            if left == 1000:
                break
            if what == "rest":
                client.payments.cancel_once(imp_uid=payment.imp_uid, amount=FULL)
            else:
                client.payments.cancel_once(imp_uid=payment.imp_uid, amount=100, key=new_key())
            waiting.append(WebhookEvent(payment.imp_uid, "order-1", "cancelled", f"c-{number}"))
        handle(client.webhooks.resolve(WebhookEvent(payment.imp_uid, "order-1")))
        truth = client.payments.get(payment.imp_uid)
    states = [(p.status, p.cancel_amount) for p in handled.values()]
    assert len(set(states)) == len(states)
    assert states[-1] == (truth.status, truth.cancel_amount)
    assert [cancelled for _, cancelled in states] == sorted(cancelled for _, cancelled in states)
