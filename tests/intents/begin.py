"""What each of several processes does at once: begin an intent of the same order."""

from __future__ import annotations

import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import SQLAlchemyStore
from portone_v1.intents import IntentStore, SQLiteStore
from portone_v1.intents.testing import SHOP, sample_intent
from sqlalchemy.pool import NullPool

__all__ = ["begin_in_database", "begin_in_file"]


def begin_in_file(path: str, number: int) -> bool:
    return _begin(SQLiteStore(path), number)


def begin_in_database(url: str, number: int) -> bool:
    return _begin(SQLAlchemyStore(sa.create_engine(url, poolclass=NullPool)), number)


def _begin(store: IntentStore, number: int) -> bool:
    begun = store.begin(sample_intent(f"p{number}", key=f"charge/{number}"))
    found = store.latest(SHOP, resource="order:1")
    assert found is not None
    assert begun == (found.id == f"p{number}")
    return begun
