"""Migrations of older database formats."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ..wire.json_types import is_list, is_object
from .serialization import MARK

__all__ = ["MIGRATIONS"]

RECORDS_OF_VERSION_1: Final = frozenset(
    {
        "Attempt",
        "BenepiaMember",
        "BillingKeyRecord",
        "CancelRecord",
        "Card",
        "CertificationRecord",
        "Decline",
        "Delivery",
        "Exchange",
        "Fault",
        "KcpMember",
        "Mailbag",
        "Movement",
        "Notice",
        "PaymentRecord",
        "PendingRefund",
        "PgNotes",
        "PreparedRecord",
        "ProductOrderRecord",
        "ReceiptRecord",
        "ReviewRecord",
        "ScheduleRecord",
        "ShipmentRecord",
        "Token",
        "WebhookSettings",
    }
)
RENAMED_RECORDS: Final = {"Mailbag": "Outbox", "Notice": "Notification"}
RENAMED_FIELDS: Final = {
    "Mailbag": {"outgoing": "waiting", "addressed": "enqueued", "losing": "discard_next", "held": "paused"},
    "Delivery": {"notice": "notification"},
}
RENAMED_KINDS: Final = (
    ("log", "kind", "notices", "notifications"),
    ("single", "name", "mailbag", "outbox"),
    ("single", "name", "pended", "deferred_refunds"),
)


def _to_version_2(database: sqlite3.Connection) -> None:
    """Give records stable names; version 1 named them by module and class, `_records:PaymentRecord`."""
    for table, place in (("record", ("kind", "key")), ("log", ("kind", "number")), ("single", ("name",))):
        rows = database.execute(f"SELECT body, {', '.join(place)} FROM {table}").fetchall()  # noqa: S608 - constants
        where = " AND ".join(f"{column} = ?" for column in place)
        database.executemany(
            f"UPDATE {table} SET body = ? WHERE {where}",  # noqa: S608 - constants
            [(_updated(body), *values) for body, *values in rows],
        )
    for table, column, old, new in RENAMED_KINDS:
        database.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (new, old))  # noqa: S608 - constants


def _updated(body: str) -> str:
    try:
        return json.dumps(_renamed(json.loads(body)), separators=(",", ":"))
    except RecursionError:
        raise ValueError("damaged (a record is nested too deeply)") from None


def _renamed(value: Any) -> Any:
    if is_list(value):
        return [_renamed(item) for item in value]
    if not is_object(value):
        return value
    mark = value.get(MARK)
    if not isinstance(mark, str) or ":" not in mark:
        return {name: _renamed(item) for name, item in value.items()}
    record = mark.partition(":")[2]
    if record not in RECORDS_OF_VERSION_1:
        raise ValueError(f"unknown kind of record: {mark[:80]}")
    names = RENAMED_FIELDS.get(record, {})
    fields = {names.get(name, name): _renamed(item) for name, item in value.items()}
    return fields | {MARK: RENAMED_RECORDS.get(record, record)}


def _to_version_3(database: sqlite3.Connection) -> None:
    """Move payments to a table of their own, with columns for the indexes."""
    for statement in PAYMENT_OF_VERSION_3.split(";"):
        database.execute(statement)
    rows = database.execute("SELECT place, body FROM record WHERE kind = 'payments' ORDER BY place").fetchall()
    database.executemany(
        f"INSERT INTO payment VALUES ({', '.join('?' * 15)})",  # noqa: S608 - constants
        [_payment_row(place, body) for place, body in rows],
    )
    database.execute("DELETE FROM record WHERE kind = 'payments'")


def _to_version_4(database: sqlite3.Connection) -> None:
    """Add indexes by which orders, billing keys, account numbers and deadlines are found in the file."""
    for statement in INDEXES_OF_VERSION_4:
        database.execute(statement)
    _note_confirmations(database)


def _note_confirmations(database: sqlite3.Connection) -> None:
    """List the deliveries whose sender had waited for the response, so that a start need not read all to find them."""
    found = database.execute("SELECT body FROM single WHERE name = 'outbox'").fetchone()
    outbox: dict[str, Any] = {MARK: "Outbox"} if found is None else json.loads(found[0])
    bodies = database.execute("SELECT body FROM record WHERE kind = 'deliveries' ORDER BY place")
    deliveries: list[dict[str, Any]] = [json.loads(body) for (body,) in bodies]
    waiting = [one["number"] for one in deliveries if one.get("state", "waiting") == "waiting"]
    outbox["confirming"] = [number for number in waiting if number not in set(outbox.get("waiting", ()))]
    body = json.dumps(outbox, separators=(",", ":"))
    database.execute("INSERT OR REPLACE INTO single VALUES ('outbox', ?)", (body,))


INDEXES_OF_VERSION_4: Final = (
    "CREATE INDEX payment_orders ON payment (merchant_uid, tier, position, imp_uid)",
    "CREATE INDEX payment_customers ON payment (customer, tier, position, imp_uid) WHERE customer IS NOT NULL",
    "CREATE INDEX payment_numbers ON payment (number, imp_uid) WHERE number IS NOT NULL",
    "CREATE INDEX payment_deadlines ON payment (deadline, imp_uid) WHERE status = 'ready' AND deadline > 0",
)
PAYMENT_OF_VERSION_3: Final = """
CREATE TABLE payment (
    imp_uid TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL, tier, merchant_uid, status, started_at, paid_at,
    updated_at, cancelled_at, failed_at, serial, deadline, customer, number, body TEXT NOT NULL
);
CREATE INDEX payment_places ON payment (
    position, imp_uid, tier, merchant_uid, status, started_at, paid_at, updated_at, cancelled_at, failed_at, serial,
    deadline, customer, number
)
"""


def _to_version_5(database: sqlite3.Connection) -> None:
    """Store the searched part of each payment in columns."""
    for column in ("amount", "traits", "words"):
        database.execute(f"ALTER TABLE payment ADD COLUMN {column}")
    uids = database.execute("SELECT imp_uid FROM payment INDEXED BY payment_places ORDER BY position").fetchall()
    for (uid,) in uids:
        (body,) = database.execute("SELECT body FROM payment WHERE imp_uid = ?", (uid,)).fetchone()
        values = (*_searched(json.loads(body)), uid)
        database.execute("UPDATE payment SET amount = ?, traits = ?, words = ? WHERE imp_uid = ?", values)
    database.execute("DROP INDEX payment_places")
    database.execute(INDEX_OF_VERSION_5)


def _searched(record: dict[str, Any]) -> tuple[float, str, bytes]:
    amount, refunded = (float(record.get(name, {"text": 0})["text"]) for name in ("amount", "cancel_amount"))
    status, pg, method = (record[name] for name in ("status", "pg_provider", "pay_method"))
    shown = "partial" if amount > refunded > 0 else status
    words = "\n".join(word for name in SEARCHED_BY_VERSION_5 if (word := record.get(name)))
    traits = json.dumps([shown, status, pg, method, record.get("emb_pg_provider")])
    return amount, traits, words.lower().encode("utf-8", "replace")


INDEX_OF_VERSION_5: Final = """CREATE INDEX payment_places ON payment (
    position, imp_uid, tier, merchant_uid, status, started_at, paid_at, updated_at, cancelled_at, failed_at, serial,
    deadline, customer, number, amount, traits, words
)"""
SEARCHED_BY_VERSION_5: Final = (
    "merchant_uid", "imp_uid", "name", "buyer_name", "buyer_tel", "buyer_email", "customer_uid", "pg_tid", "apply_num",
    "vbank_num", "pg_provider", "pay_method", "fail_reason", "tier",
)  # fmt: skip


def _payment_row(position: int, body: str) -> tuple[object, ...]:
    try:
        record: dict[str, Any] = json.loads(body)
    except RecursionError:
        raise ValueError("damaged (a record is nested too deeply)") from None
    extension: dict[str, Any] = record.get("extension") or {}
    barcode = extension.get("barcode") if MARK not in extension else dict(extension["items"]).get("barcode")
    number = barcode or record.get("vbank_num")
    return (
        record["imp_uid"],
        position,
        record.get("tier"),
        record["merchant_uid"],
        record["status"],
        record["started_at"],
        *(record.get(f"{name}_at", 0) for name in ("paid", "updated", "cancelled", "failed")),
        record.get("serial", 0),
        record.get("vbank_date", 0) or record.get("expires_at", 0),
        record.get("customer_uid"),
        number if record["status"] == "ready" else None,
        body,
    )


MIGRATIONS: Final[Mapping[int, Callable[[sqlite3.Connection], None]]] = MappingProxyType(
    {1: _to_version_2, 2: _to_version_3, 3: _to_version_4, 4: _to_version_5}
)
"""Version of a file → migration to the next version."""
