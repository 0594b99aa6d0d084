"""Read the file: tables whose records are read when they are needed, and logs."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from ..state.payments import PaymentRecord
from ..state.tables.grouped_table import GroupedTable
from ..state.tables.log import Log
from ..state.tables.payment_table import PaymentTable
from ..state.tables.tracked_dict import Table
from . import payment_rows
from .changes import Stored
from .errors import SandboxStoreError
from .schema import reason_of
from .serialization import deserialize, serialize

if TYPE_CHECKING:
    from ..state.tables.lock import StateLock

__all__ = ["Reader"]


class Reader:
    """Reads one database, and notes what it contains. Raises SandboxStoreError when it reads something damaged."""

    def __init__(self, database: sqlite3.Connection, name: str, stored: Stored) -> None:
        self._database = database
        self._name = name
        self._stored = stored

    def read_table(self, lock: StateLock, kind: str, like: dict[Any, Any]) -> Table[Any, Any]:
        if isinstance(like, GroupedTable):
            return self._read_groups(like.empty(lock), kind)
        table: Table[Any, Any] = Table(lock)
        rows = self._database.execute("SELECT key, place FROM record WHERE kind = ? ORDER BY place", (kind,)).fetchall()
        if rows:
            self._stored.place = max(self._stored.place, rows[-1][1])
            table.read_later((deserialize(key) for key, _ in rows), lambda key: self._read_record(kind, key))
        return table

    def _read_groups(self, table: GroupedTable[Any, Any], kind: str) -> Table[Any, Any]:
        chosen = "SELECT key, place, body FROM record WHERE kind = ? ORDER BY place"
        records: dict[Any, Any] = {}
        for key, place, body in self._database.execute(chosen, (kind,)):
            records[deserialize(key)] = deserialize(body)
            self._stored.hashes[kind, key] = hash(body)
            self._stored.place = max(self._stored.place, place)
        table.take_in(records)
        return table

    def _read_record(self, kind: str, key: object) -> Any:
        name = serialize(key)
        try:
            chosen = "SELECT body FROM record WHERE kind = ? AND key = ?"
            (body,) = self._database.execute(chosen, (kind, name)).fetchone()
            record = deserialize(body)
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise SandboxStoreError(f"cannot read {self._name}: {reason_of(error)}") from None
        self._stored.hashes[kind, name] = hash(body)
        return record

    def read_payments(self, lock: StateLock) -> PaymentTable:
        uids = payment_rows.uids(self._database)
        table = PaymentTable(lock, self._read_payment, uids, payment_rows.PaymentFile(self._database))
        self._stored.place = max(self._stored.place, payment_rows.last_position(self._database))
        return table

    def _read_payment(self, uid: str) -> PaymentRecord:
        try:
            body = payment_rows.body_of(self._database, uid)
            payment = deserialize(body)
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise SandboxStoreError(f"cannot read {self._name}: {reason_of(error)}") from None
        if not isinstance(payment, PaymentRecord):
            raise SandboxStoreError(f"cannot read {self._name}: not a payment")
        self._stored.hashes["payments", uid] = hash(body)
        return payment

    def open_log(self, kind: str) -> Log[Any]:
        """Read the last entry only: what follows it is new."""
        chosen = "SELECT min(number), max(number), count(*) FROM log WHERE kind = ?"
        first, last, count = self._database.execute(chosen, (kind,)).fetchone()
        if not count:
            return Log()
        if count != last - first + 1:
            raise ValueError(f"damaged (entries of {kind} are missing)")

        def read(start: int, stop: int) -> list[Any]:
            chosen = "SELECT body FROM log WHERE kind = ? AND number >= ? AND number < ? ORDER BY number"
            rows = self._database.execute(chosen, (kind, first + start, first + stop))
            try:
                return [deserialize(body) for (body,) in rows]
            except (sqlite3.Error, ValueError) as error:
                raise SandboxStoreError(f"cannot read {self._name}: {reason_of(error)}") from None

        log: Log[Any] = Log(count - 1, read)
        log.extend(read(count - 1, count))
        self._stored.last[kind] = last, log[-1]
        return log

    def read_log(self, kind: str) -> list[Any]:
        chosen = "SELECT number, body FROM log WHERE kind = ? ORDER BY number"
        entries: list[Any] = []
        for number, body in self._database.execute(chosen, (kind,)):
            entries.append(deserialize(body))
            self._stored.last[kind] = number, entries[-1]
        return entries
