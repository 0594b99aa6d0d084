"""Store a new payment, with the times, receipts and webhooks of its status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..merchant.window_rules import rule_of
from ..state.cards import Card
from ..state.payments import PaymentRecord
from ..state.state import State
from ..state.timeline import deadline, schedule_expiry

__all__ = ["approve", "finalize", "is_shown_only", "pg_number", "post_payment", "put_card"]


def put_card(payment: PaymentRecord, card: Card) -> None:
    fields: dict[str, Any] = dict(card.fields(payment.pg_provider, by_wallet=payment.emb_pg_provider is not None))
    for name, value in fields.items():
        setattr(payment, name, value)


def post_payment(state: State, payment: PaymentRecord, now: int, *, quietly: bool = False) -> PaymentRecord:
    """Store a new payment and finalize it."""
    payment.serial = state.next_serial()
    state.payments[payment.imp_uid] = payment
    return finalize(state, payment, now, quietly=quietly)


def finalize(state: State, payment: PaymentRecord, now: int, *, quietly: bool = False) -> PaymentRecord:
    """Set what follows from the status, record the money that moved and, unless `quietly`, send webhooks."""
    payment.updated_at = now
    if payment.status == "paid" or deadline(payment):
        payment.pg_tid = pg_number(payment, now)
    if payment.status == "paid":
        approve(state, payment, now, quietly=quietly)
    elif payment.status == "failed":
        payment.failed_at = now
    else:
        schedule_expiry(state, payment)
        if payment.vbank_issued_at and rule_of(payment.pg_provider, "record.receipt_url").get("with_account"):
            payment.receipt_url = _receipt(payment)
        if payment.vbank_issued_at and not quietly:
            state.notify(payment, "ready")
    return payment


def pg_number(payment: PaymentRecord, now: int) -> str:
    """Return the PG's own number of an approval."""
    return f"{payment.pg_id}{now}{payment.serial:06d}"


def is_shown_only(payment: PaymentRecord) -> bool:
    """Return whether only a billing key was issued: the payment reads `paid`, but no money moved. Captured."""
    if payment.customer_uid_usage != "issue" or payment.channel == "api":
        return False
    rule: Mapping[str, bool] = rule_of(payment.pg_provider, "billing.charges_when_issued")
    return rule.get("any", rule.get(payment.pay_method)) is False


def _receipt(payment: PaymentRecord) -> str | None:
    """Return the address of the sales slip, None where this PG gives none."""
    rule = rule_of(payment.pg_provider, "record.receipt_url")
    means = {"never": (), "cards only": ("card",)}.get(rule.get("url", ""))
    by_card = payment.pay_method == "card" or payment.emb_pg_provider is not None
    gives = by_card if rule.get("url") == "cards and wallets" else means is None or payment.pay_method in means
    if not gives or (rule.get("not_in_test") and payment.sandbox):
        return None
    return f"https://receipts.example.com/{payment.imp_uid}"


def approve(state: State, payment: PaymentRecord, now: int, *, quietly: bool = False) -> None:
    """Mark the payment as paid and record the charge."""
    payment.status = "paid"
    payment.paid_at = payment.updated_at = now
    payment.receipt_url = _receipt(payment)
    if payment.card_number is not None and not is_shown_only(payment):
        payment.apply_num = f"{30_000_000 + payment.serial:08d}"
    elif payment.pay_method != "vbank" and payment.channel != "api":
        # Observed, as is null for accounts, for a key charged by the server, before the approval, and at some PGs.
        rule = rule_of(payment.pg_provider, "record.apply_num")
        payment.apply_num = None if rule.get(payment.pay_method) == "null" else ""
    if payment.amount and not is_shown_only(payment):
        state.record("charge", payment, payment.amount)
    if not quietly:
        state.notify(payment, "paid")
