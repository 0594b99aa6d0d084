"""Store orders, and the charges and refunds of V1, on disk, and iterate over both by order number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple, Self

from portone_v1.results import MovementLine

from .on_disk import from_bytes, nameless_database, to_bytes
from .orders import Order

__all__ = ["Books", "Moved", "Pair"]

TABLES: Final = """
CREATE TABLE shop (merchant_uid BLOB PRIMARY KEY, amount TEXT, refunded TEXT, currency TEXT) WITHOUT ROWID;
CREATE TABLE moved (
    merchant_uid BLOB, imp_uid BLOB, kind TEXT, amount TEXT, currency BLOB, charged TEXT, refunded TEXT
);
"""
BY_ORDER: Final = """
SELECT merchant_uid, NULL AS imp_uid, NULL, amount, currency, NULL, refunded FROM shop
UNION ALL SELECT merchant_uid, imp_uid, kind, amount, currency, charged, refunded FROM moved
ORDER BY merchant_uid, imp_uid
"""


class Moved(NamedTuple):
    """A charge or a refund in the period."""

    imp_uid: str
    kind: Literal["charge", "refund"]
    amount: Decimal
    currency: str
    charged: Decimal
    """`amount` of the whole payment."""
    refunded: Decimal
    """`cancel_amount` of the whole payment."""


class Pair(NamedTuple):
    """One order number: the shop's order, if the file has it, and what moved at V1."""

    merchant_uid: str
    order: Order | None
    moved: list[Moved]


class Books:
    """A context manager. Add all orders first, then the movements; it then iterates over pairs by order number."""

    def __init__(self) -> None:
        self._db = nameless_database(TABLES)
        self.orders = 0
        """Number of orders."""

    def add_order(self, order: Order) -> bool:
        """Add an order. Return False if there already is one with this number."""
        row = to_bytes(order.merchant_uid), str(order.amount), str(order.refunded), order.currency
        new = self._db.execute("INSERT OR IGNORE INTO shop VALUES (?, ?, ?, ?)", row).rowcount == 1
        self.orders += new
        return new

    def add_movements(self, lines: Iterable[MovementLine]) -> None:
        """Add the charges and refunds of V1."""
        rows = (
            (
                to_bytes(line.merchant_uid), to_bytes(line.imp_uid), line.kind, str(line.amount),
                to_bytes(line.currency), str(line.charged), str(line.refunded),
            )
            for line in lines
        )  # fmt: skip
        self._db.executemany("INSERT INTO moved VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def __iter__(self) -> Iterator[Pair]:
        for key, rows in groupby(self._db.execute(BY_ORDER), itemgetter(0)):
            uid, order, moved = from_bytes(key), None, list[Moved]()
            for _, imp_uid, *columns in rows:
                if imp_uid is None:
                    order = _order(uid, *columns)
                else:
                    moved.append(_moved(imp_uid, *columns))
            yield Pair(uid, order, moved)

    def __enter__(self) -> Self:
        self._db.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()


def _order(uid: str, _kind: None, amount: str, currency: str, _charged: None, refunded: str) -> Order:
    return Order(uid, Decimal(amount), Decimal(refunded), currency)


def _moved(imp_uid: bytes, kind: Any, amount: str, currency: bytes, charged: str, refunded: str) -> Moved:
    return Moved(from_bytes(imp_uid), kind, Decimal(amount), from_bytes(currency), Decimal(charged), Decimal(refunded))
