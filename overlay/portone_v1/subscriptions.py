"""정기결제: results of `client.subscriptions.ensure`, and the date of the next period."""

from __future__ import annotations

import calendar
from datetime import datetime
from typing import Any, Literal, NoReturn

from attrs import field, frozen
from portone_v1_runtime.decode import KST
from portone_v1_runtime.encode import naive

import portone_v1

from .errors import PortOneError

__all__ = ["Period", "Step", "SubscriptionError", "month_after"]


@frozen
class Step:
    """한 단계: one write that `ensure` made."""

    kind: Literal["schedule", "move", "unschedule", "charge"]
    merchant_uid: str
    """Order number of the step."""
    why: str
    charge: portone_v1.results.Charge | None = None
    """Outcome, if the step was a charge."""


@frozen
class Period:
    """정기결제 한 회차: state of a period at V1 after `ensure`."""

    state: Literal["scheduled", "paid", "declined", "late", "waiting", "ended", "refunded", "double"]
    """
    * `scheduled`: V1 charges it when it is due.
    * `paid`: paid once.
    * `declined`: the card was declined. Ask for another card, or call again with `dunning=True`.
    * `late`: its time has passed without an attempt. Call again with `late="charge"` to charge it now.
    * `waiting`: not decided yet, or V1 does not show an earlier write yet. Charge nothing; call again later.
    * `ended`: nothing is scheduled and nothing was paid, as requested.
    * `refunded`: it was paid and refunded. A person decides.
    * `double`: it was paid twice. Refund one of the payments.
    """
    merchant_uid: str | None = None
    """Order number that counts for the period."""
    steps: tuple[Step, ...] = ()
    """Writes that this call made, in order."""
    differences: tuple[str, ...] = ()
    """Differences that a person has to decide: another price than was paid, a payment of an ended period."""
    payment: portone_v1.models.Payment | None = field(default=None, repr=False)
    """Payment of the period, if there is one."""

    def __bool__(self) -> NoReturn:
        raise TypeError("Period has no truth value: compare its state")


class SubscriptionError(PortOneError):
    """A step of `ensure` failed. The steps in `done` were made before, and may have charged; call `ensure` again."""

    def __init__(self, reason: str, done: tuple[Step, ...] = ()) -> None:
        super().__init__(reason)
        self.done = done

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.done)


def month_after(first: datetime, months: int) -> datetime:
    """Return the same day of a later month in KST, or that month's last day: 31 Jan → 28 Feb → 31 Mar.

    Count from the first charge, not from the last, so that a short month does not move all that follow.
    """
    if first.utcoffset() is None:
        raise naive("first")
    local = first.astimezone(KST)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    return local.replace(year=year, month=month + 1, day=min(local.day, calendar.monthrange(year, month + 1)[1]))
