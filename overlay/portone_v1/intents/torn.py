"""Reads between two steps of V1: a refund is in `cancel_amount`, and `cancel_history` does not list it yet. Pure."""

from __future__ import annotations

from decimal import Decimal

from portone_v1_generated.models.payments import Payment

from .intent import Intent
from .verdict import seconds_of, to_unit

__all__ = ["is_torn", "is_torn_lately"]


def is_torn(payment: Payment) -> bool:
    """Whether more is refunded than the entries show, so that nothing shows yet by whom."""
    listed = sum((to_unit(entry.amount) for entry in payment.cancel_history or []), Decimal(0))
    return listed < to_unit(payment.cancel_amount)


def is_torn_lately(payment: Payment, last: Intent | None, now: float, quiet: float) -> bool:
    """Whether the entry is still to come. It would be taken for that of a refund which is sent before it shows.

    Args:
        last: the last refund of the payment in the journal.
        now: V1's clock; 0 where it is not known.
    """
    refunded_at = max(seconds_of(payment.cancelled_at, 0.0), 0.0 if last is None else last.sent_at)
    return is_torn(payment) and now - refunded_at < quiet
