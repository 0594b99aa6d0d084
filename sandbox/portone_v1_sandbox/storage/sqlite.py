"""The state of a sandbox in an SQLite file, written before each response is sent."""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..state.state import State, is_derived, is_log
from ..state.tables.payment_table import PaymentTable
from ..state.tables.tracked_dict import Table, is_table
from . import payment_rows
from .changes import Changes, Stored
from .errors import SandboxStoreError
from .reading import Reader
from .schema import open_database, reason_of
from .serialization import deserialize, serialize

if TYPE_CHECKING:
    from ..state.exchanges import Exchange
    from ..state.tables.lock import StateLock

__all__ = ["Store"]

LOGS: Final = tuple(field.name for field in fields(State) if is_log(field))
OTHERS: Final = tuple(field.name for field in fields(State) if not is_log(field) and not is_derived(field))
ROOM: Final = 64 * 1024
"""Bytes that a write must have room for: more than a payment takes."""


class Store:
    """The database of one sandbox, locked for others. All methods run inside of a transaction of the engine."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._name = Path(path).name
        self._stored = Stored()
        try:
            self._database = open_database(Path(path))
        except (sqlite3.Error, OSError, ValueError) as error:
            raise SandboxStoreError(f"cannot use {self._name}: {reason_of(error)}") from None
        self._reader = Reader(self._database, self._name, self._stored)

    def load(self, lock: StateLock, state: State, journal: deque[Exchange]) -> dict[str, Any]:
        """Fill the state and return everything else that was stored. Changes of the tables are tracked from now on."""
        try:
            singles = self._load(lock, state, journal)
        except (sqlite3.Error, ValueError) as error:
            self.close()
            raise SandboxStoreError(f"cannot use {self._name}: {reason_of(error)}") from None
        return singles

    def save(self, state: State, journal: deque[Exchange], **singles: object) -> None:
        """Write all changes. Raises SandboxStoreError if one cannot be written; then call `restore`."""
        try:
            self._save(state, journal, singles)
        except (sqlite3.Error, OSError, TypeError, ValueError) as error:
            raise SandboxStoreError(f"cannot write to {self._name}: {reason_of(error)}") from None

    def restore(self, lock: StateLock, state: State, journal: deque[Exchange]) -> dict[str, Any]:
        """Undo all changes since the last commit and return everything else that is stored. Raises SandboxStoreError.

        Requests that could not be written were refused, so nothing of them may be visible afterwards.
        """
        try:
            return self._restore(lock, state, journal)
        except (sqlite3.Error, ValueError) as error:
            raise SandboxStoreError(f"cannot read {self._name}: {reason_of(error)}") from None

    def check_writable(self) -> None:
        """Write something. Raises SandboxStoreError, for example if the disk is full."""
        try:
            self._commit([("INSERT OR REPLACE INTO single VALUES ('checked', ?)", (serialize("x" * ROOM),))])
        except (sqlite3.Error, OSError) as error:
            raise SandboxStoreError(f"cannot write to {self._name}: {reason_of(error)}") from None

    def close(self) -> None:
        self._database.close()

    def _load(self, lock: StateLock, state: State, journal: deque[Exchange]) -> dict[str, Any]:
        rows = self._database.execute
        singles: dict[str, Any] = {}
        for name, body in rows("SELECT name, body FROM single"):
            singles[name] = deserialize(body)
            self._stored.hashes["", name] = hash(body)
        for field in fields(state):
            name = field.name
            if is_log(field):
                setattr(state, name, self._reader.open_log(name))
            elif name == "payments":
                state.payments = self._reader.read_payments(lock)
            elif isinstance(getattr(state, name), dict):
                setattr(state, name, self._reader.read_table(lock, name, getattr(state, name)))
            elif name in singles:
                setattr(state, name, singles.pop(name))
        journal.extend(self._reader.read_log("journal"))
        return singles

    def _restore(self, lock: StateLock, state: State, journal: deque[Exchange]) -> dict[str, Any]:
        rows = self._database.execute("SELECT name, body FROM single")
        singles = {name: deserialize(body) for name, body in rows}
        new = type(state)()
        for field in fields(state):
            name, value = field.name, getattr(state, field.name)
            if is_log(field):
                setattr(state, name, self._reader.open_log(name))
            elif is_table(value):
                self._restore_table(lock, state, name, value)
            elif name in singles:
                setattr(state, name, singles.pop(name))
            elif not is_derived(field):
                setattr(state, name, getattr(new, name))
        self._restore_journal(journal)
        return singles

    def _restore_journal(self, journal: deque[Exchange]) -> None:
        newest = self._stored.last.get("journal", (0, None))[1]
        while journal and journal[-1] is not newest:
            journal.pop()
        if newest is not None and not journal:
            journal.extend(self._reader.read_log("journal"))

    def _restore_table(self, lock: StateLock, state: State, name: str, table: Table[Any, Any]) -> None:
        payments = isinstance(table, PaymentTable)
        if table.removed:  # A removed record must return to its old place among the others.
            setattr(
                state,
                name,
                self._reader.read_payments(lock) if payments else self._reader.read_table(lock, name, table),
            )
            return
        for key in list(table.dirty):
            if isinstance(table, PaymentTable):
                table.reread_place(key, payment_rows.PaymentFile(self._database).place(key))
                continue
            chosen = "SELECT body FROM record WHERE kind = ? AND key = ?"
            found = self._database.execute(chosen, (name, serialize(key))).fetchone()
            table.reread(key, None if found is None else deserialize(found[0]))
        table.dirty.clear()

    def _save(self, state: State, journal: deque[Exchange], singles: dict[str, object]) -> None:
        changes = Changes(self._stored)
        tables: list[Table[Any, Any]] = []
        for name in LOGS:
            changes.log(name, getattr(state, name))
        for name in OTHERS:
            value = getattr(state, name)
            if not is_table(value):
                singles[name] = value
            elif value.dirty or value.removed:
                tables.append(value)
                if value is state.payments:
                    changes.payments(state.payments)
                else:
                    changes.table(name, value)
        for name, value in singles.items():
            changes.single(name, value)
        only_read = not changes.statements
        changes.log("journal", journal, kept=journal.maxlen)
        try:
            self._commit(changes.statements)
        except sqlite3.Error as error:
            if not only_read or isinstance(error, sqlite3.ProgrammingError):  # ProgrammingError: it is closed
                raise
            self._restore_journal(journal)  # Reads still work while the disk is full.
            return
        changes.applied()
        for table in tables:
            table.dirty.clear()
            table.removed.clear()

    def _commit(self, changes: Sequence[tuple[str, tuple[object, ...]]]) -> None:
        if not changes:
            return
        self._database.execute("BEGIN IMMEDIATE")
        try:
            for statement, values in changes:
                self._database.execute(statement, values)
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise
