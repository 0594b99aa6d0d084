"""The statements that update the file to the state, and what the file contains after them."""

from __future__ import annotations

from collections import deque
from typing import Any, Final

from ..state.tables.log import Log
from ..state.tables.payment_place import place_of
from ..state.tables.payment_table import PaymentTable
from ..state.tables.sought import sought_of
from ..state.tables.tracked_dict import Table
from . import payment_rows
from .serialization import serialize

__all__ = ["Changes", "Stored"]

COMPARED: Final = frozenset({str, int, bool, type(None)})
EMPTY: Final = frozenset({list, set, tuple})
DROPPED: Final = 64
"""Number of old log entries that are dropped at once."""
UPSERT: Final = "INSERT INTO record VALUES (?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"


class Stored:
    """The known content of the file."""

    def __init__(self) -> None:
        self.place = 0
        """The highest place given to a record."""
        self.hashes: dict[tuple[str, str], int] = {}
        """Hashes of the texts in the file, by kind and key."""
        self.last: dict[str, tuple[int, object]] = {}
        """Number and entry of the last line of each log."""
        self.plain: dict[str, tuple[type[Any], object]] = {}
        """Type and value of each single value that can be compared without serializing it."""

    def has(self, kind: str, key: str, body: str) -> bool:
        return self.hashes.get((kind, key)) == hash(body)


class Changes:
    """The statements of one commit. Nothing counts as stored before `applied`."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self.statements: list[tuple[str, tuple[object, ...]]] = []
        self._hashes: dict[tuple[str, str], int | None] = {}
        self._last: dict[str, tuple[int, object]] = {}
        self._plain: dict[str, tuple[type[Any], object] | None] = {}

    def single(self, name: str, value: object) -> None:
        kind = type(value)
        known = (kind, value) if kind in COMPARED or (kind in EMPTY and not value) else None
        if known is not None and self._stored.plain.get(name) == known:
            return  # Most are unchanged, and this comparison creates nothing.
        self._plain[name] = known if known is None or kind in COMPARED else (kind, kind())
        body = serialize(value)
        if not self._stored.has("", name, body):
            self.statements.append(("INSERT OR REPLACE INTO single VALUES (?, ?)", (name, body)))
            self._hashes["", name] = hash(body)

    def table(self, kind: str, table: Table[Any, Any]) -> None:
        gone = {serialize(key) for key in table.removed}
        for name in gone:
            if (kind, name) in self._stored.hashes:
                self.statements.append(("DELETE FROM record WHERE kind = ? AND key = ?", (kind, name)))
                self._hashes[kind, name] = None
        # Use the table's own order, so that records are restored in the order of arrival.
        for key in table.dirty:
            if key not in table:
                continue
            name, body = serialize(key), serialize(table.get_clean(key))
            if name not in gone and self._stored.has(kind, name, body):
                continue
            self.statements.append((UPSERT, (kind, name, self._next_place(), body)))
            self._hashes[kind, name] = hash(body)

    def payments(self, table: PaymentTable) -> None:
        for uid in table.removed:
            self.statements.append(("DELETE FROM payment WHERE imp_uid = ?", (uid,)))
            self._hashes["payments", uid] = None
        for uid in table.dirty:
            if uid not in table:
                continue
            payment = table.get_clean(uid)
            body = serialize(payment)
            if uid not in table.removed and self._stored.has("payments", uid, body):
                continue
            values = payment_rows.values_of(uid, self._next_place(), place_of(payment), sought_of(payment), body)
            self.statements.append((payment_rows.UPSERT, values))
            self._hashes["payments", uid] = hash(body)

    def log(self, kind: str, entries: Log[Any] | deque[Any], *, kept: int | None = None) -> None:
        number, newest = self._stored.last.get(kind, (0, None))
        new: list[Any] = []
        for entry in reversed(entries):
            if entry is newest:
                break
            new.append(entry)
        else:
            if newest is not None:  # The log was started again.
                self.statements.append(("DELETE FROM log WHERE kind = ?", (kind,)))
                self._last[kind] = number, None
        for entry in reversed(new):
            number += 1
            self.statements.append(("INSERT INTO log VALUES (?, ?, ?)", (kind, number, serialize(entry))))
            self._last[kind] = number, entry
        if kept is not None and number > kept and number // DROPPED != (number - len(new)) // DROPPED:
            self.statements.append(("DELETE FROM log WHERE kind = ? AND number <= ?", (kind, number - kept)))

    def applied(self) -> None:
        """Note what the file contains now. Call this after the commit: if that fails, the changes remain unwritten."""
        for place, text in self._hashes.items():
            if text is None:
                self._stored.hashes.pop(place, None)
            else:
                self._stored.hashes[place] = text
        self._stored.last.update(self._last)
        for name, known in self._plain.items():
            if known is None:
                self._stored.plain.pop(name, None)
            else:
                self._stored.plain[name] = known

    def _next_place(self) -> int:
        self._stored.place += 1
        return self._stored.place
