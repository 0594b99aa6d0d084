"""Turn a stored outcome into the result that the caller gets. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from portone_v1_generated.models.payments import Payment

from ..errors import ApiError, RefusedError
from ..results import (
    AcceptedRefund,
    Charge,
    CompletedRefund,
    DeclinedCharge,
    Done,
    NotCharged,
    NotDone,
    NotRefunded,
    PaidCharge,
    PendingCharge,
    Refund,
    RefundedCharge,
    RefusedRefund,
    Settled,
    Undecided,
)
from .intent import Intent
from .verdict import Verdict
from .writes.table import row_of

__all__ = ["charge_result", "is_charge", "is_refund", "no_card_was_asked", "outcomes_of", "refund_result", "result_of"]

NO_CARD: Final = re.compile(
    r"등록되지\s*않은|존재하지\s*않|유효하지\s*않|잘못된|누락|필수|파라미터|형식|권한|계약|설정|지원하지\s*않|invalid|missing|required",
    re.IGNORECASE,
)


def is_charge(intent: Intent) -> bool:
    return row_of(intent.operation).moves == "charge"


def is_refund(intent: Intent) -> bool:
    return row_of(intent.operation).moves == "refund"


def outcomes_of(intent: Intent) -> dict[str, str]:
    """Return the outcomes that a person may have seen of a write, each with its name in the journal."""
    match row_of(intent.operation).moves:
        case "charge":
            shown = {"paid": "paid", "declined": "declined", "not_charged": "not_charged"}
            return {**shown, "refunded": "charge_refunded"}
        case "refund":
            return {name: name for name in ("refunded", "refused", "not_refunded")}
        case _:
            return {name: name for name in ("done", "not_done")}


def no_card_was_asked(refusal: ApiError) -> bool:
    """Return whether V1 refused the request itself (unknown billing key, wrong argument), so no card was declined."""
    return not isinstance(refusal, RefusedError) or NO_CARD.search(refusal.message or "") is not None


def charge_result(
    intent: Intent, verdict: Verdict, *, already: bool = False, refusal: RefusedError | None = None
) -> Charge | Settled:
    """Return the result of a charge from its intent and the last verdict, or `Undecided` if neither knows it."""
    payment, reason = verdict.payment, verdict.reason
    match intent.outcome or verdict.state:
        case "paid" if payment is not None:
            return PaidCharge(payment, already_paid=already)
        case "charge_refunded" if payment is not None:
            return RefundedCharge(payment)
        case "declined":
            return DeclinedCharge(payment, reason or intent.result.get("reason"), refusal)
        case "not_charged":
            return NotCharged()
        case "pending" if payment is not None:
            return PendingCharge(payment)
        case _:
            return Undecided(payment, reason)


def refund_result(
    intent: Intent, verdict: Verdict, payment: Payment, *, refusal: RefusedError | None = None
) -> Refund | Settled:
    """Return the result of a refund from its intent and the last verdict."""
    amount = Decimal(intent.result.get("amount") or verdict.amount)
    reason = verdict.reason or intent.result.get("reason")
    match intent.outcome or verdict.state:
        case "refunded":
            return CompletedRefund(payment, amount)
        case "accepted":
            return AcceptedRefund(payment, amount)
        case "refused":
            return RefusedRefund(payment, reason, refusal)
        case "not_refunded":
            return NotRefunded(payment)
        case _:
            return Undecided(payment, reason)


def result_of(intent: Intent, verdict: Verdict) -> Charge | Refund | Settled:
    """Return the result of any write, as `settle` returns it."""
    if is_charge(intent):
        return charge_result(intent, verdict)
    if is_refund(intent) and verdict.payment is not None:
        return refund_result(intent, verdict, verdict.payment)
    return write_result(intent, verdict)


def write_result(intent: Intent, verdict: Verdict) -> Settled:
    """Return the result of a write that moves no money from its intent and the last verdict."""
    reason = verdict.reason or intent.result.get("reason")
    match intent.outcome or verdict.state:
        case "done":
            return Done()
        case "not_done":
            return NotDone(reason)
        case "superseded":
            return Undecided(reason="a later call of the same kind has replaced it")
        case _:
            return Undecided(reason=reason)
