"""Compare V1's charges and refunds with the shop's orders. Pure: lists in, differences out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final, Literal

from attrs import define, field, frozen
from portone_v1.models import Payment
from portone_v1.results import Movement

from .orders import Orders

__all__ = ["KINDS", "Difference", "compare"]

Kind = Literal["paid_not_in_shop", "in_shop_not_paid", "amount_differs", "refund_differs"]

KINDS: Final[dict[Kind, str]] = {
    "paid_not_in_shop": "결제는 있고 주문은 없음 · paid in V1, missing in the orders file",
    "in_shop_not_paid": "주문은 있고 결제는 없음 · in the orders file, not paid in V1",
    "amount_differs": "금액 불일치 · amount mismatch",
    "refund_differs": "취소 금액 불일치 · refund mismatch",
}


@frozen
class Difference:
    kind: Kind
    merchant_uid: str
    imp_uid: str
    currency: str
    shop: Decimal | None
    """The amount in the orders file, None if it is not there."""
    v1: Decimal | None

    def to_dict(self) -> dict[str, Any]:
        """Return the columns of the table, the CSV file and the JSON."""
        return {
            "difference": self.kind,
            "merchant_uid": self.merchant_uid,
            "imp_uid": self.imp_uid,
            "currency": self.currency,
            "shop": self.shop,
            "v1": self.v1,
        }


@define
class _AtV1:
    """The payments of one order in V1."""

    payments: dict[str, Payment] = field(factory=dict[str, Payment])
    charged_now: bool = False
    refunded_now: Decimal = Decimal(0)

    def add(self, movement: Movement) -> None:
        self.payments[movement.imp_uid] = movement.payment
        if movement.kind == "charge":
            self.charged_now = True
        else:
            self.refunded_now += movement.amount

    @property
    def charged(self) -> Decimal:
        """Total charged, also by payments made before the period: only their refunds are among the movements."""
        return sum((payment.amount for payment in self.payments.values()), Decimal(0))

    @property
    def refunded(self) -> Decimal:
        """Total refunded so far, as in the shop's column of refunds."""
        return sum((payment.cancel_amount or Decimal(0) for payment in self.payments.values()), Decimal(0))

    @property
    def currency(self) -> str:
        return " ".join(sorted({payment.currency for payment in self.payments.values()}))


def compare(movements: Iterable[Movement], orders: Orders) -> list[Difference]:
    """Return the differences, by kind and order number."""
    known: dict[str, _AtV1] = {}
    for movement in movements:
        known.setdefault(movement.merchant_uid, _AtV1()).add(movement)
    found = [
        difference
        for uid in sorted(known.keys() | orders.by_uid.keys())
        for difference in _of_order(uid, known.get(uid), orders)
    ]
    kinds = [*KINDS]
    return sorted(found, key=lambda difference: kinds.index(difference.kind))


def _of_order(uid: str, there: _AtV1 | None, orders: Orders) -> Iterator[Difference]:
    order = orders.by_uid.get(uid)
    if there is None:
        if order is not None and order.amount:
            yield Difference("in_shop_not_paid", uid, "", order.currency, order.amount, None)
        return
    ids, currency = " ".join(sorted(there.payments)), there.currency
    if order is None:
        if there.charged_now:
            yield Difference("paid_not_in_shop", uid, ids, currency, None, there.charged)
        elif orders.compares_refunds:
            yield Difference("refund_differs", uid, ids, currency, None, there.refunded_now)
        return
    if order.amount != there.charged or order.currency != currency:
        currencies = currency if order.currency == currency else f"{order.currency} / {currency}"
        yield Difference("amount_differs", uid, ids, currencies, order.amount, there.charged)
    if orders.compares_refunds and order.refunded != there.refunded:
        yield Difference("refund_differs", uid, ids, currency, order.refunded, there.refunded)
