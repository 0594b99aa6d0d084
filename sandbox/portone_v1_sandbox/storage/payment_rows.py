"""Payments in the file: what the indexes need in columns, so that a start reads no record."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from ..state.tables.payment_index import Place

__all__ = ["SCHEMA", "UPSERT", "body_of", "last_position", "place_in_file", "places", "values_of"]

COLUMNS: Final = tuple(
    f"{name}_at" if name in ("started", "paid", "updated", "cancelled", "failed") else name for name in Place._fields
)
SCHEMA: Final = f"""
CREATE TABLE payment (
    imp_uid TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL, {", ".join(COLUMNS)}, body TEXT NOT NULL
);
CREATE INDEX payment_places ON payment (position, imp_uid, {", ".join(COLUMNS)});
"""
"""The index holds all that a start needs, so that it passes over the records."""
_VALUES: Final = ", ".join("?" * (len(COLUMNS) + 3))
_CHANGED: Final = ", ".join(f"{column} = excluded.{column}" for column in (*COLUMNS, "body"))
UPSERT: Final = f"INSERT INTO payment VALUES ({_VALUES}) ON CONFLICT (imp_uid) DO UPDATE SET {_CHANGED}"  # noqa: S608
_PLACES: Final = f"SELECT imp_uid, {', '.join(COLUMNS)} FROM payment ORDER BY position"  # noqa: S608
_PLACE: Final = f"SELECT {', '.join(COLUMNS)} FROM payment WHERE imp_uid = ?"  # noqa: S608


def values_of(uid: str, position: int, place: Place, body: str) -> tuple[object, ...]:
    return uid, position, *place, body


def places(database: sqlite3.Connection) -> Iterator[tuple[str, Place]]:
    """Iterate over the payments in the order of arrival."""
    make = Place._make
    for row in database.execute(_PLACES):
        yield row[0], make(row[1:])


def place_in_file(database: sqlite3.Connection, uid: str) -> Place | None:
    row = database.execute(_PLACE, (uid,)).fetchone()
    return None if row is None else Place._make(row)


def last_position(database: sqlite3.Connection) -> int:
    (found,) = database.execute("SELECT max(position) FROM payment").fetchone()
    return found or 0


def body_of(database: sqlite3.Connection, uid: str) -> str:
    body: str
    (body,) = database.execute("SELECT body FROM payment WHERE imp_uid = ?", (uid,)).fetchone()
    return body
