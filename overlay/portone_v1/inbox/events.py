"""Events that handlers receive: changes of a payment, and the three other webhooks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from attrs import field, frozen
from portone_v1_generated.models.payments import Payment

from .._decisions.amounts import known_amount

__all__ = [
    "CheckoutConfirm",
    "CvsConfirm",
    "EscrowChanged",
    "Paid",
    "PaymentChanged",
    "PaymentFailed",
    "Progress",
    "Refunded",
    "VbankIssued",
    "change_of",
]

RANKS: Final = {"ready": 0, "failed": 1, "paid": 2, "cancelled": 3}
PAID: Final = RANKS["paid"]
UNKNOWN_RANK: Final = 1
"""A status that V1 adds later ranks before `paid`: it never makes an order paid, and never hides a payment."""


@frozen(order=True)
class Progress:
    """Progress of a payment. Totally ordered, so that a read that lags never moves an order back."""

    rank: int = -1
    """ready 0, failed 1, paid 2, cancelled 3; -1 before anything was processed."""
    cancelled: Decimal = Decimal(0)
    """The amount refunded so far, in the currency's unit."""

    @classmethod
    def of(cls, payment: Payment) -> Progress:
        return cls(RANKS.get(str(payment.status), UNKNOWN_RANK), known_amount(payment.cancel_amount))

    @staticmethod
    def rank_of(status: str) -> int:
        return RANKS.get(status, UNKNOWN_RANK)


@frozen
class PaymentChanged:
    """결제 상태 변경: A payment has a state that the handler has not processed.

    One of `VbankIssued`, `Paid`, `PaymentFailed`, `Refunded`, or this class itself for a status that V1 added later.
    """

    payment: Payment
    before: Progress
    """Progress that was processed last."""
    after: Progress
    """Progress that is recorded as processed when the handler returns."""


class VbankIssued(PaymentChanged):
    """가상계좌 발급: A virtual account waits for its deposit. Nothing is paid yet."""


class Paid(PaymentChanged):
    """결제 완료: The buyer paid. Compare amount, currency and order before you deliver."""


class PaymentFailed(PaymentChanged):
    """결제 실패: Nothing is charged as of now. At PayPal, Paymentwall and Payletter it may still become `paid`."""


class Refunded(PaymentChanged):
    """취소: Part or all of the payment was refunded, by your code, by an operator in the console, or by the PG.

    V1 reports `cancelled` after a partial refund too (observed 2024).
    """

    @property
    def amount_now(self) -> Decimal:
        """Amount refunded since the last change that was processed, in the currency's unit."""
        return self.after.cancelled - self.before.cancelled


@frozen
class EscrowChanged:
    """에스크로 상태 변경 (`Inicis.Escrow.Changed`): The buyer confirmed or rejected the delivery.

    V1 has no operation that confirms it. Anyone who knows the `imp_uid`, the buyer too, can send one: check it at the
    PG before you move money.
    """

    imp_uid: str
    merchant_uid: str | None = None
    status: str | None = None
    """`escrow_status`, unchanged."""
    changed_at: datetime | None = None
    denied_reason: str | None = field(default=None, repr=False)
    """The buyer's reason: free text."""
    from_portone: bool = False
    """Whether it came from a PortOne address. Behind a proxy this needs `trusted_proxies`."""


@frozen
class CvsConfirm:
    """편의점 결제 확인 (`Galaxia.Cvs.Confirm`): The convenience store asks whether to accept the buyer's money.

    Return True or False.
    """

    imp_uid: str
    merchant_uid: str | None = None


@frozen
class CheckoutConfirm:
    """결제 승인 전 확인 (`confirm_url`): The PG asks before it charges the buyer.

    Return None to approve, or the reason to refuse.
    """

    imp_uid: str
    merchant_uid: str | None = None
    amount: Decimal | None = None
    """Amount that the page requested. Compare it with the order."""


def change_of(payment: Payment, before: Progress) -> PaymentChanged | None:
    """Return the next change of a payment after `before`, None if there is none. Call again with its `after`."""
    now = Progress.of(payment)
    if now.rank < before.rank and now.cancelled > before.cancelled:  # not a read that lags: refunds are never undone
        now = Progress(before.rank, now.cancelled)
    if not now > before:
        return None
    status = str(payment.status)
    given_back, left = now.cancelled, known_amount(payment.amount) - now.cancelled
    if before.rank < PAID and given_back and left > 0 and status in ("paid", "cancelled"):
        # Paid and partly refunded since the last read: the shop gets the payment first.
        return Paid(payment, before, Progress(PAID))
    if status == "paid":
        # After a partial refund some PGs keep `paid`: the change is the refund, unless `paid` itself is new.
        return Refunded(payment, before, now) if before.rank >= PAID else Paid(payment, before, now)
    if status == "cancelled":
        return Refunded(payment, before, now)
    if status == "failed":
        return PaymentFailed(payment, before, now)
    if status == "ready":
        return VbankIssued(payment, before, now)
    return PaymentChanged(payment, before, now)
