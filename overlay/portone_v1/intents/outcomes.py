"""From a stored outcome to what the caller gets. Pure."""

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
    NotCharged,
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

__all__ = ["charge_result", "is_charge", "no_card_was_asked", "refund_result"]

CHARGES: Final = frozenset({"subscribe.again", "subscribe.onetime"})
NO_CARD: Final = re.compile(
    r"등록되지\s*않은|존재하지\s*않|유효하지\s*않|잘못된|누락|필수|파라미터|형식|권한|계약|설정|지원하지\s*않|invalid|missing|required",
    re.IGNORECASE,
)


def is_charge(intent: Intent) -> bool:
    return intent.operation in CHARGES


def no_card_was_asked(refusal: ApiError) -> bool:
    """Whether V1 refused the request itself, so that no card was declined: an unknown billing key, a wrong argument."""
    return not isinstance(refusal, RefusedError) or NO_CARD.search(refusal.message or "") is not None


def charge_result(
    intent: Intent, verdict: Verdict, *, already: bool = False, refusal: RefusedError | None = None
) -> Charge | Settled:
    """What a charge's intent and the last look say; `Undecided` where neither says more."""
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
            return Undecided(payment)


def refund_result(
    intent: Intent, verdict: Verdict, payment: Payment, *, refusal: RefusedError | None = None
) -> Refund | Settled:
    """What a refund's intent and the last look say."""
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
            return Undecided(payment)
