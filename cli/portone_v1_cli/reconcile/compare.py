"""Compare V1's charges and refunds with the shop's orders. Pure: pairs in, differences out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from .books import Pair
from .differences import Difference

__all__ = ["compare"]


def compare(pairs: Iterable[Pair], *, compares_refunds: bool) -> Iterator[Difference]:
    """Yield the differences in the order of the pairs."""
    for pair in pairs:
        yield from _of_order(pair, compares_refunds=compares_refunds)


def _of_order(pair: Pair, *, compares_refunds: bool) -> Iterator[Difference]:
    uid, order, moved = pair
    if not moved:
        if order is not None and order.amount:
            yield Difference("in_shop_not_paid", uid, "", order.currency, order.amount, None)
        return
    payments = {one.imp_uid: one for one in moved}
    ids, currency = " ".join(sorted(payments)), " ".join(sorted({one.currency for one in moved}))
    # Includes payments made before the period and only refunded in it, because the shop's columns are totals.
    charged = sum((one.charged for one in payments.values()), Decimal(0))
    refunded = sum((one.refunded for one in payments.values()), Decimal(0))
    if order is None:
        if any(one.kind == "charge" for one in moved):
            yield Difference("paid_not_in_shop", uid, ids, currency, None, charged)
        elif compares_refunds:
            now = sum((one.amount for one in moved), Decimal(0))
            yield Difference("refund_differs", uid, ids, currency, None, now)
        return
    if order.amount != charged or order.currency != currency:
        currencies = currency if order.currency == currency else f"{order.currency} / {currency}"
        yield Difference("amount_differs", uid, ids, currencies, order.amount, charged)
    if compares_refunds and order.refunded != refunded:
        yield Difference("refund_differs", uid, ids, currency, order.refunded, refunded)
