"""Judge a charge by V1's records, before it is sent and after. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from portone_v1_generated.models.payments import Payment

from ..errors import DoublePaymentError, InProgressError, KeyConflictError
from ..pg_profiles import charge_horizon
from ..results import Charge, PaidCharge, RefundedCharge
from .elapsed import elapsed
from .intent import Intent
from .marks import MARK_FIELD
from .problems import problem
from .verdict import BUYER_CHANNELS, Verdict, doubles_in, is_undecided, still_paid

__all__ = ["charged_before", "judge_answer", "judge_charge", "late_charge", "refuse_other_price"]


OTHER_PRICE: Final = "the order is paid with another amount or currency, and not by this call"


def charged_before(
    found: list[Payment], now: float, amount: Decimal, currency: str, last: Intent | None
) -> Charge | None:
    """Return an existing payment of the order that forbids a charge, or None if the charge may be sent.

    Raises:
        DoublePaymentError, KeyConflictError, InProgressError: nothing may be sent.
    """
    if doubles := doubles_in(found):
        raise problem(DoublePaymentError, "the order has more than one payment; nothing was sent", payments=doubles)
    for payment in found:
        if still_paid(payment):
            _refuse_price(payment, amount, currency)
            return PaidCharge(payment, already_paid=True)
    for payment in found:
        if payment.status == "cancelled":
            return RefundedCharge(payment)
    own = None if last is None else last.result.get("own_imp_uid")
    for payment in found:
        if payment.imp_uid != own and is_undecided(payment, now):  # our own: the read lags behind the journal
            reason = "an attempt that this journal does not know is not decided yet; nothing was sent"
            raise problem(InProgressError, reason, payments=(payment,))
    return None


def refuse_other_price(earlier: Intent, payment: Payment | None, key: str, amount: Decimal, currency: str) -> None:
    """Refuse a charge of an order that was paid under another key with another amount: it is another sale.

    Raises:
        KeyConflictError: nothing may be sent.
    """
    if earlier.key != key and payment is not None and still_paid(payment):
        _refuse_price(payment, amount, currency, earlier)


def _refuse_price(payment: Payment, amount: Decimal, currency: str, earlier: Intent | None = None) -> None:
    if payment.amount != amount or (payment.currency or currency).upper() != currency.upper():
        reason = "the order is paid with another amount or currency; nothing was sent"
        raise problem(KeyConflictError, reason, earlier, (payment,))


def judge_answer(payment: Payment) -> Verdict:
    """Return the verdict from a payment that is certainly ours: V1's answer to the call, or one with our mark."""
    if still_paid(payment):
        return Verdict("paid", final=True, payment=payment, evidence="answer")
    status = str(payment.status)
    if status == "cancelled":
        return Verdict("charge_refunded", final=True, payment=payment, evidence="answer")
    if status == "failed" and charge_horizon(payment.pg_provider, status) is None:
        return Verdict("declined", final=True, payment=payment, reason=payment.fail_reason, evidence="answer")
    return Verdict("pending", final=False, payment=payment, reason=payment.fail_reason, evidence="answer")


def judge_charge(intent: Intent, found: list[Payment], now: float, quiet: float) -> Verdict:
    """Return the verdict on this charge from all attempts at the order.

    Args:
        now: V1's clock, 0 if it is not known: then nothing is too old, and no negative verdict is made.
        quiet: seconds after which a request without a trace counts as one that is never executed.
    """
    old = elapsed(intent, now) >= quiet
    own = [payment for payment in found if is_own(intent, payment)]
    verdict = judge_answer(own[0]) if own else None
    if any(still_paid(payment) for payment in found):
        if verdict is None and (other := _another_sale(intent, found)) is not None:
            decided = old and not any(is_undecided(each, now) for each in found)  # it may be ours, without its mark
            state, reason = ("not_charged", OTHER_PRICE) if decided else ("undecided", "too early to say")
            return Verdict(state, final=decided, payment=other, reason=reason, evidence="order")
        return _judge_paid_order(found, verdict, now, old=old)
    if verdict is not None:
        return _past_horizon(intent, verdict, now, quiet)
    return _judge_without_trace(intent, found, now, old=old)


def _another_sale(intent: Intent, found: list[Payment]) -> Payment | None:
    """Return the order's payment if it is certainly not this charge and has another price: another sale."""
    paid = [payment for payment in found if still_paid(payment)]
    asked, known = intent.arguments.get("amount"), intent.before.get("attempts", {})
    if asked is None or len(paid) > 1:
        return None
    others = paid[0].channel in BUYER_CHANNELS or paid[0].imp_uid in known or MARK_FIELD in str(paid[0].custom_data)
    currency = str(intent.arguments.get("currency") or paid[0].currency or "")
    same = paid[0].amount == Decimal(asked) and (paid[0].currency or currency).upper() == currency.upper()
    return paid[0] if others and not same else None


def is_own(intent: Intent, payment: Payment) -> bool:
    """Return whether the payment has our mark, or is the one that V1 returned to the call."""
    if payment.imp_uid == intent.result.get("own_imp_uid"):
        return True
    return bool(intent.mark) and intent.mark in str(payment.custom_data or "")


def _judge_paid_order(found: list[Payment], verdict: Verdict | None, now: float, *, old: bool) -> Verdict:
    """Judge a charge of a paid order. It stays open until its own outcome is known: it could be a second payment."""
    mine = verdict is not None and verdict.state == "paid"
    payment = verdict.payment if mine and verdict is not None else next(p for p in found if still_paid(p))
    nothing_else = old and not any(is_undecided(other, now) for other in found)
    final = nothing_else if verdict is None else mine or verdict.final
    evidence = "mark" if mine else "order"
    return Verdict("paid", final=final, payment=payment, evidence=evidence, doubles=doubles_in(found))


def _past_horizon(intent: Intent, verdict: Verdict, now: float, quiet: float) -> Verdict:
    payment = verdict.payment
    if payment is None or payment.status != "failed":
        return verdict
    horizon = charge_horizon(payment.pg_provider, "failed")
    if horizon is not None and elapsed(intent, now) >= max(horizon, quiet):
        return Verdict("declined", final=True, payment=payment, reason=payment.fail_reason, evidence="mark")
    return verdict


def _judge_without_trace(intent: Intent, found: list[Payment], now: float, *, old: bool) -> Verdict:
    new = [
        payment
        for payment in found
        if payment.imp_uid not in intent.before.get("attempts", {})
        and payment.channel not in BUYER_CHANNELS
        and payment.pay_method != "vbank"
    ]
    known = intent.arguments.get("amount")  # V1 knows what a schedule charges; the call does not have it
    amount = None if known is None else Decimal(known)
    given_back = next((p for p in new if p.status == "cancelled" and amount in (None, p.amount)), None)
    if given_back is not None:
        return Verdict("charge_refunded", final=old, payment=given_back, evidence="order")
    undecided = next((payment for payment in new if is_undecided(payment, now)), None)
    if undecided is not None:
        state = "pending" if old else "undecided"
        return Verdict(state, final=False, payment=undecided, reason="an attempt at this order is not decided")
    if not old:
        return Verdict("undecided", final=False, reason="too early to say")
    customer = intent.arguments.get("customer_uid")
    for payment in new:
        same_card = customer is None or payment.customer_uid in (None, customer)
        if payment.status == "failed" and same_card and MARK_FIELD not in str(payment.custom_data or ""):
            return Verdict("declined", final=True, payment=payment, reason=payment.fail_reason, evidence="order")
    return Verdict("not_charged", final=True, reason="V1 shows no attempt of this call", evidence="order")


def late_charge(intent: Intent, found: list[Payment], last: Intent | None) -> bool:
    """Return whether V1 shows a charge after all that was reported as not executed."""
    if intent.executed:
        return False
    reported: set[Any] = (
        {last.result.get("own_imp_uid"), last.result.get("imp_uid")} if last is not None and last.executed else set()
    )
    for payment in found:
        if payment.status not in ("paid", "cancelled"):
            continue
        if is_own(intent, payment):
            return True
        unknown = payment.imp_uid not in reported and payment.imp_uid not in intent.before.get("attempts", {})
        if unknown and payment.channel not in BUYER_CHANNELS:
            return True
    return False
