"""대사: what moved at V1 in a stretch of time, to be laid beside the shop's own orders."""

from __future__ import annotations

import time
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from attrs import field, frozen
from portone_v1_generated._writing import seconds
from portone_v1_generated.models.payments import Payment

from .._wire import Flow

__all__ = ["Movement", "reconcile"]

DAY: Final = 86_400


@frozen
class Movement:
    """One movement of money: a charge, or a refund (in whole or in part)."""

    kind: Literal["charge", "refund"]
    imp_uid: str
    merchant_uid: str
    at: datetime
    amount: Decimal
    """In the currency's unit, never negative."""
    currency: str
    payment: Payment = field(repr=False)
    """As V1 holds it now."""


def reconcile(
    since: datetime | int, until: datetime | int, *, refunds_of_days: int = 180, tier: str | None = None
) -> Flow[list[Movement]]:
    """대사: every charge and refund from `since` up to, not including, `until`, oldest first; test payments left out.

    V1 lists a partly refunded payment under the day on which it was paid. To find refunds of older payments, the
    payments of `refunds_of_days` days before `since` are looked through as well.

    Args:
        since, until: aware datetimes or UNIX seconds; a shop's day is midnight to midnight in KST.
        refunds_of_days: how many days old a payment may be whose partial refund is to be found.
    """
    first, last = int(seconds("since", since)), int(seconds("until", until))
    if last <= first:
        raise ValueError("until must be later than since")
    options: dict[str, Any] = {} if tier is None else {"tier": tier}
    oldest, now = first - refunds_of_days * DAY, int(time.time())
    paid: list[Payment] = yield lambda client: client.payments.walk("paid", from_=oldest, to=last - 1, **options).list()
    # What was paid in this stretch and cancelled since stands under the time of its cancellation, up to now.
    cancelled: list[Payment] = yield lambda client: client.payments.walk(
        "cancelled", from_=first, to=max(now, last - 1), **options
    ).list()
    found = {payment.imp_uid: payment for payment in [*paid, *cancelled] if not payment.sandbox}
    movements = [movement for payment in found.values() for movement in _movements(payment)]
    return sorted(
        (movement for movement in movements if first <= movement.at.timestamp() < last),
        key=lambda movement: (movement.at, movement.imp_uid, movement.kind),
    )


def _movements(payment: Payment) -> list[Movement]:
    def move(kind: Literal["charge", "refund"], at: datetime | None, amount: Decimal | None) -> list[Movement]:
        if at is None or not amount:
            return []
        return [Movement(kind, payment.imp_uid, payment.merchant_uid, at, amount, payment.currency, payment)]

    moved = move("charge", payment.paid_at, payment.amount)
    for entry in payment.cancel_history:
        moved += move("refund", entry.cancelled_at, entry.amount)
    if not payment.cancel_history and payment.cancel_amount:
        moved += move("refund", payment.cancelled_at, payment.cancel_amount)
    return moved
