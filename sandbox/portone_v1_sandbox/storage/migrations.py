"""Older formats of the database, brought up to date when a file is opened."""

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


def _to_version_2(database: sqlite3.Connection) -> None:
    """Version 1 named records by module and class, `_records:PaymentRecord`. Version 2 has names of their own."""
    for table, key in (("record", "kind = ? AND key = ?"), ("log", "kind = ? AND number = ?"), ("single", "name = ?")):
        columns = "name" if table == "single" else f"kind, {'key' if table == 'record' else 'number'}"
        for *place, body in database.execute(f"SELECT {columns}, body FROM {table}").fetchall():  # noqa: S608 - our own words
            try:
                text = json.dumps(_renamed(json.loads(body)), separators=(",", ":"))
            except RecursionError:
                raise ValueError("it is damaged (a record is nested too deeply)") from None
            database.execute(f"UPDATE {table} SET body = ? WHERE {key}", (text, *place))  # noqa: S608


def _renamed(value: Any) -> Any:
    if is_list(value):
        return [_renamed(item) for item in value]
    if not is_object(value):
        return value
    renamed = {name: _renamed(item) for name, item in value.items()}
    mark = value.get(MARK)
    if isinstance(mark, str) and ":" in mark:
        name = mark.partition(":")[2]
        if name not in RECORDS_OF_VERSION_1:
            raise ValueError(f"nobody knows what a {mark[:80]} is")
        renamed[MARK] = name
    return renamed


MIGRATIONS: Final[Mapping[int, Callable[[sqlite3.Connection], None]]] = MappingProxyType({1: _to_version_2})
"""Version of a file → what makes the next version of it."""
