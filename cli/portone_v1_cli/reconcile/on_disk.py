"""Tables as long as they come, in the memory of a few pages.

SQLite keeps what does not fit in its cache in a file that has no name, so that nothing is left of it whatever happens.
"""

from __future__ import annotations

import sqlite3
from typing import Final

__all__ = ["from_bytes", "nameless_database", "to_bytes"]

CACHE: Final = 8_000
"""KiB."""


def nameless_database(table: str) -> sqlite3.Connection:
    db = sqlite3.connect("", isolation_level=None)
    db.execute(f"PRAGMA cache_size = -{CACHE}")
    db.execute("PRAGMA temp_store = FILE")
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA journal_mode = OFF")
    db.executescript(table)
    return db


def to_bytes(text: str) -> bytes:
    """Return what sorts as the text does; half a surrogate pair, which JSON may hold, is no text to SQLite."""
    return text.encode("utf-8", "surrogatepass")


def from_bytes(kept: bytes) -> str:
    """Return the text."""
    return kept.decode("utf-8", "surrogatepass")
