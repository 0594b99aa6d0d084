"""V1's movements laid beside the shop's orders. Pure: lists in, differences out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final, Literal

from attrs import define, field, frozen
from portone_v1.results import Movement
from portone_v1_generated.models.payments import Payment

from .orders import Orders

__all__ = ["KINDS", "Difference", "compare"]

Kind = Literal["paid_not_in_shop", "in_shop_not_paid", "amount_differs", "refund_differs"]

KINDS: Final[dict[Kind, str]] = {
    "paid_not_in_shop": "결제됨, 주문 없음 · paid, but not in the shop",
    "in_shop_not_paid": "주문 있음, 결제 없음 · in the shop, but not paid",
    "amount_differs": "금액 불일치 · amounts differ",
    "refund_differs": "환불 불일치 · refunds differ",
}


@frozen
class Difference:
    kind: Kind
    merchant_uid: str
    imp_uid: str
    currency: str
    shop: Decimal | None
    """What the shop says, None where it says nothing."""
    v1: Decimal | None

    def told(self) -> dict[str, Any]:
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
    """What V1 knows of one order."""

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
        """Of payments from before these days, too: only their refund is among the movements."""
        return sum((payment.amount for payment in self.payments.values()), Decimal(0))

    @property
    def refunded(self) -> Decimal:
        """So far, as a shop's own column of refunds has it."""
        return sum((payment.cancel_amount or Decimal(0) for payment in self.payments.values()), Decimal(0))

    @property
    def currency(self) -> str:
        return " ".join(sorted({payment.currency for payment in self.payments.values()}))


def compare(movements: Iterable[Movement], orders: Orders) -> list[Difference]:
    """In the order of their kinds, then of the orders' numbers."""
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
        elif orders.tells_refunds:
            yield Difference("refund_differs", uid, ids, currency, None, there.refunded_now)
        return
    if order.amount != there.charged or order.currency != currency:
        told = currency if order.currency == currency else f"{order.currency} / {currency}"
        yield Difference("amount_differs", uid, ids, told, order.amount, there.charged)
    if orders.tells_refunds and order.refunded != there.refunded:
        yield Difference("refund_differs", uid, ids, currency, order.refunded, there.refunded)
