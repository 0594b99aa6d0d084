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
    """Version 1 named records by module and class, `_records:PaymentRecord`. Version 2 has stable names."""
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


MIGRATIONS: Final[Mapping[int, Callable[[sqlite3.Connection], None]]] = MappingProxyType({1: _to_version_2})
"""Version of a file → migration to the next version."""
