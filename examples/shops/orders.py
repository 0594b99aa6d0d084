"""The orders of the Flask and the FastAPI shop, in SQLite, and in the same file the changes that were handled.

`Orders` serves as the kits' `states`: `claim` opens the transaction in which the handler then writes.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import local

PRICES = {"coffee": 12000, "cup": 8000}
"""In KRW. A price never comes from the browser."""


@dataclass
class Order:
    merchant_uid: str
    amount: int
    state: str = "waiting"
    """waiting → paid → cancelled: never back, as a notice that was read earlier may be handled later."""
    imp_uid: str | None = None


class Orders:
    def __init__(self, path: str) -> None:
        self._path = path
        self._open = local()
        with self.transaction() as db:
            db.execute("CREATE TABLE IF NOT EXISTS orders (merchant_uid PRIMARY KEY, amount, state, imp_uid)")
            db.execute("CREATE TABLE IF NOT EXISTS handled (key PRIMARY KEY)")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One for all that this thread does inside."""
        outer: sqlite3.Connection | None = getattr(self._open, "connection", None)
        if outer is not None:
            yield outer
            return
        with closing(sqlite3.connect(self._path, timeout=10, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")  # a second delivery of the same change waits here
            self._open.connection = db
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                db.execute("ROLLBACK")
                raise
            finally:
                del self._open.connection

    @contextmanager
    def claim(self, key: str, /) -> Iterator[bool]:
        with self.transaction() as db:
            yield db.execute("INSERT OR IGNORE INTO handled VALUES (?)", (key,)).rowcount == 1

    def add(self, item: str) -> Order:
        order = Order(f"order-{secrets.token_hex(6)}", PRICES[item])
        with self.transaction() as db:
            db.execute("INSERT INTO orders VALUES (?, ?, 'waiting', NULL)", (order.merchant_uid, order.amount))
        return order

    def get(self, merchant_uid: str | None) -> Order | None:
        with self.transaction() as db:
            row = db.execute("SELECT * FROM orders WHERE merchant_uid = ?", (merchant_uid,)).fetchone()
        return Order(*row) if row else None

    def paid(self, merchant_uid: str, imp_uid: str) -> None:
        with self.transaction() as db:
            statement = "UPDATE orders SET state = 'paid', imp_uid = ? WHERE merchant_uid = ? AND state = 'waiting'"
            db.execute(statement, (imp_uid, merchant_uid))

    def cancelled(self, merchant_uid: str, imp_uid: str) -> None:
        """Only by the payment that paid it: an order may have had other attempts."""
        with self.transaction() as db:
            statement = "UPDATE orders SET state = 'cancelled', imp_uid = ? WHERE merchant_uid = ?"
            db.execute(f"{statement} AND coalesce(imp_uid, ?) = ?", (imp_uid, merchant_uid, imp_uid, imp_uid))
