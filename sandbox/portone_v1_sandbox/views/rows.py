"""Rows of the lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from ..payments.convenience_store import PAY_METHOD as AT_STORE
from ..payments.inicis_escrow import DENIED, SHIPPED
from ..state.billing_keys import card_fields
from ..wire.money import to_wire

if TYPE_CHECKING:
    from ..evidence.events import Event
    from ..state.billing_keys import BillingKeyRecord
    from ..state.deliveries import Delivery
    from ..state.notifications import Notification
    from ..state.payments import PaymentRecord
    from ..state.schedules import ScheduleRecord
    from ..state.state import State

__all__ = [
    "actions_of",
    "billing_key_row",
    "event_row",
    "payment_row",
    "schedule_row",
    "time_of",
    "webhook_row",
]

PAYMENT: Final = (
    "imp_uid", "merchant_uid", "name", "status", "currency", "pay_method", "emb_pg_provider", "pg_provider", "sandbox",
    "tier", "card_name", "card_number", "vbank_name", "vbank_num", "vbank_date", "customer_uid", "fail_reason",
)  # fmt: skip
SCHEDULE: Final = (
    "merchant_uid", "customer_uid", "name", "currency", "schedule_at", "schedule_status", "imp_uid", "tier",
)  # fmt: skip
BILLING_KEY: Final = ("customer_uid", "customer_name", "pg_provider", "sandbox", "inserted", "tier")
NOTICE: Final = ("imp_uid", "merchant_uid", "status", "cancellation_id", "event", "at")
EVENT: Final = ("id", "kind", "at", "what", "method", "path", "status", "code", "message", "fault", "ms")
IN_ESCROW: Final = {SHIPPED: ("confirm_purchase", "deny_purchase"), DENIED: ("accept_denial",)}
"""INICIS events that the dashboard has buttons for, by escrow status."""


def _picked(record: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def time_of(payment: PaymentRecord) -> int:
    """Return the time of its last change."""
    return payment.cancelled_at or payment.paid_at or payment.failed_at or payment.started_at


def payment_row(state: State, payment: PaymentRecord) -> dict[str, Any]:
    amounts = {"amount": to_wire(payment.amount), "cancel_amount": to_wire(payment.cancel_amount)}
    shown = {"shown_status": payment.shown_status, "at": time_of(payment), "actions": actions_of(state, payment)}
    return _picked(payment, PAYMENT) | amounts | shown


def actions_of(state: State, payment: PaymentRecord) -> list[str]:
    """Return the actions that the dashboard has buttons for."""
    if any(refund.imp_uid == payment.imp_uid for refund in state.pending_refunds):
        return ["settle"]
    if payment.status == "ready" and payment.vbank_issued_at:
        return ["deposit"]
    if payment.status == "ready" and payment.pay_method == AT_STORE:
        return ["pay_at_store"]
    refundable = ["cancel"] if payment.paid_at and payment.remaining > 0 else []
    notes = state.pg_notes.get(payment.imp_uid)
    return [*IN_ESCROW.get((notes and notes.escrow_status) or "", ()), *refundable]


def billing_key_row(key: BillingKeyRecord) -> dict[str, Any]:
    fields = card_fields(key)
    return _picked(key, BILLING_KEY) | {"card_name": fields["card_name"], "card_number": fields["card_number"]}


def schedule_row(state: State, schedule: ScheduleRecord) -> dict[str, Any]:
    payment = state.payments.get(schedule.imp_uid or "")
    return _picked(schedule, SCHEDULE) | {
        "amount": to_wire(schedule.amount),
        "payment_status": None if payment is None else payment.status,
        "fail_reason": None if payment is None else payment.fail_reason,
    }


def webhook_row(notification: Notification, delivery: Delivery | None) -> dict[str, Any]:
    """Return one webhook with its delivery, if it had a URL."""
    shown = _picked(notification, NOTICE)
    if delivery is None:
        return shown
    last = delivery.attempts[-1] if delivery.attempts else None
    return shown | {
        "number": delivery.number,
        "url": delivery.url,
        "state": delivery.state,
        "resent": delivery.resent,
        "answer": delivery.status,
        "error": None if last is None else last.error,
        "ms": None if last is None else last.ms,
    }


def event_row(event: Event) -> dict[str, Any]:
    names = ("imp_uids", "merchant_uids", "unknown")
    return _picked(event, EVENT) | {name: list(getattr(event, name)) for name in names}
