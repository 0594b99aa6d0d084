"""Payments in the file, with columns for the indexes, so that a start reads no record."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Final

from ..state.tables.payment_place import Moment, OlderPayments, Place
from ..state.tables.sought import Sought

__all__ = ["SCHEMA", "UPSERT", "PaymentFile", "body_of", "last_position", "uids", "values_of"]

COLUMNS: Final = tuple(
    f"{name}_at" if name in ("started", "paid", "updated", "cancelled", "failed") else name for name in Place._fields
)
SEARCHED: Final = ("amount", "traits", "words")
SCHEMA: Final = f"""
CREATE TABLE payment (
    imp_uid TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL, {", ".join(COLUMNS)}, body TEXT NOT NULL,
    {", ".join(SEARCHED)}
);
CREATE INDEX payment_places ON payment (position, imp_uid, {", ".join((*COLUMNS, *SEARCHED))});
CREATE INDEX payment_orders ON payment (merchant_uid, tier, position, imp_uid);
CREATE INDEX payment_customers ON payment (customer, tier, position, imp_uid) WHERE customer IS NOT NULL;
CREATE INDEX payment_numbers ON payment (number, imp_uid) WHERE number IS NOT NULL;
CREATE INDEX payment_deadlines ON payment (deadline, imp_uid) WHERE status = 'ready' AND deadline > 0;
"""
"""The indexes cover their queries, so that no query reads the records."""
_VALUES: Final = ", ".join("?" * (len(COLUMNS) + len(SEARCHED) + 3))
_CHANGED: Final = ", ".join(f"{column} = excluded.{column}" for column in (*COLUMNS, "body", *SEARCHED))
UPSERT: Final = f"INSERT INTO payment VALUES ({_VALUES}) ON CONFLICT (imp_uid) DO UPDATE SET {_CHANGED}"  # noqa: S608
_PLACE: Final = f"SELECT {', '.join(COLUMNS)} FROM payment WHERE imp_uid = ?"  # noqa: S608
UIDS: Final = "SELECT imp_uid FROM payment ORDER BY position"
ATTEMPTS: Final = "SELECT imp_uid FROM payment WHERE merchant_uid = ? AND tier IS ? ORDER BY position"
OF_CUSTOMER: Final = "SELECT imp_uid FROM payment WHERE customer = ? AND tier IS ? ORDER BY position"
TIERS: Final = "SELECT tier FROM payment WHERE merchant_uid = ?1 UNION SELECT tier FROM payment WHERE customer = ?1"
WAITING: Final = "SELECT imp_uid FROM payment WHERE number = ?"
SOUGHT: Final = f"SELECT imp_uid, started_at, {', '.join(SEARCHED)} FROM payment INDEXED BY payment_places"  # noqa: S608
DEADLINES: Final = f"SELECT imp_uid, {', '.join(COLUMNS)} FROM payment WHERE status = 'ready' AND deadline > 0"  # noqa: S608
WAITS: Final = """SELECT status, max(CASE status WHEN 'paid' THEN paid_at WHEN 'cancelled' THEN cancelled_at
WHEN 'failed' THEN failed_at ELSE started_at END - started_at) FROM payment INDEXED BY payment_places GROUP BY status"""
BY_TIME: Final = "SELECT ?at, serial, imp_uid FROM payment INDEXED BY payment_places WHERE tier IS ?"
BY_STATUS_AND_TIME: Final = f"{BY_TIME} AND status = ?"


def values_of(uid: str, position: int, place: Place, sought: Sought, body: str) -> tuple[object, ...]:
    return uid, position, *place, body, sought.amount, sought.traits, sought.words


class PaymentFile(OlderPayments):
    """The indexes' questions about payments that are not loaded, answered by the file."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._waits: Mapping[str, int] | None = None

    def place(self, uid: str) -> Place | None:
        row = self._database.execute(_PLACE, (uid,)).fetchone()
        return None if row is None else Place._make(row)

    def moments(self, tier: str | None, status: str | None, key: str) -> list[Moment]:
        chosen, values = (BY_TIME, (tier,)) if status is None else (BY_STATUS_AND_TIME, (tier, status))
        return self._database.execute(chosen.replace("?at", f"{key}_at"), values).fetchall()

    def waits(self) -> Mapping[str, int]:
        if self._waits is None:
            self._waits = dict(self._database.execute(WAITS).fetchall())
        return self._waits

    def attempts(self, tier: str | None, merchant_uid: str) -> list[str]:
        return [uid for (uid,) in self._database.execute(ATTEMPTS, (merchant_uid, tier))]

    def of_customer(self, tier: str | None, customer_uid: str) -> list[str]:
        return [uid for (uid,) in self._database.execute(OF_CUSTOMER, (customer_uid, tier))]

    def tiers_of(self, name: str) -> list[str | None]:
        return [tier for (tier,) in self._database.execute(TIERS, (name,))]

    def waiting_for(self, number: str) -> list[str]:
        return [uid for (uid,) in self._database.execute(WAITING, (number,))]

    def sought(self) -> Iterator[tuple[str, int, float, str, bytes]]:
        return self._database.execute(SOUGHT)

    def deadlines(self) -> Iterator[tuple[str, Place]]:
        return ((row[0], Place._make(row[1:])) for row in self._database.execute(DEADLINES))


def uids(database: sqlite3.Connection) -> list[str]:
    """Return the payments in the order of arrival."""
    rows: list[tuple[str]] = database.execute(UIDS).fetchall()
    return [uid for (uid,) in rows]


def last_position(database: sqlite3.Connection) -> int:
    (found,) = database.execute("SELECT max(position) FROM payment").fetchone()
    return found or 0


def body_of(database: sqlite3.Connection, uid: str) -> str:
    body: str
    (body,) = database.execute("SELECT body FROM payment WHERE imp_uid = ?", (uid,)).fetchone()
    return body
