"""The SQLite file of a sandbox: its header, its tables and its lock."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, Final

from . import payment_rows
from .migrations import MIGRATIONS

__all__ = ["open_database", "reason_of"]

APPLICATION: Final = 0x504F5331
"""`application_id` in the header of a sandbox's file."""
VERSION: Final = 5
PATIENCE: Final = 0.5
CHECKED_WHOLE: Final = 64 * 2**20
"""A file of at most this many bytes is checked completely at the start; in a larger one, damage is found on reading."""
TABLES: Final = """
CREATE TABLE record (
    kind TEXT NOT NULL, key TEXT NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
);
CREATE TABLE log (kind TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, number));
CREATE TABLE single (name TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL);
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Open a sandbox's file, or create one. Raises OSError, ValueError, sqlite3.Error."""
    if not path.parent.is_dir():
        raise ValueError("its directory does not exist")
    # It contains buyers' names, even if they are invented.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=PATIENCE)
    try:
        _prepare(database)
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection) -> None:
    def asked(pragma: str) -> Any:
        return database.execute(f"PRAGMA {pragma}").fetchone()[0]

    # Set before the first read, so that SQLite needs no shared-memory file, for which a full disk has no room.
    asked("locking_mode = EXCLUSIVE")
    tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and asked("application_id") != APPLICATION:
        raise ValueError("not a sandbox database")
    version = asked("user_version")
    if tables and version != VERSION and version not in MIGRATIONS:
        raise ValueError("written by an incompatible sandbox version")
    asked("journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("BEGIN IMMEDIATE")
    small = asked("page_count") * asked("page_size") <= CHECKED_WHOLE
    if tables and small and (found := asked("quick_check(1)")) != "ok":
        raise ValueError(f"damaged ({str(found).splitlines()[0]})")
    if not tables:
        for statement in (TABLES + payment_rows.SCHEMA).split(";"):
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION}")
    elif version < VERSION:
        for older in range(version, VERSION):
            MIGRATIONS[older](database)
    if version != VERSION:
        database.execute(f"PRAGMA user_version = {VERSION}")
    database.execute("COMMIT")


def reason_of(error: Exception) -> str:
    """Return the reason in one line."""
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return "in use by another sandbox"
    if isinstance(error, sqlite3.OperationalError) and (advice := _advice(error)):
        return advice
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return " ".join(str(error).split())


def _advice(error: sqlite3.OperationalError) -> str:
    """Return what to do about a full or broken disk; SQLite mostly says just "disk I/O error"."""
    name = getattr(error, "sqlite_errorname", None) or ""
    if name == "SQLITE_FULL":
        return "the disk is full: free some space"
    if name.startswith("SQLITE_IOERR"):
        return f"the disk is full, over its quota or damaged: free some space, or move the file ({name})"
    return ""
