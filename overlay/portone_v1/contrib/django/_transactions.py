"""Transactions that are committed when they end, whatever the shop's settings say."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Final, TypeVar, cast

from django.db import Error, IntegrityError, connections, transaction  # type: ignore[import-untyped]

from ...errors import ConfigurationError
from .._conflicts import TRIES, is_conflict

__all__ = ["own_transaction", "run_in_transaction", "usable_connection"]

T = TypeVar("T")

_used: Final[set[str]] = set()
"""The aliases of the stores."""
_inherited: Final[list[object]] = []
"""Connections of the parent. Some drivers end its session if one of them is freed in a child."""


def usable_connection(using: str) -> Any:
    """Return the connection of this thread, closed if the database has ended it: Django checks that for requests only.

    Django opens it again when it is used.
    """
    _used.add(using)
    connection: Any = connections[using]
    if connection.errors_occurred and connection.connection is not None and not connection.in_atomic_block:
        if connection.is_usable():
            connection.errors_occurred = False
        else:
            connection.close()
    return connection


@contextmanager
def own_transaction(using: str, refusal: str) -> Generator[None]:
    """Open a transaction of its own on an alias.

    Args:
        using: alias of the database.
        refusal: the message if the shop's own transaction would contain it.

    Raises:
        ConfigurationError: the shop's transaction is open, or autocommit is off: `atomic()` would then commit nothing.
    """
    connection = usable_connection(using)
    if not connection.in_atomic_block and not connection.get_autocommit():
        raise ConfigurationError(refusal)
    try:
        with cast("Any", transaction).atomic(using=using, durable=True):
            yield
    except RuntimeError as error:
        if "durable" not in str(error):
            raise
        raise ConfigurationError(refusal) from None


def run_in_transaction(using: str, refusal: str, work: Callable[[], T]) -> T:
    """Run the work in a transaction of its own, and repeat it if another transaction went first."""
    tries = TRIES
    while True:
        tries -= 1
        try:
            with own_transaction(using, refusal):
                return work()
        except IntegrityError:
            raise
        except Error as error:
            if not tries or not is_conflict(error.__cause__):
                raise


def _leave_parents() -> None:
    """Connect again in a child process. Two that share a connection would read each other's results."""
    for wrapper in cast("Any", connections).all(initialized_only=True):
        if wrapper.alias in _used and wrapper.vendor != "sqlite":  # the journal's file has no session
            _inherited.append(wrapper.connection)
            wrapper.connection = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_parents)
