"""What to refund: the caller's order, checked before V1 is read, and the plan that follows from the payment. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from attrs import field, frozen
from portone_v1_generated.models.payments import Payment
from portone_v1_runtime.unset import FULL, Full

from ..errors import NotFoundError
from .marks import checked_key
from .verdict import amount_in, amount_text, balance_of, refuse_fractions, still_paid, to_unit

__all__ = ["RefundOrder", "RefundPlan", "only_paid", "plan_refund", "refund_order", "refuse_nothing_to_refund"]

EVERYTHING: Final = (
    "amount must be an int or a Decimal above 0; FULL (from portone_v1 import FULL) is the full refundable balance"
)


@frozen(slots=False)  # a slot of a frozen class is set by a call
class RefundOrder:
    """What a caller wants refunded."""

    amount: int | Decimal | None
    """The amount of a part; None if `left` says what shall remain."""
    left: Decimal | None
    key: str | None
    reason: str | None
    details: Mapping[str, Any] = field(factory=dict[str, Any], repr=False)
    """Further arguments of `payments.cancel`, the buyer's account among them."""

    @property
    def asked(self) -> str:
        """The amount in text form, which must be the same in a repeated call with the key."""
        if self.left is not None:
            return f"left={amount_text(self.left)}"
        return amount_text(Decimal(self.amount or 0))

    def key_for(self, imp_uid: str, asked: str) -> str:
        return f"refund/{self.key}" if self.key else f"refund/{imp_uid}/{asked}"


def refund_order(
    *,
    amount: int | Decimal | Full | None,
    left: int | Decimal | None,
    key: str | None,
    reason: str | None,
    details: Mapping[str, Any],
) -> RefundOrder:
    """Build an order, checking what can be checked without V1.

    Raises:
        TypeError: neither or both of `amount` and `left`; a part without its key.
        ValueError: a negative amount, or a key that is empty.
    """
    if (amount is None) == (left is None):
        raise TypeError("pass either amount (FULL, or an amount with key) or left (the amount to remain)")
    key = checked_key(key, "refund")
    if amount is FULL:
        return RefundOrder(None, Decimal(0), key, reason, details)
    if left is not None:
        if isinstance(left, bool) or not isinstance(left, (int, Decimal)):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"left must be an int or a Decimal, not {type(left).__name__}")
        if not Decimal(left).is_finite() or left < 0:
            raise ValueError("left must not be negative")
        return RefundOrder(None, Decimal(left), key, reason, details)
    if isinstance(amount, str):  # "full"
        raise TypeError(EVERYTHING)
    if amount == 0 and not isinstance(amount, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(EVERYTHING)
    amount_in("", amount)
    if not key:
        raise TypeError(
            "a partial refund needs key=, your id of it such as the number of the return, or left=, the amount that "
            "remains: without either, a repeated call would refund twice. Pass key=new_key() to refund at each call"
        )
    return RefundOrder(amount, None, key, reason, details)


@frozen(slots=False)
class RefundPlan:
    amount: int | Decimal
    """The amount to refund; 0: there is nothing to do."""
    checksum: int | Decimal
    """What is still refundable, as V1 showed it."""


def plan_refund(payment: Payment, order: RefundOrder) -> RefundPlan:
    """Return the amount to refund and the `checksum`.

    Raises:
        ValueError: nothing is paid, the amount is more than what is left, or the account for a virtual account is
            missing. Nothing was sent.
    """
    if payment.status not in ("paid", "cancelled"):
        raise ValueError(f"the payment is {payment.status}: there is nothing to refund; nothing was sent")
    wanted = balance = balance_of(payment)
    if order.left is None:
        wanted = amount_in(payment.currency or "KRW", order.amount)
    elif order.left:
        refuse_fractions(payment.currency or "KRW", order.left)
        wanted = max(Decimal(0), balance - order.left)
    if wanted > balance:
        raise ValueError(
            f"amount={amount_text(wanted)} exceeds the refundable balance of {amount_text(balance)}; nothing was sent"
        )
    details = order.details
    if details:
        parts = [Decimal(details[name]) for name in ("tax_free", "vat_amount") if details.get(name) is not None]
        if sum(parts) > wanted > 0:
            raise ValueError("tax_free + vat_amount must not exceed amount; nothing was sent")
    if payment.pay_method == "vbank" and wanted > 0:
        missing = [name for name in ("refund_holder", "refund_bank", "refund_account") if not details.get(name)]
        if missing:
            needed = ", ".join(missing)
            raise ValueError(f"refunding a virtual-account payment requires the buyer's account: {needed}")
    checksum = _shortest(balance)
    return RefundPlan(checksum if wanted == balance else _shortest(wanted), checksum)


def refuse_nothing_to_refund(payment: Payment, left: Decimal | None) -> None:
    """Refuse `left` if no refund can leave so much: an earlier refund by others is not what the caller asked for.

    Raises:
        ValueError: it is above the balance, or nothing was ever refunded. Nothing was sent.
    """
    balance = balance_of(payment)
    if left and (left > balance or not to_unit(payment.cancel_amount)):
        raise ValueError(
            f"left={amount_text(left)}: the refundable balance is {amount_text(balance)}, so that there is nothing to"
            " refund; nothing was sent"
        )


def _shortest(amount: Decimal) -> int | Decimal:
    """Return the shortest form of an amount: 10000 and not 10000.00, for FULL too."""
    whole = int(amount)
    return whole if whole == amount else Decimal(amount_text(amount))


def only_paid(found: list[Payment], merchant_uid: str) -> Payment:
    """Return the payment of an order that still holds money, else one that was refunded or awaits a deposit.

    Raises:
        NotFoundError: no attempt at the order was paid.
    """
    for payment in found:
        if still_paid(payment):
            return payment
    for status in ("cancelled", "ready"):
        for payment in found:
            if payment.status == status:
                return payment
    reason = "this order has no paid attempt"
    raise NotFoundError(reason, operation="payments.cancel_once", ids={"merchant_uid": merchant_uid}, status=404)
