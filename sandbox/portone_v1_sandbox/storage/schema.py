"""The SQLite file of a sandbox: its head, its tables, and who may have it open."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, Final

from .migrations import MIGRATIONS

__all__ = ["open_database", "reason_of"]

APPLICATION: Final = 0x504F5331
"""In the file's head, by which it is known as ours."""
VERSION: Final = 2
PATIENCE: Final = 0.5
SCHEMA: Final = """
CREATE TABLE record (
    kind TEXT NOT NULL, key TEXT NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)
);
CREATE TABLE log (kind TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, number));
CREATE TABLE single (name TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL);
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Opens a sandbox's own file, or makes one. Raises OSError, ValueError, sqlite3.Error."""
    if not path.parent.is_dir():
        raise ValueError("its folder does not exist")
    # Buyers' names stand in it, if only invented ones.
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

    tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and asked("application_id") != APPLICATION:
        raise ValueError("it is a database of something else")
    version = asked("user_version")
    if tables and version != VERSION and version not in MIGRATIONS:
        raise ValueError("it was written by another version of the sandbox")
    asked("locking_mode = EXCLUSIVE")
    asked("journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("BEGIN IMMEDIATE")
    if tables and (found := asked("quick_check(1)")) != "ok":
        raise ValueError(f"it is damaged ({str(found).splitlines()[0]})")
    if not tables:
        for statement in SCHEMA.split(";"):
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION}")
    elif version < VERSION:
        for older in range(version, VERSION):
            MIGRATIONS[older](database)
    if version != VERSION:
        database.execute(f"PRAGMA user_version = {VERSION}")
    database.execute("COMMIT")


def reason_of(error: Exception) -> str:
    """One line about what went wrong."""
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return "another sandbox has it open"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return " ".join(str(error).split())
