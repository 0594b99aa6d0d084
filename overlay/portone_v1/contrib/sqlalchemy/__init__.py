"""Stores in a database that SQLAlchemy 2 reaches: PostgreSQL, MySQL, SQLite.

    client = PortOne(intents=SQLAlchemyStore(engine))     # the journal
    inbox = SqlInboxStore(engine)                         # the webhook inbox
    for store in (SQLAlchemyStore, SqlInboxStore):
        store.metadata.create_all(engine)                 # or Alembic: target_metadata = [Base.metadata, …]

Each has a twin for `create_async_engine`: `AsyncSQLAlchemyStore`, `AsyncSqlInboxStore`.

Extra: `portone-v1[sqlalchemy]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._elsewhere import loader

if TYPE_CHECKING:
    from .._async.sqlalchemy_inbox import AsyncSqlInboxStore
    from .._async.sqlalchemy_intents import AsyncSQLAlchemyStore
    from .._sync.sqlalchemy_inbox import SqlInboxStore
    from .._sync.sqlalchemy_intents import SQLAlchemyStore

__all__ = ["AsyncSQLAlchemyStore", "AsyncSqlInboxStore", "SQLAlchemyStore", "SqlInboxStore"]

_HOMES = {
    "AsyncSQLAlchemyStore": "portone_v1.contrib._async.sqlalchemy_intents",
    "AsyncSqlInboxStore": "portone_v1.contrib._async.sqlalchemy_inbox",
    "SQLAlchemyStore": "portone_v1.contrib._sync.sqlalchemy_intents",
    "SqlInboxStore": "portone_v1.contrib._sync.sqlalchemy_inbox",
}


if not TYPE_CHECKING:  # or a type checker would take every name
    # The asynchronous flavour needs greenlet.
    __getattr__ = loader(__name__, _HOMES)
