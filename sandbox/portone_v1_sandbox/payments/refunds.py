"""Refunds: paid out immediately, or accepted now and paid out later."""

from __future__ import annotations

from base64 import b32encode
from decimal import Decimal
from hashlib import sha256
from typing import Final

from portone_v1 import pg_profiles

from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.accounts import nothing_pending
from ..errors.base import no_such_payment
from ..merchant.window_rules import profiled
from ..state.conditions.settings import Settings
from ..state.payments import CancelRecord, PaymentRecord, PendingRefund
from ..state.state import State
from .inicis_escrow import CANCELLED, escrow_changed, is_inicis_escrow
from .posting import is_shown_only

__all__ = ["DEFER", "SETTLE", "defer_refund", "is_deferred_refund", "pay_back", "refund_in_progress", "settle_refund"]

ANY: Final = ("any", "")

DEFER: Final = control_operation(
    "pend_refunds",
    "/_sandbox/refunds/pend",
    "Defer refunds",
    parameter("imp_uid"),
    parameter("pg"),
    parameter("on", "boolean"),
)
SETTLE: Final = control_operation(
    "settle_refund",
    "/_sandbox/refunds/settle",
    "End the accepted refunds of a payment",
    parameter("imp_uid", required=True),
    parameter("refused", "boolean"),
)


def is_deferred_refund(state: State, payment: PaymentRecord) -> bool:
    """Return whether a refund of this payment is accepted first, and paid out later."""
    if _is_late_at(payment):
        return True
    asked = {ANY, ("imp_uid", payment.imp_uid), ("pg", payment.pg_provider)}
    return not asked.isdisjoint(state.deferred_refunds)


def _is_late_at(payment: PaymentRecord) -> bool:
    profile = pg_profiles.find(payment.pg_provider)
    return any(
        change.of == "refund"
        and change.done_when
        and payment.pay_method in (change.pay_method or (payment.pay_method,))
        for change in (profile.finality if profile is not None else ())
    )


def defer_refund(call: Call) -> None:
    """Start or stop deferring refunds: of a payment, of a PG or of all payments."""
    named = [(kind, call.arguments.text(kind)) for kind in ("imp_uid", "pg")]
    rules = {(kind, name) for kind, name in named if name} or {ANY}
    on = call.arguments.boolean("on") or not call.arguments.given("on")
    call.state.deferred_refunds = call.state.deferred_refunds | rules if on else call.state.deferred_refunds - rules


def refund_in_progress(state: State, payment: PaymentRecord) -> Decimal:
    """Return the amount of the accepted refunds that are not paid out yet."""
    return sum((r.amount for r in state.pending_refunds if r.imp_uid == payment.imp_uid), Decimal(0))


def settle_refund(call: Call) -> PaymentRecord:
    """End every accepted refund of a payment. Raises Refusal if there is none."""
    state, imp_uid = call.state, call.arguments.need_text("imp_uid")
    payment = state.find_payment(call.tier, imp_uid)
    if payment is None:
        raise no_such_payment()
    refunds = [refund for refund in state.pending_refunds if refund.imp_uid == imp_uid]
    if not refunds:
        raise nothing_pending()
    state.pending_refunds = [refund for refund in state.pending_refunds if refund.imp_uid != imp_uid]
    if call.arguments.boolean("refused"):
        return payment
    for refund in refunds:
        entry = pay_back(state, call.settings, payment, refund, call.now)
        # V1 is documented to send a webhook about the outcome of a late refund.
        state.notify(payment, "cancelled", entry.cancellation_id)
    return payment


def pay_back(state: State, settings: Settings, payment: PaymentRecord, refund: PendingRefund, now: int) -> CancelRecord:
    """Return the money to the buyer. A full refund has the number and the slip of the payment, as observed."""
    number = len(payment.cancel_history) + 1
    whole = refund.amount == payment.amount
    entry = CancelRecord(
        pg_tid=str(payment.pg_tid) if whole else f"{payment.pg_tid}C{number}",
        amount=refund.amount,
        cancelled_at=now,
        reason=refund.reason,
        cancellation_id=_cancellation_id(payment.imp_uid, number),
        receipt_url=payment.receipt_url
        if whole
        else f"https://receipts.example.com/refunds/{payment.imp_uid.replace('_', '-')}-{number}",
        tax_free=refund.tax_free,
        vat_amount=refund.vat_amount,
    )
    payment.cancel_history.append(entry)
    if entry.receipt_url is not None:
        payment.cancel_receipt_urls.append(entry.receipt_url)
    payment.cancel_amount += entry.amount
    payment.cancelled_at = payment.updated_at = now
    payment.cancel_reason = entry.reason
    payment.status = "cancelled" if payment.remaining == 0 else settings.partial_cancel_status
    if not is_shown_only(payment):
        state.record("refund", payment, entry.amount)
    _drop_receipt(state, payment, now)
    if payment.remaining == 0 and is_inicis_escrow(payment):
        escrow_changed(state, payment, CANCELLED, now)
    return entry


def _cancellation_id(imp_uid: str, number: int) -> str:
    """Return an id of 20 capital letters and digits: observed."""
    digest = b32encode(sha256(f"{imp_uid}-{number}".encode()).digest()).decode()
    return digest[:20]


def _drop_receipt(state: State, payment: PaymentRecord, now: int) -> None:
    receipt = state.receipts.get(payment.imp_uid)
    if receipt is None or receipt.cancelled_at or payment.remaining:
        return
    if profiled(payment.pg_provider, "refund.receipt") == "kept":
        return
    receipt.cancelled_at = now
    payment.cash_receipt_issued = False
