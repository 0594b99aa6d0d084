"""Compute what is left of a payment. It is apart from the results, whose classes need attrs: not each call does."""

from __future__ import annotations

from decimal import Decimal

from portone_v1_generated.enums.payments import PaymentStatus
from portone_v1_generated.models.payments import Payment

from ..errors import ResponseFormatError

__all__ = ["cancellable_amount", "known_amount"]


def cancellable_amount(payment: Payment) -> Decimal:
    """취소 가능 금액: Return the refundable balance of a payment, in the currency's unit.

    Do not use `status` for this: after a partial refund V1 has returned `cancelled`, and merchants report `paid`.
    It is also 0 if an amount cannot be read: nothing is refunded on a guess.
    """
    if payment.status not in (PaymentStatus.PAID, PaymentStatus.CANCELLED):
        return Decimal(0)
    try:
        return max(Decimal(0), known_amount(payment.amount) - known_amount(payment.cancel_amount))
    except ResponseFormatError:
        return Decimal(0)  # nobody knows what is left: verify refuses, and nothing is refunded


def known_amount(value: object) -> Decimal:
    """Return an amount of a payment, or 0 if V1 sent none.

    Raises:
        ResponseFormatError: V1 sent something that is no amount. If it counted as 0, a refund would look as if it had
            not happened.
    """
    if value is None:
        return Decimal(0)
    if not isinstance(value, Decimal):
        raise ResponseFormatError("an amount of the payment cannot be read")
    return value
