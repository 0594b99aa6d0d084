"""Holding what the shop was told against the sandbox's ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from attrs import Factory, define
from portone_v1 import NotSentError, OutcomeUnknownError
from portone_v1.results import Charge, CompletedRefund, DeclinedCharge, NotCharged, NotRefunded, PaidCharge, Refund
from portone_v1_runtime.unset import FULL
from portone_v1_sandbox import Movement

from .mortal import KilledError
from .proxy import OPERATORS_AMOUNT
from .shop import Intent, Order

__all__ = ["INVARIANTS", "Books", "audit", "outcome"]


@define
class Books:
    """One order's side of the ledger."""

    charges: list[Movement] = Factory(list)
    refunds: list[Decimal] = Factory(list)
    by_others: Decimal = Decimal(0)


def _charged_at_most_once(order: Order, books: Books) -> bool:
    return len(books.charges) <= 1


def _refunded_at_most_what_was_paid(order: Order, books: Books) -> bool:
    return sum(books.refunds) + books.by_others <= sum(movement.amount for movement in books.charges)


def _refunded_at_most_what_was_asked(order: Order, books: Books) -> bool:
    """Check that each cancellation belongs to an intent, and that none was executed twice."""
    asked = Counter(_cancels(order))
    executed = Counter(books.refunds)
    beyond = sum((executed - asked).values())
    return beyond <= sum(intent.amount is FULL for intent in order.intents)


def _charges_are_as_reported(order: Order, books: Books) -> bool:
    results = [intent.result for intent in order.intents if intent.kind == "charge"]
    paid = [result for result in results if isinstance(result, PaidCharge)]
    if paid:
        right = {r.payment.imp_uid for r in paid} == {movement.imp_uid for movement in books.charges}
        contradicted = any(isinstance(r, DeclinedCharge | NotCharged) for r in results)
        return len(books.charges) == 1 and books.charges[0].amount == order.amount and right and not contradicted
    return not books.charges or order.way == "window"


def _refunds_are_as_reported(order: Order, books: Books) -> bool:
    parts = Counter(_given(order, full=False))
    full = {*_given(order, full=True)} - {Decimal(0)}
    executed = Counter(books.refunds)
    # What is left can be refunded only once, though two calls may both report it.
    result = not parts - executed and full == set(executed - parts) and (executed - parts).total() <= 1
    return result and not any(r.state == "accepted" for r in _refunds(order))


def _nothing_stays_unknown(order: Order, books: Books) -> bool:
    return not any(intent.unknown for intent in order.intents)


def _nothing_else_was_wrong(order: Order, books: Books) -> bool:
    return not order.wrong


INVARIANTS: Final[dict[str, Callable[[Order, Books], bool]]] = {
    "charged at most once": _charged_at_most_once,
    "refunded at most what was paid": _refunded_at_most_what_was_paid,
    "refunded at most what was asked": _refunded_at_most_what_was_asked,
    "charges are as told": _charges_are_as_reported,
    "refunds are as told": _refunds_are_as_reported,
    "nothing stays unknown after settle": _nothing_stays_unknown,
    "verified only what was ordered": _nothing_else_was_wrong,
}


def _cancels(order: Order) -> list[Decimal]:
    return [Decimal(i.amount) for i in order.intents if i.kind == "cancel" and i.amount is not FULL]


def _given(order: Order, *, full: bool) -> list[Decimal]:
    """Return the amounts that were reported as refunded, by calls for everything or for parts."""
    return [
        i.result.amount for i in order.intents if (i.amount is FULL) is full and isinstance(i.result, CompletedRefund)
    ]


def _refunds(order: Order) -> list[Refund]:
    return [intent.result for intent in order.intents if isinstance(intent.result, Refund)]


def audit(orders: Iterable[Order], ledger: Iterable[Movement]) -> tuple[Counter[str], list[tuple[str, Order]]]:
    """Return how often each invariant was checked, and where it did not hold."""
    kept = {order.merchant_uid: Books() for order in orders}
    for movement in ledger:
        books = kept[movement.merchant_uid]
        if movement.kind == "charge":
            books.charges.append(movement)
        elif movement.amount == OPERATORS_AMOUNT:
            books.by_others += movement.amount
        else:
            books.refunds.append(movement.amount)
    checked: Counter[str] = Counter()
    violated: list[tuple[str, Order]] = []
    for order in orders:
        for name, holds in INVARIANTS.items():
            checked[name] += 1
            if not holds(order, kept[order.merchant_uid]):
                violated.append((name, order))
    return checked, violated


def outcome(intent: Intent) -> str:
    result = intent.result
    if isinstance(result, Charge | Refund | NotCharged | NotRefunded):
        return result.state
    if isinstance(result, KilledError):
        return "killed"
    if isinstance(result, NotSentError):
        return "not sent"
    if isinstance(result, OutcomeUnknownError):
        return "unknown"
    return f"{type(result).__name__}, nothing done"
