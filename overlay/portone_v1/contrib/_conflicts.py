"""Recognize transactions that a database rolled back in favour of another one: they may be repeated."""

from __future__ import annotations

from typing import Final

__all__ = ["TRIES", "is_conflict"]

TRIES: Final = 100
"""Each failed try means that another transaction got on, so this one will in the end."""
STATES: Final = frozenset({"40001", "40P01"})
"""PostgreSQL: no serial order (REPEATABLE READ, SERIALIZABLE), deadlock."""
CODES: Final = ((1213,), (1020,))
"""MySQL and MariaDB: deadlock, also of a Galera cluster; a row that changed since the snapshot."""


def is_conflict(error: BaseException | None) -> bool:
    """Return whether the driver's error says that another transaction went first.

    Args:
        error: as the driver raised it; SQLAlchemy keeps it as `orig`, Django as `__cause__`.
    """
    if error is None:
        return False
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    return state in STATES or error.args[:1] in CODES
