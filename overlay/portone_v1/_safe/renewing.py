"""정기결제: charge this month and schedule the next, as often as it is called with the same orders.

V1's schedules do not repeat of themselves: each next one is made when the last was paid.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from portone_v1_generated._reading import KST
from portone_v1_generated._unset import UNSET
from portone_v1_generated.models.subscribe import Schedule, ScheduleResult

from .._wire import Flow
from ..errors import (
    NotFoundError,
    OutcomeUnknownError,
    PortOneError,
    RateLimitError,
    RefusedError,
    ResponseFormatError,
)
from .charging import Charge, charge

__all__ = ["Renewal", "month_after", "renew"]


def month_after(first: datetime, months: int) -> datetime:
    """The same day of a later month in KST, or that month's last day: 31 Jan → 28 Feb → 31 Mar.

    Count from the first charge, not from the last, so that a short month does not move all that follow.
    """
    if first.utcoffset() is None:
        raise ValueError("first has no time zone")
    local = first.astimezone(KST)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    return local.replace(year=year, month=month + 1, day=min(local.day, calendar.monthrange(year, month + 1)[1]))


@frozen
class Renewal:
    """This month's charge and the schedule of the next, which is None where the charge was declined."""

    charge: Charge
    schedule: ScheduleResult | None


def renew(again: Callable[..., Any]) -> Callable[..., Flow[Renewal]]:
    def flow(
        *,
        customer_uid: str,
        merchant_uid: str,
        amount: int | Decimal,
        name: str,
        next_merchant_uid: str,
        first: datetime,
        months: int,
        next_amount: int | Decimal | None = None,
        notice_url: str | None = None,
        tier: str | None = None,
    ) -> Flow[Renewal]:
        """정기결제 갱신: charge this month's order once, and schedule the next month's.

        Args:
            customer_uid: 빌링키.
            merchant_uid: this month's order; charged once, however often this is called.
            amount: what it costs, in KRW.
            name: what the buyer reads on the slip.
            next_merchant_uid: next month's order; scheduled once.
            first: the first charge of the subscription; its day of the month is kept (31 Jan → 28 Feb → 31 Mar).
            months: how many months after `first` the next charge is due.
            next_amount: where it differs from `amount`.

        Raises:
            OutcomeUnknownError: of the charge, to be settled; or of the schedule: call this again.
        """
        due = month_after(first, months)
        options: dict[str, Any] = {} if tier is None else {"tier": tier}
        order = {"customer_uid": customer_uid, "merchant_uid": merchant_uid, "amount": amount, "name": name, **options}
        entry = Schedule(
            merchant_uid=next_merchant_uid,
            schedule_at=due,
            amount=amount if next_amount is None else next_amount,
            name=name,
            notice_url=notice_url or UNSET,
        )
        entry.to_dict()  # says what is wrong with it before anything is charged
        charged = yield from charge(again, "subscribe.renew", order)
        if not charged.paid:
            return Renewal(charged, None)
        return Renewal(charged, (yield from _schedule(customer_uid, entry, options)))

    return flow


def _schedule(customer_uid: str, entry: Schedule, options: dict[str, Any]) -> Flow[ScheduleResult]:
    """The schedule of this order: the one that there is, else a new one."""
    uid = entry.merchant_uid

    def existing() -> Flow[ScheduleResult | None]:
        try:
            found: ScheduleResult = yield lambda client: client.subscribe.get_schedule(uid, **options)
        except NotFoundError:
            return None
        if found.merchant_uid != uid:
            raise ResponseFormatError(
                "the answer is about another schedule", operation="subscribe.get_schedule", ids={"merchant_uid": uid}
            )
        return found

    if (found := (yield from existing())) is not None:
        return found
    try:
        made: list[ScheduleResult] = yield lambda client: client.subscribe.schedule(
            customer_uid=customer_uid, schedules=[entry], **options
        )
    except (OutcomeUnknownError, RateLimitError, RefusedError):
        try:
            found = yield from existing()
        except PortOneError:
            found = None
        if found is None:
            raise
        return found
    for result in made:
        if result.merchant_uid == uid:
            return result
    raise OutcomeUnknownError(
        "the answer does not hold the schedule", operation="subscribe.schedule", ids={"merchant_uid": uid}
    )
