"""Check the arguments of `subscriptions.ensure`. Pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from attrs import frozen
from portone_v1_runtime.encode import naive

from .._decisions.convergence import Wanted
from .marks import checked_key
from .verdict import amount_in

__all__ = ["WantedPeriod", "wanted_period"]

LONGEST_NUMBER: Final = 40
"""V1 cuts off a longer `merchant_uid` at some PGs; `-r9` must fit too."""
FIRST_DAY: Final = 946_684_800.0
"""2000-01-01. An earlier date is a mistake."""
LAST_DAY: Final = 4_102_444_800.0
"""2100-01-01. A later one is in milliseconds."""


@frozen
class WantedPeriod:
    period: str
    base: str
    name: str
    due: datetime
    want: Wanted

    @property
    def resource(self) -> str:
        return f"period:{self.period}"


def wanted_period(
    period: str,
    merchant_uid: str,
    *,
    card: str,
    price: int | Decimal,
    name: str,
    due: datetime,
    active: bool,
    late: Literal["report", "charge"],
    dunning: bool,
) -> WantedPeriod:
    """Check the arguments.

    Raises:
        TypeError, ValueError: one is wrong. Nothing was sent.
    """
    period = checked_key(period, "period") or ""
    texts: tuple[tuple[str, object], ...] = (
        ("period", period),
        ("merchant_uid", merchant_uid),
        ("card", card),
        ("name", name),
    )
    for title, value in texts:
        if not isinstance(value, str) or not value.strip():  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"{title} must be a non-empty str")
    for title, flag in (("active", active), ("dunning", dunning)):  # a None from a database would end the subscription
        if not isinstance(flag, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"{title} must be a bool, not {type(flag).__name__}")
    if len(merchant_uid) > LONGEST_NUMBER - 4:
        raise ValueError(f"merchant_uid must have at most {LONGEST_NUMBER - 4} characters, to leave room for -r2")
    if not isinstance(due, datetime):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"due must be a datetime with a time zone, not {type(due).__name__}")
    if due.utcoffset() is None:
        raise naive("due")
    at = float(int(due.timestamp()))
    if not FIRST_DAY <= at < LAST_DAY:
        raise ValueError("due must be between 2000 and 2100: pass seconds, not milliseconds")
    if late not in ("report", "charge"):
        raise ValueError("late must be 'report' or 'charge'")
    amount = amount_in("KRW", price, "price")
    want = Wanted(amount, card, at, active=active, late=late, dunning=dunning)
    return WantedPeriod(period, merchant_uid, name, due, want)
