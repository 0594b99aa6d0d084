"""Tables of any length, in the memory of a few pages.

SQLite stores what does not fit into its cache in a file without a name, so that nothing is left of it in any case.
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
    """Return bytes that sort as the text does. JSON may have half of a surrogate pair, which is no text to SQLite."""
    return text.encode("utf-8", "surrogatepass")


def from_bytes(kept: bytes) -> str:
    """Return the text."""
    return kept.decode("utf-8", "surrogatepass")
