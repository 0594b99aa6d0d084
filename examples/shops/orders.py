"""The orders of the Flask and the FastAPI shop, in the same database as the webhook inbox: SQLite, or `SHOP_DATABASE`.

python -m examples.shops.orders     # creates the tables, before several workers start
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import SqlInboxStore
from sqlalchemy.orm import Session

PRICES = {"coffee": 12000, "cup": 8000}
"""In KRW. A price never comes from the browser."""

METADATA = sa.MetaData()
ORDERS = sa.Table(
    "orders",
    METADATA,
    sa.Column("merchant_uid", sa.String(40), primary_key=True),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("imp_uid", sa.String(40)),
)


@dataclass
class Order:
    merchant_uid: str
    amount: int
    state: str = "waiting"
    """waiting → paid → cancelled: never back."""
    imp_uid: str | None = None


class Orders:
    """Each method takes the session of a handler, or opens a transaction of its own."""

    def __init__(self) -> None:
        address = os.environ.get("SHOP_DATABASE", "sqlite:///shop.sqlite3?timeout=20")
        self.engine = sa.create_engine(address.replace("postgresql:", "postgresql+psycopg:"), pool_pre_ping=True)

    def create_tables(self) -> None:
        """Create the tables. In a project, use Alembic migrations."""
        for metadata in (METADATA, SqlInboxStore.metadata):
            metadata.create_all(self.engine)

    def add(self, item: str, merchant_uid: str | None = None) -> Order:
        """Store a new order. For a number that is already stored, return that order."""
        order = Order(merchant_uid or f"order-{secrets.token_hex(6)}", PRICES[item])
        values = {"merchant_uid": order.merchant_uid, "amount": order.amount, "state": order.state}
        try:
            with self.engine.begin() as db:
                db.execute(ORDERS.insert().values(values))
        except sa.exc.IntegrityError:
            return self.get(order.merchant_uid) or order
        return order

    def get(self, merchant_uid: str | None, session: Session | None = None) -> Order | None:
        query = sa.select(ORDERS).where(ORDERS.c.merchant_uid == merchant_uid)
        if session is not None:
            row = session.execute(query).one_or_none()
        else:
            with self.engine.connect() as db:
                row = db.execute(query).one_or_none()
        return None if row is None else Order(*row)

    def paid(self, merchant_uid: str, imp_uid: str, session: Session | None = None) -> None:
        waiting = sa.and_(ORDERS.c.merchant_uid == merchant_uid, ORDERS.c.state == "waiting")
        self._update(ORDERS.update().where(waiting).values(state="paid", imp_uid=imp_uid), session)

    def cancelled(self, merchant_uid: str, imp_uid: str, session: Session | None = None) -> None:
        """Mark an order as cancelled, only by the payment that paid it: it may have had other attempts."""
        ours = sa.func.coalesce(ORDERS.c.imp_uid, imp_uid) == imp_uid
        statement = ORDERS.update().where(ORDERS.c.merchant_uid == merchant_uid, ours)
        self._update(statement.values(state="cancelled", imp_uid=imp_uid), session)

    def _update(self, statement: sa.Update, session: Session | None) -> None:
        if session is not None:
            session.execute(statement)
            return
        with self.engine.begin() as db:
            db.execute(statement)


if __name__ == "__main__":
    Orders().create_tables()
