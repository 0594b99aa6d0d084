"""Storing a new payment, with the times, receipts and webhooks of its status."""

from __future__ import annotations

from typing import Any

from ..state.cards import Card
from ..state.payments import PaymentRecord
from ..state.state import State
from ..state.timeline import deadline, schedule_expiry

__all__ = ["approve", "finalize", "post_payment", "put_card"]


def put_card(payment: PaymentRecord, card: Card) -> None:
    fields: dict[str, Any] = dict(card.fields(payment.pg_provider))
    for name, value in fields.items():
        setattr(payment, name, value)


def post_payment(state: State, payment: PaymentRecord, now: int, *, quietly: bool = False) -> PaymentRecord:
    """Store a new payment and finalize it."""
    payment.serial = state.next_serial()
    state.payments[payment.imp_uid] = payment
    return finalize(state, payment, now, quietly=quietly)


def finalize(state: State, payment: PaymentRecord, now: int, *, quietly: bool = False) -> PaymentRecord:
    """Set what follows from a decided status, record the money that moved and, unless `quietly`, send webhooks."""
    payment.updated_at = now
    if payment.status == "paid" or deadline(payment):
        payment.pg_tid = f"{payment.pg_id}{now}{payment.serial:06d}"
    if payment.status == "paid":
        approve(state, payment, now, quietly=quietly)
    elif payment.status == "failed":
        payment.failed_at = now
    else:
        schedule_expiry(state, payment)
        if payment.vbank_issued_at and not quietly:
            state.notify(payment, "ready")
    return payment


def approve(state: State, payment: PaymentRecord, now: int, *, quietly: bool = False) -> None:
    """Mark the payment as paid and record the charge."""
    payment.status = "paid"
    payment.paid_at = payment.updated_at = now
    payment.receipt_url = f"https://receipts.example.com/{payment.imp_uid}"
    if payment.card_number is not None:
        payment.apply_num = f"{30_000_000 + payment.serial:08d}"
    elif payment.pay_method != "vbank":
        payment.apply_num = ""  # observed; null for accounts and before the approval
    if payment.amount:
        state.record("charge", payment, payment.amount)
    if not quietly:
        state.notify(payment, "paid")
