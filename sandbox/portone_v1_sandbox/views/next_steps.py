"""The next step for a payment, and for an event that needs attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from portone_v1_generated.operations import OPERATIONS

from ..payments.convenience_store import PAY_METHOD as AT_STORE

if TYPE_CHECKING:
    from ..evidence.events import Event
    from ..state.deliveries import Delivery
    from ..state.payments import PaymentRecord
    from ..state.state import State

__all__ = ["STEPS", "next_of_event", "next_of_payment"]

STEPS: Final[dict[str, tuple[str, str, str]]] = {
    "unknown_write": (
        "high",
        "결과를 알 수 없는 응답입니다. 다시 보내기 전에 결제를 조회해 금액과 상태를 확인하세요.",
        "The outcome is unknown. Read the payment and compare amount and status before you send it again.",
    ),
    "unknown_read": ("low", "조회는 그대로 다시 보내도 됩니다.", "A read can be sent again as it is."),
    "twice": (
        "high",
        "같은 요청이 두 번 실행되었습니다. checksum이나 조회로 두 번째를 막았는지 확인하세요.",
        "The request was executed twice. Check that a checksum or a read stops the second one.",
    ),
    "refused": ("mid", "V1이 거절했습니다: {message}", "V1 refused the request: {message}"),
    "unauthorized": (
        "mid",
        "토큰이 없거나 만료되었습니다. POST /users/getToken으로 다시 발급받으세요.",
        "The token is missing or has expired. Get one with POST /users/getToken.",
    ),
    "no_url": (
        "low",
        "웹훅을 보낼 주소가 없습니다. 제어실에서 주소를 정하거나 notice_url을 넣으세요.",
        "There is no URL for the webhook. Set one in the control room, or pass notice_url.",
    ),
    "no_connection": (
        "high",
        "서버에 연결하지 못했습니다({error}). 서버가 켜져 있고 주소가 맞는지 확인하세요.",
        "The server could not be reached ({error}). Check that it runs and that the URL is right.",
    ),
    "webhook_5xx": (
        "mid",
        "서버가 {status}로 응답했습니다. 이 시각의 서버 로그를 보세요.",
        "Your server responded with {status}. Check its log at this time.",
    ),
    "webhook_4xx": (
        "mid",
        "서버가 {status}로 응답했습니다. V1은 4xx 뒤에 다시 보내지 않습니다. 아직 처리할 수 없으면 503으로 응답하세요.",
        "Your server responded with {status}. V1 does not resend after a 4xx: use 503 if you cannot handle it yet.",
    ),
    "webhook_redirect": (
        "mid",
        "서버가 {status} 리디렉션으로 응답했습니다. V1은 따라가지 않습니다.",
        "Your server responded with a redirect ({status}), which V1 does not follow.",
    ),
    "held": (
        "low",
        "웹훅이 보류 중입니다. 제어실에서 보내세요.",
        "The webhook is held. Send it from the control room.",
    ),
    "dropped": (
        "mid",
        "웹훅을 보내지 않고 버렸습니다. 이 웹훅 없이도 서버가 결제를 조회해 주문에 반영하는지 확인하세요.",
        "The webhook was discarded. Check that your server finds the payment and updates the order without it.",
    ),
    "ignored": (
        "mid",
        "V1에 없는 필드라서 무시되었습니다: {names}. 이름이 맞는지 확인하세요.",
        "The operation has no such field, so V1 ignores it: {names}. Check the name.",
    ),
    "advice": ("mid", "PG 문서와 다릅니다: {advice}", "This differs from the PG's documentation: {advice}"),
    "deposit": (
        "low",
        "입금을 기다립니다. 입금 버튼이나 제어실에서 입금하세요.",
        "The payment waits for the deposit. Use the Deposit button or the control room.",
    ),
    "at_store": ("low", "편의점 수납을 기다립니다.", "The payment waits to be paid at a convenience store."),
    "in_window": (
        "low",
        "결제창에서 끝나지 않은 결제입니다. 구매자가 떠났다면 주문은 미결제로 두어야 합니다.",
        "The buyer has not finished in the window. If the buyer left, your order must stay unpaid.",
    ),
    "not_read": (
        "mid",
        "결제되었지만 서버가 아직 조회하지 않았습니다. GET /payments/{imp_uid}로 금액과 상태를 확인하세요.",
        "Your server has not read the payment back. Compare amount and status of GET /payments/{imp_uid}.",
    ),
    "failed": (
        "low",
        "승인이 거절되었습니다: {reason} 결제창에서는 같은 주문번호로, 빌링키는 새 주문번호로 다시 결제하세요.",
        "The approval was declined: {reason} Pay again: in the window under this merchant_uid, by key under a new one.",
    ),
    "settle": (
        "low",
        "취소가 접수되었고 아직 환불되지 않았습니다. ‘환불 완료’를 누르면 환불됩니다.",
        "The refund was accepted and is not paid out yet. Press “Pay out the refund” to complete it.",
    ),
}
"""Rule → severity, Korean, English."""
READS: Final = frozenset({"payments_get", "payments_find", "payments_find_all", "payments_get_many"})


def _step(rule: str, **values: Any) -> dict[str, Any]:
    severity, ko, en = STEPS[rule]
    texts = {"ko": ko, "en": en}
    for name, value in values.items():
        texts = {language: text.replace(f"{{{name}}}", str(value)) for language, text in texts.items()}
    return {"text": texts, "severity": severity, "rule": rule}


def next_of_event(event: Event, delivery: Delivery | None = None) -> dict[str, Any] | None:
    """Return the next step after an event, None if nothing is wrong."""
    if event.kind == "webhook":
        return _of_webhook(event, delivery)
    if event.kind != "api":
        return None
    if event.fault == "duplicate":
        return _step("twice")
    if event.fault in ("fail", "html", "cut", "delay") or (event.status or 0) >= 500:
        operation = OPERATIONS.get(event.what)
        return _step("unknown_read" if operation is not None and operation.safe else "unknown_write")
    if event.status == 401:
        return _step("unauthorized")
    if event.code:
        return _step("refused", message=(event.message or "")[:300])
    if event.unknown:
        return _step("ignored", names=", ".join(event.unknown)[:300])
    if event.advice:
        return _step("advice", advice="; ".join(event.advice)[:300])
    return None


def _of_webhook(event: Event, delivery: Delivery | None) -> dict[str, Any] | None:
    if delivery is None:
        return _step("no_url") if event.delivery is None else None
    if delivery.state == "dropped":
        return _step("dropped")
    last = delivery.attempts[-1] if delivery.attempts else None
    if last is None or 200 <= last.status < 300:
        return None
    if last.status == 0:
        return _step("no_connection", error=last.error or "")
    rule = "webhook_5xx" if last.status >= 500 else "webhook_4xx" if last.status >= 400 else "webhook_redirect"
    return _step(rule, status=last.status)


def next_of_payment(state: State, payment: PaymentRecord, events: Sequence[Event]) -> dict[str, Any] | None:
    """Return the next step for a payment, None if there is none."""
    if any(refund.imp_uid == payment.imp_uid for refund in state.pending_refunds):
        return _step("settle")
    if payment.status == "ready":
        if payment.vbank_issued_at:
            return _step("deposit")
        return _step("at_store" if payment.pay_method == AT_STORE else "in_window")
    for event in reversed(events):
        found = next_of_event(event, state.deliveries.get(event.delivery or 0))
        if found is not None and found["severity"] == "high":
            return found
        if event.kind == "api" and event.code == 0:
            break
    if payment.status == "failed":
        return _step("failed", reason=(payment.fail_reason or "")[:300])
    calls = [event for event in events if event.kind == "api"]
    had_window = any(event.kind == "window" for event in events)
    if payment.status == "paid" and had_window and not any(event.what in READS for event in calls):
        return _step("not_read")
    return next((step for event in reversed(events) if (step := _open_webhook(state, event))), None)


def _open_webhook(state: State, event: Event) -> dict[str, Any] | None:
    if event.kind != "webhook":
        return None
    delivery = state.deliveries.get(event.delivery or 0)
    if delivery is not None and state.outbox.paused and delivery.state == "waiting":
        return _step("held")
    step = next_of_event(event, delivery)
    return step if step is not None and step["severity"] != "low" else None
