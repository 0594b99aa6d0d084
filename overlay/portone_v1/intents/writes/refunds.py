"""Judge a `payments.cancel` without key and mark by what the payment shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from portone_v1_generated.models.payments import Payment, PaymentCancel

from ...pg_profiles import TWO_WEEKS, late_refund
from ..elapsed import elapsed, since
from ..intent import GIVEN_BACK, Intent
from ..refunds import MARKED, shows_no_refund
from ..verdict import Verdict, balance_of, to_unit

__all__ = ["is_of_other", "is_same_payment", "judge_answered_refund", "judge_plain_refund"]


def is_same_payment(one: Mapping[str, object], other: Mapping[str, object]) -> bool | None:
    """Return whether two refunds name one payment; None if one of them names the payment, and one the order.

    Ids that differ only in case count as the same: nobody knows how V1 compares them.
    """
    both = [
        str(one[name]).casefold() == str(other[name]).casefold()
        for name in ("imp_uid", "merchant_uid")
        if one.get(name) is not None and other.get(name) is not None
    ]
    return any(both) if both else None


def judge_answered_refund(intent: Intent, payment: Payment) -> Verdict:
    """Return the verdict on a refund that V1 answered with `code 0`."""
    asked = _asked(intent)
    amount = to_unit(payment.cancel_amount) if asked is None else asked
    before = Decimal(intent.before.get(GIVEN_BACK, 0))
    if late_refund(payment.pg_provider, payment.pay_method) is not None or shows_no_refund(payment, before):
        return Verdict("accepted", final=False, payment=payment, amount=amount, evidence="answer")
    return Verdict("refunded", final=True, payment=payment, amount=amount, evidence="answer")


def judge_plain_refund(intent: Intent, payment: Payment | None, now: float, quiet: float) -> Verdict:
    """Judge by amount or balance, as `evidence` says: others' refunds of the same amount look the same."""
    if payment is None:
        return Verdict("undecided", final=False, reason="V1 does not show the payment")
    old = elapsed(intent, now) >= quiet
    asked, new = _asked(intent), _since_then(intent, payment)
    late = late_refund(payment.pg_provider, payment.pay_method)
    if asked is None and balance_of(payment) == 0 and payment.status == "cancelled":
        given = sum((to_unit(entry.amount) for entry in new), Decimal(0))
        final = late is None or elapsed(intent, now) > late.seconds
        state = "refunded" if final else "accepted"
        return Verdict(state, final=final, payment=payment, amount=given, evidence="balance")
    given_since = to_unit(payment.cancel_amount) - Decimal(intent.before.get(GIVEN_BACK, 0))
    if asked is not None and given_since >= asked and any(to_unit(entry.amount) == asked for entry in new):
        state, amount = ("refunded", asked) if old else ("undecided", Decimal(0))
        return Verdict(state, final=old, payment=payment, amount=amount, evidence="amount")
    if late is not None or intent.outcome == "accepted":
        overdue = elapsed(intent, now) > (TWO_WEEKS if late is None else late.seconds)
        state = "accepted" if intent.outcome == "accepted" else "undecided"
        reason = "the PG pays out later, and V1 does not show it yet"
        evidence = "overdue" if overdue else ""
        return Verdict(
            state, final=False, payment=payment, reason=reason, amount=asked or Decimal(0), evidence=evidence
        )
    if old:
        return Verdict("not_refunded", final=True, payment=payment, reason="V1 shows no refund of this call")
    return Verdict("undecided", final=False, payment=payment, reason="too early to say")


def is_of_other(intent: Intent, other: Intent | None, payment: Payment, now: float, quiet: float) -> bool:
    """Whether the only entry of the amount is of another refund, which V1 answered: then it is not of this one.

    V1 dates to the second, so that time alone does not tell two equal refunds apart.

    Args:
        other: the last refund under the other name of the payment, by its `imp_uid` or its order.
    """
    asked = _asked(intent)
    if other is None or asked is None or other.mark or elapsed(other, now) < quiet:
        return False
    answered = other.executed and other.result.get("evidence") == "answer"
    same = [entry for entry in payment.cancel_history or [] if to_unit(entry.amount) == asked]
    return answered and Decimal(other.result.get("amount") or 0) == asked and len(same) == 1


def _asked(intent: Intent) -> Decimal | None:
    """Return the amount to refund, or None for everything that was left."""
    amount = intent.arguments.get("amount")
    return None if amount is None else to_unit(Decimal(str(amount)))


def _since_then(intent: Intent, payment: Payment) -> list[PaymentCancel]:
    began = since(intent)
    return [
        entry
        for entry in payment.cancel_history or []
        if not MARKED.search(entry.reason or "")  # of `cancel_once`
        and (began is None or not isinstance(entry.cancelled_at, datetime) or entry.cancelled_at.timestamp() >= began)
    ]
