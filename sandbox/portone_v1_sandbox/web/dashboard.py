"""The data of the dashboard: the latest of everything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from portone_v1_runtime.exact_json import dumps

from ..payments.convenience_store import PAY_METHOD as AT_STORE
from ..payments.inicis_escrow import DENIED, SHIPPED
from ..views.text import legible
from ..wire.money import to_wire

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..state.billing_keys import BillingKeyRecord
    from ..state.deliveries import Delivery
    from ..state.notifications import Notification
    from ..state.payments import PaymentRecord
    from ..state.schedules import ScheduleRecord
    from ..state.state import State

__all__ = ["overview"]

MOST: Final = 100

PAYMENT: Final = (
    "imp_uid",
    "merchant_uid",
    "name",
    "status",
    "currency",
    "pay_method",
    "emb_pg_provider",
    "pg_provider",
    "sandbox",
    "tier",
    "card_name",
    "card_number",
    "vbank_name",
    "vbank_num",
    "vbank_date",
    "customer_uid",
    "fail_reason",
    "started_at",
    "paid_at",
    "failed_at",
    "cancelled_at",
)
SCHEDULE: Final = (
    "merchant_uid",
    "customer_uid",
    "name",
    "currency",
    "schedule_at",
    "schedule_status",
    "executed_at",
    "revoked_at",
    "imp_uid",
    "tier",
)
BILLING_KEY: Final = ("customer_uid", "customer_name", "pg_provider", "sandbox", "inserted", "tier")
IN_ESCROW: Final = {SHIPPED: ("confirm_purchase", "deny_purchase"), DENIED: ("accept_denial",)}
"""INICIS events that the dashboard has buttons for, by escrow status."""
NOTICE: Final = ("imp_uid", "merchant_uid", "status", "cancellation_id", "event", "at")
EXCHANGE: Final = ("at", "method", "path", "operation", "tier", "status", "code", "message")


def overview(engine: Engine, seen: str | None = None) -> dict[str, Any]:
    """Return everything, or the time alone if nothing has changed since `seen`."""
    with engine.transaction():
        engine.catch_up()
        engine.enqueue_deliveries()
        time = {"frozen": engine.clock.frozen, "now": engine.clock.now()}
        with engine.transaction(read_only=True):
            shown = legible(_shown(engine))
    stamp = hashlib.sha256(dumps(shown).encode()).hexdigest()[:16]
    return time | {"seen": stamp} | ({} if stamp == seen else shown)


def _shown(engine: Engine) -> dict[str, Any]:
    state = engine.state
    return {
        "counts": {
            "payments": len(state.payments),
            "billing_keys": len(state.billing_keys),
            "schedules": len(state.schedules),
            "webhooks": max(len(state.notifications), len(state.deliveries)),
            "journal": len(engine.journal),
        },
        "money": _money(state),
        "payments": [_payment(state, payment) for payment in _last(state.payments.values())],
        "billing_keys": [_billing_key(key) for key in _last(state.billing_keys.values())],
        "schedules": [_schedule(state, schedule) for schedule in _soonest(state)],
        "webhooks": list(islice(_webhooks(state), MOST)),
        "journal": [_picked(exchange, EXCHANGE) for exchange in _last(engine.journal)],
    }


def _last(records: Any) -> Iterable[Any]:
    return islice(reversed(records), MOST)


def _soonest(state: State) -> list[ScheduleRecord]:
    """Return the open schedules in the order of time, then the past ones, the newest first."""
    waiting = [s for s in state.schedules.values() if s.schedule_status == "scheduled"]
    over = [s for s in state.schedules.values() if s.schedule_status != "scheduled"]
    waiting.sort(key=lambda schedule: schedule.schedule_at)
    over.sort(key=lambda schedule: schedule.executed_at or schedule.revoked_at, reverse=True)
    return [*waiting, *over][:MOST]


def _picked(record: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def _payment(state: State, payment: PaymentRecord) -> dict[str, Any]:
    amounts = {"amount": to_wire(payment.amount), "cancel_amount": to_wire(payment.cancel_amount)}
    return _picked(payment, PAYMENT) | amounts | {"actions": _actions(state, payment)}


def _actions(state: State, payment: PaymentRecord) -> list[str]:
    """Return the actions that the dashboard has buttons for."""
    if any(refund.imp_uid == payment.imp_uid for refund in state.pending_refunds):
        return ["settle"]
    if payment.status == "ready" and payment.vbank_issued_at:
        return ["deposit"]
    if payment.status == "ready" and payment.pay_method == AT_STORE:
        return ["pay_at_store"]
    refundable = ["cancel"] if payment.paid_at and payment.remaining > 0 else []
    return [*IN_ESCROW.get(state.notes_of(payment).escrow_status or "", ()), *refundable]


def _billing_key(key: BillingKeyRecord) -> dict[str, Any]:
    fields = key.card.fields(key.pg_provider)
    card = {"card_name": fields["card_name"], "card_number": fields["card_number"]}
    return _picked(key, BILLING_KEY) | card


def _schedule(state: State, schedule: ScheduleRecord) -> dict[str, Any]:
    payment = state.payments.get(schedule.imp_uid or "")
    outcome = {
        "amount": to_wire(schedule.amount),
        "payment_status": None if payment is None else payment.status,
        "fail_reason": None if payment is None else payment.fail_reason,
    }
    return _picked(schedule, SCHEDULE) | outcome


def _webhooks(state: State) -> Iterator[dict[str, Any]]:
    """Yield each webhook, the newest first, with all of its deliveries."""
    sent: dict[Notification, list[Delivery]] = {}
    for delivery in _last(state.deliveries.values()):
        sent.setdefault(delivery.notification, []).append(delivery)
    result: set[Notification] = set()
    for notification in _last(state.notifications):
        shown = _picked(notification, NOTICE)
        deliveries = sent.pop(notification, [])
        if deliveries:
            result.add(
                notification
            )  # Two webhooks of the same second can be equal; their deliveries are shown together.
        elif notification not in result:
            yield shown
        for delivery in deliveries:
            last = delivery.attempts[-1] if delivery.attempts else None
            yield shown | {
                "number": delivery.number,
                "url": delivery.url,
                "state": delivery.state,
                "resent": delivery.resent,
                "answer": delivery.status,
                "error": None if last is None else last.error,
            }


def _money(state: State) -> list[dict[str, Any]]:
    """Return the sums by currency."""
    sums: dict[str, dict[str, Decimal]] = {}
    for movement in state.ledger:
        of_currency = sums.setdefault(movement.currency, {"charge": Decimal(0), "refund": Decimal(0)})
        of_currency[movement.kind] += movement.amount
    return [
        {"currency": currency, "charged": to_wire(both["charge"]), "refunded": to_wire(both["refund"])}
        for currency, both in sorted(sums.items())
    ]
