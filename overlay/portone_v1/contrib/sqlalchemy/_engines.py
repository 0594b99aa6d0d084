"""The shop's engine, with real transactions, and with connections that no child process shares with its parent."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final, TypeVar, cast
from weakref import WeakSet

from sqlalchemy import Engine
from sqlalchemy.exc import StatementError

__all__ = ["own_engine", "unprepared", "without_values"]

E = TypeVar("E")

AUTOCOMMIT: Final = "AUTOCOMMIT"
OWN_LEVEL: Final = "_on_connect_isolation_level"
"""What `create_engine(isolation_level=…)` was given; only the dialect knows it."""

_engines: Final[WeakSet[Engine]] = WeakSet()
_inherited: Final[list[object]] = []
"""Pools of the parent. Some drivers end the parent's session if one of their connections is freed in a child."""


def own_engine(engine: E) -> E:
    """Return the engine, or, if it commits each statement by itself, a copy over the same pool that does not.

    Otherwise, what the stores read and then write in one transaction could be overwritten in between.
    """
    given: Any = engine
    root: Engine = getattr(given, "sync_engine", given)
    _engines.add(root)
    dialect = cast("Any", root.dialect)
    if str(getattr(dialect, OWN_LEVEL, None)).upper() == AUTOCOMMIT:
        setattr(dialect, OWN_LEVEL, AUTOCOMMIT)  # SQLAlchemy takes "autocommit" too, but cannot set it back
    level = root.get_execution_options().get("isolation_level", getattr(dialect, OWN_LEVEL, None))
    if str(level).upper() != AUTOCOMMIT:
        return engine
    level = "SERIALIZABLE" if root.dialect.name == "sqlite" else "READ COMMITTED"
    copy: E = given.execution_options(isolation_level=level)
    return copy


@contextmanager
def unprepared(connection: object) -> Generator[None]:
    """Keep psycopg from preparing the statements of this block, without a change to the shop's own statements.

    Behind a pooler such as pgbouncer the next transaction has another session, in which the name of the statement may
    belong to another one: that would be executed instead, and the intent would be taken for committed.
    """
    fairy: Any = getattr(connection, "sync_connection", connection)
    driver = fairy.connection.driver_connection
    if not hasattr(driver, "prepare_threshold"):
        yield
        return
    threshold, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = threshold


def without_values(error: StatementError) -> StatementError:
    """Remove the values that a failed statement was to write: the reason of an escrow event is a buyer's text.

    They are in the error's text, which goes to the shop's log, and in the variables of SQLAlchemy's frames.
    """
    error.hide_parameters, error.params = True, None
    if error.orig is not None:
        error.orig.with_traceback(None)
    return error.with_traceback(None)


def _leave_parents() -> None:
    """Start with an empty pool in a child process. Two that share a connection would read each other's results."""
    for engine in list(_engines):
        if engine.dialect.name != "sqlite":  # a file has no session, and a database in memory would be lost
            _inherited.append(engine.pool)
            engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_parents)
