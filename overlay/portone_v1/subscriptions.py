"""정기결제: what `client.subscriptions.ensure` returns, and when the next period is due."""

from __future__ import annotations

import calendar
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from attrs import field, frozen
from portone_v1_runtime.decode import KST

from .errors import PortOneError

if TYPE_CHECKING:
    from portone_v1_generated.models.payments import Payment

    from .results import Charge

__all__ = ["Period", "Step", "SubscriptionError", "month_after"]


@frozen
class Step:
    """한 단계: one thing that `ensure` did."""

    kind: Literal["schedule", "move", "unschedule", "charge"]
    merchant_uid: str
    """The order number under which it was done."""
    why: str
    charge: Charge | None = None
    """Of a charge: what became of it."""


@frozen
class Period:
    """정기결제 한 회차: what V1 holds for a period after `ensure`."""

    state: Literal["scheduled", "paid", "declined", "late", "waiting", "ended", "refunded", "double"]
    """
    * `scheduled`: it will be charged when it is due.
    * `paid`: it is paid, once.
    * `declined`: the card was declined. Ask for another, or call again with `dunning=True`.
    * `late`: its time has passed and it was never tried. Call again with `late="charge"` to charge it now.
    * `waiting`: V1 or the PG has not decided yet. Call again later; nothing may be charged meanwhile.
    * `ended`: nothing is scheduled and nothing is paid, as wanted.
    * `refunded`: it was paid and given back. A person decides.
    * `double`: it is paid twice. Refund one of the payments.
    """
    merchant_uid: str | None = None
    """The order number that counts for the period."""
    steps: tuple[Step, ...] = ()
    """What this call did, in order."""
    differences: tuple[str, ...] = ()
    """What is not as it was wanted and is left to a person: another price than was paid, a payment of an ended one."""
    payment: Payment | None = field(default=None, repr=False)
    """The payment of the period, where there is one."""

    def __bool__(self) -> NoReturn:
        raise TypeError("Period has no truth value: compare its state")


class SubscriptionError(PortOneError):
    """A step of `ensure` failed. `done` holds the steps before it, with what they moved; call `ensure` again."""

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
        raise ValueError("first must be an aware datetime")
    local = first.astimezone(KST)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    return local.replace(year=year, month=month + 1, day=min(local.day, calendar.monthrange(year, month + 1)[1]))
