"""Stores in a database that SQLAlchemy 2 reaches: PostgreSQL, MySQL, SQLite.

    store = SqlInboxStore(engine)                 # or AsyncSqlInboxStore(async_engine)
    SqlInboxStore.metadata.create_all(engine)     # or Alembic: target_metadata = [Base.metadata, store.metadata]

Extra: `portone-v1[sqlalchemy]`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._async.sqlalchemy_inbox import AsyncSqlInboxStore
    from .._sync.sqlalchemy_inbox import SqlInboxStore

__all__ = ["AsyncSqlInboxStore", "SqlInboxStore"]

_HOMES = {
    "AsyncSqlInboxStore": "portone_v1.contrib._async.sqlalchemy_inbox",
    "SqlInboxStore": "portone_v1.contrib._sync.sqlalchemy_inbox",
}


def __getattr__(name: str) -> object:
    """Load a flavour when it is first asked for: the asynchronous one needs greenlet."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
