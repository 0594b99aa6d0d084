"""Is this payment the one that was ordered? All of what can be wrong, at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portone_v1_generated._writing import money
from portone_v1_generated.enums.payments import PaymentStatus
from portone_v1_generated.models.payments import Payment

from .._wire import Flow
from ..errors import VerificationError

__all__ = ["cancellable_amount", "refuse_mismatches", "verify"]


def cancellable_amount(payment: Payment) -> Decimal:
    """취소 가능 금액: what of the payment is still paid, in the currency's unit.

    Never told by `status` alone: a partly cancelled payment is still `paid`.
    """
    if payment.status not in (PaymentStatus.PAID, PaymentStatus.CANCELLED):
        return Decimal(0)
    return max(Decimal(0), (payment.amount or Decimal(0)) - (payment.cancel_amount or Decimal(0)))


def verify(
    imp_uid: str,
    *,
    merchant_uid: str,
    amount: int | Decimal,
    currency: str = "KRW",
    allow_test: bool = False,
    tier: str | None = None,
) -> Flow[Payment]:
    """결제 검증: read the payment back and compare it with your own order.

    Args:
        imp_uid: what the browser or a webhook named.
        merchant_uid: the number of your order.
        amount: what the order costs, less what was already cancelled of it.
        currency: its currency.
        allow_test: take a payment through a test channel too. Never in production: nobody pays on those.
        tier: 하위 상점 고유코드, as in every call.

    Raises:
        VerificationError: `mismatches` names all that differs. Deliver nothing.
        NotFoundError: there is no such payment.
    """
    expected = Decimal(money("amount", amount))
    options: dict[str, Any] = {} if tier is None else {"tier": tier}
    payment: Payment = yield lambda client: client.payments.get(imp_uid, include_sandbox=True, **options)
    left = cancellable_amount(payment)
    found: dict[str, tuple[Any, Any]] = {
        "imp_uid": (imp_uid, payment.imp_uid),
        "merchant_uid": (merchant_uid, payment.merchant_uid),
        "status": (PaymentStatus.PAID, payment.status),
        "amount": (expected, left),
        "currency": (currency, payment.currency),
    }
    if not allow_test:
        found["sandbox"] = (False, bool(payment.sandbox))
    refuse_mismatches("payments.verify", payment, found)
    return payment


def refuse_mismatches(operation: str, payment: Payment, found: dict[str, tuple[Any, Any]]) -> None:
    """Raise for every pair of which the halves differ."""
    mismatches = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
    if mismatches:
        told = "; ".join(f"{name} {expected} was expected, not {got}" for name, (expected, got) in mismatches.items())
        error = VerificationError(told, operation=operation, ids={"imp_uid": payment.imp_uid})
        error.payment, error.mismatches = payment, mismatches
        raise error
