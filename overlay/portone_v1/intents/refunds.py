"""Judge a refund by the `cancel_history` of its payment, before it is sent and after. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from portone_v1_generated.models.payments import Payment, PaymentCancel

from ..errors import ResponseFormatError
from ..pg_profiles import TWO_WEEKS, late_refund
from ..results import AcceptedRefund, CompletedRefund, Refund
from .elapsed import elapsed
from .intent import Intent
from .marks import starts_of, tag_of
from .torn import is_torn
from .verdict import Verdict, balance_of, seconds_of, still_paid, to_unit

__all__ = [
    "MARKED",
    "STARTS",
    "entry_id",
    "given_by_others",
    "given_for_key",
    "judge_refund",
    "judge_refund_answer",
    "over_refunded",
    "shows_no_refund",
]

STARTS: Final = "reason_starts"
"""In `before`: digests of the beginning of the reason."""
MARKED: Final = re.compile(r"#[0-9a-f]{8}-[0-9a-f]{8}$")
NO_REASON: Final = (None, "", "취소요청api")
"""Reasons in an entry if V1 did not keep the caller's (captured 2023-09)."""


def given_for_key(payment: Payment, shop: str, key: str) -> Decimal | None:
    """Return the amount of the entries with this key's tag, refunded by a process with another journal."""
    if not payment.cancel_history:
        return None
    tag = tag_of(shop, key)
    entries = [entry for entry in payment.cancel_history if tag in (entry.reason or "")]
    return sum((to_unit(entry.amount) for entry in entries), Decimal(0)) if entries else None


def given_by_others(payment: Payment, shop: str, key: str, now: float) -> Refund | None:
    """Return what a process with another journal refunded under this key. Some PGs show an entry before they pay."""
    given = given_for_key(payment, shop, key)
    if given is None:
        return None
    late, tag = late_refund(payment.pg_provider, payment.pay_method), tag_of(shop, key)
    entries = [entry for entry in payment.cancel_history or [] if tag in (entry.reason or "")]
    if late is not None and late.shown and any(now - seconds_of(e.cancelled_at, now) < late.seconds for e in entries):
        return AcceptedRefund(payment, given)
    return CompletedRefund(payment, given)


def entry_id(entry: PaymentCancel) -> str:
    at = seconds_of(entry.cancelled_at, 0.0)
    return entry.cancellation_id or f"{at:.0f}/{entry.amount}/{entry.pg_tid}"


def judge_refund_answer(intent: Intent, payment: Payment) -> Verdict:
    """Return the verdict from V1's own answer to the refund, `code 0`."""
    amount = Decimal(intent.arguments["amount"])
    late = late_refund(payment.pg_provider, payment.pay_method)
    if late is not None and (late.shown or not any(intent.mark in (e.reason or "") for e in payment.cancel_history)):
        return Verdict("accepted", final=False, payment=payment, amount=amount, evidence="answer")
    if shows_no_refund(payment, Decimal(intent.before.get("cancelled", 0))):
        return Verdict("accepted", final=False, payment=payment, amount=amount, evidence="answer")
    return Verdict("refunded", final=True, payment=payment, amount=amount, evidence="answer")


def shows_no_refund(payment: Payment, before: Decimal) -> bool:
    """Return whether no more is refunded than before, although V1 answered `code` 0: this PG pays out later."""
    try:
        return to_unit(payment.cancel_amount) <= before and still_paid(payment)
    except ResponseFormatError:
        return False


def judge_refund(intent: Intent, payment: Payment, now: float, quiet: float) -> Verdict:
    """Return the verdict on this refund from what the payment shows.

    Args:
        now: V1's clock; 0 if it is not known.
        quiet: seconds after which a request without a trace counts as one that is never executed.
    """
    old = elapsed(intent, now) >= quiet
    wanted, asked = Decimal(intent.arguments["amount"]), str(intent.arguments["asked"])
    new = _new_entries(intent, payment)
    tag = intent.mark.partition("-")[0]
    late = late_refund(payment.pg_provider, payment.pay_method)
    if tag and any(tag in (entry.reason or "") for entry in new):  # of this key, sent by any process
        final = late is None or not late.shown or elapsed(intent, now) > late.seconds
        return Verdict(
            "refunded" if final else "accepted", final=final, payment=payment, amount=wanted, evidence="mark"
        )
    unmarked = [entry for entry in new if _may_have_lost_its_mark(intent, entry)]
    paid = payment.status in ("paid", "cancelled")  # otherwise the read is behind the one before the write
    if asked.startswith("left=") and paid and balance_of(payment) <= Decimal(asked[5:]) and late is None:
        if not old and is_torn(payment):
            return Verdict("undecided", final=False, payment=payment, reason="V1 does not list every refund yet")
        mine = sum((to_unit(entry.amount) for entry in unmarked), Decimal(0)) >= wanted
        amount = wanted if mine else Decimal(0)
        return Verdict("refunded", final=old or mine, payment=payment, amount=amount, evidence="balance")
    if any(to_unit(entry.amount) == wanted for entry in unmarked):
        state, amount = ("refunded", wanted) if old else ("undecided", Decimal(0))
        return Verdict(state, final=old, payment=payment, amount=amount, evidence="amount")
    if late is not None or intent.outcome == "accepted":
        horizon = TWO_WEEKS if late is None else late.seconds
        return _judge_late(intent, payment, overdue=elapsed(intent, now) > horizon)
    if old:
        return Verdict("not_refunded", final=True, payment=payment, reason="V1 shows no refund of this call")
    return Verdict("undecided", final=False, payment=payment, reason="too early to say")


def _new_entries(intent: Intent, payment: Payment) -> list[PaymentCancel]:
    """Return entries that were not there before, and any with the mark: V1 dates to the second, perhaps without ids."""
    known, new = list(intent.before.get("entries", ())), list[PaymentCancel]()
    for entry in payment.cancel_history or []:
        if intent.mark and intent.mark in (entry.reason or ""):
            new.append(entry)
        elif (name := entry_id(entry)) in known:
            known.remove(name)  # a further entry that looks the same is new
        else:
            new.append(entry)
    return new


def _may_have_lost_its_mark(intent: Intent, entry: PaymentCancel) -> bool:
    """Return whether V1 kept no reason, or one that begins like this refund's and was cut off before its mark."""
    if entry.reason in NO_REASON:
        return True
    if MARKED.search(entry.reason or ""):
        return False
    return not set(starts_of(entry.reason, intent.shop)).isdisjoint(intent.before.get(STARTS, ()))


def _judge_late(intent: Intent, payment: Payment, *, overdue: bool) -> Verdict:
    """Judge a refund at a PG that pays out later: for days, a missing trace proves nothing."""
    accepted = intent.outcome == "accepted"
    reason = "the PG pays out later, and V1 does not show it yet"
    if overdue:
        reason = "overdue: look at the PG's console, then call intents.resolve"
    amount = Decimal(intent.arguments["amount"]) if accepted else Decimal(0)
    return Verdict(
        "accepted" if accepted else "undecided",
        final=False,
        payment=payment,
        reason=reason,
        amount=amount,
        evidence="overdue" if overdue else "",
    )


def over_refunded(intent: Intent, payment: Payment) -> Decimal | None:
    """Return the amount refunded for this key if it is more than requested, else None."""
    tag = intent.mark.partition("-")[0]
    given = sum(
        (to_unit(entry.amount) for entry in payment.cancel_history or [] if tag and tag in (entry.reason or "")),
        Decimal(0),
    )
    return given if given > Decimal(intent.arguments["amount"]) and intent.arguments["asked"] != "left=0" else None
