"""What the evidence says about one write, and the facts about payments that every verdict rests on."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from attrs import field, frozen
from portone_v1_generated.models.payments import Payment

from .._decisions.amounts import known_amount
from ..errors import ResponseFormatError
from ..pg_profiles import charge_horizon

__all__ = [
    "Alarm",
    "Verdict",
    "amount_in",
    "amount_text",
    "balance_of",
    "doubles_in",
    "is_undecided",
    "refuse_fractions",
    "seconds_of",
    "still_paid",
    "to_unit",
    "was_paid",
]

CENT: Final = Decimal("0.01")
TOO_MUCH: Final = Decimal(10) ** 18
"""No amount of any currency, and more than `quantize` can keep to the hundredth."""
WHOLE_UNITS: Final = frozenset({"KRW", "JPY", "VND"})
BUYER_CHANNELS: Final = frozenset({"pc", "mobile"})
"""Attempts that a buyer makes in the payment window, so that none of them is a call of the SDK."""


@frozen(slots=False)  # a slot of a frozen class is set by a call
class Verdict:
    state: str
    """paid, charge_refunded, declined, pending, not_charged; refunded, accepted, refused, not_refunded; undecided."""
    final: bool
    """Nothing that V1 shows later can change it."""
    payment: Payment | None = None
    reason: str | None = field(default=None, repr=False)
    amount: Decimal = Decimal(0)
    """Amount refunded under this key, if it is a refund."""
    evidence: str = ""
    """answer, mark, order, balance, amount, overdue. `amount`: an entry of the same amount, perhaps another refund."""
    doubles: tuple[Payment, ...] = ()
    """The paid attempts of an order, if there is more than one."""


@frozen
class Alarm:
    """경보: money is not where the SDK reported it. A person has to check."""

    kind: str
    """`double_payment`, `over_refund`, `late_execution`, `overdue`."""
    text: str
    intent: Any = None
    payments: tuple[Payment, ...] = ()


def to_unit(amount: Decimal | None) -> Decimal:
    """Round an amount to the hundredth, as V1 keeps sums as floats. Raises ResponseFormatError if it is no amount."""
    exact = known_amount(amount)
    if abs(exact) >= TOO_MUCH:
        raise ResponseFormatError("an amount of the payment cannot be read")
    return exact.quantize(CENT)


def amount_in(currency: str, amount: object, name: str = "amount") -> Decimal:
    """Return the amount if it is positive and the currency can have it.

    Raises:
        ValueError: zero, negative, or a fraction of a won. V1 takes 0 for *everything that is left*.
        TypeError: no `int` or `Decimal`.
    """
    if isinstance(amount, bool) or not isinstance(amount, (int, Decimal)):  # `int | Decimal` is built anew at each call
        raise TypeError(f"{name} must be an int or a Decimal, not {type(amount).__name__}")
    exact = Decimal(amount)
    if not exact.is_finite() or exact <= 0:
        raise ValueError(f"{name} must be positive")
    refuse_fractions(currency, exact)
    return exact


def refuse_fractions(currency: str, exact: Decimal) -> None:
    """Raise ValueError for a fraction of the currency's smallest unit, and for an amount that no currency has."""
    if exact >= TOO_MUCH:
        raise ValueError(f"{exact} is too large for an amount")
    unit = Decimal(1) if currency.upper() in WHOLE_UNITS else CENT
    if exact != exact.quantize(unit):
        raise ValueError(f"{exact} {currency}: more decimal places than the currency has")


def amount_text(amount: Decimal) -> str:
    """Return the journal's form of an amount: `1000` and `1000.00`, as a database returns it, are the same."""
    return f"{amount.normalize():f}"


def balance_of(payment: Payment) -> Decimal:
    """취소 가능 잔액: Return what is still refundable. After a partial refund V1 may say `cancelled`, too."""
    if payment.status not in ("paid", "cancelled"):
        return Decimal(0)
    return max(Decimal(0), to_unit(payment.amount) - to_unit(payment.cancel_amount))


def still_paid(payment: Payment) -> bool:
    return payment.status == "paid" or (payment.status == "cancelled" and balance_of(payment) > 0)


def was_paid(payment: Payment) -> bool:
    """Return whether it was paid at any time, even if it was refunded since."""
    return payment.status in ("paid", "cancelled")


def doubles_in(found: list[Payment]) -> tuple[Payment, ...]:
    if len(found) < 2:
        return ()
    paid = tuple(payment for payment in found if still_paid(payment))
    return paid if len(paid) > 1 else ()


def seconds_of(at: object, otherwise: float) -> float:
    """Return the UNIX seconds of a time that V1 shows, or `otherwise` if V1 shows none, or something else."""
    return at.timestamp() if isinstance(at, datetime) else otherwise


def is_undecided(payment: Payment, now: float) -> bool:
    """Return whether an attempt by a server's call may still become paid.

    A virtual account that waits for its deposit is no such attempt: nobody charges it. Neither is a payment window that
    the buyer left.
    """
    if payment.channel in BUYER_CHANNELS or payment.pay_method == "vbank":
        return False
    if payment.status in ("paid", "cancelled"):
        return False
    if payment.status == "failed":
        horizon = charge_horizon(payment.pg_provider, "failed")
        return horizon is not None and now - seconds_of(payment.failed_at, now) < horizon
    return True
