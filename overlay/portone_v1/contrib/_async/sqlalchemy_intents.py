# The source of both flavours: `make generate` writes _sync/sqlalchemy_intents.py from it.
"""The journal in a table of the shop's own database."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from ..._http.concurrency import AsyncFunction
from ...errors import IntentStoreError
from ...intents.intent import Intent
from ...intents.stores.columns import columns_of, name_column
from .._conflicts import TRIES, is_conflict
from ..sqlalchemy._engines import own_engine, unprepared
from ..sqlalchemy._flavours import AsyncConnection, AsyncEngine
from ..sqlalchemy._intent_table import INTENTS, METADATA, database_time

__all__ = ["AsyncSQLAlchemyStore"]

T = TypeVar("T")

UNUSABLE = (SQLAlchemyError, OSError)
"""asyncpg raises an OSError if the database refuses the connection."""
OF_ANOTHER_SESSION = frozenset({"26000", "42P05"})
"""Errors of a prepared statement that does not exist, or exists already."""
POOLER = " (a pooler such as pgbouncer changes the session: the driver must not prepare statements)"


class AsyncSQLAlchemyStore:
    """저널 저장소: the journal in `portone_intent`, shared by all hosts that reach the database.

    Each method is one short transaction of its own. It never joins the caller's: an intent that is rolled back with the
    order would be lost. Under PostgreSQL leave `synchronous_commit` on, under MySQL `innodb_flush_log_at_trx_commit` 1.

    Args:
        engine: of a database that all processes of the shop share.
    """

    metadata = METADATA

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = own_engine(engine)
        self._returns = self._engine.dialect.name == "postgresql"
        """PostgreSQL's poolers may give asyncpg a session in which the statement's name belongs to another one."""

    async def begin(self, intent: Intent) -> bool:
        values = columns_of(intent)

        async def insert(connection: AsyncConnection) -> bool:
            for name in ("resource", "key"):
                if values[f"{name}_seq"] > 1 and not await hold_predecessor(connection, values, name):
                    return False
            if not self._returns:
                await connection.execute(INTENTS.insert().values(values))
                return True
            written = await connection.execute(INTENTS.insert().values(values).returning(INTENTS.c.id))
            if written.scalar_one() != intent.id:
                raise IntentStoreError(f"the database executed another statement{POOLER}")
            return True

        try:
            return await self._transaction(insert)
        except IntegrityError:
            return False

    async def save(self, intent: Intent) -> bool:
        new = intent.changed(rev=intent.rev + 1)
        changed = {"state": new.state, "rev": new.rev, "document": new.to_json()}
        of_this_rev = sa.and_(INTENTS.c.id == intent.id, INTENTS.c.rev == intent.rev)
        return await self._change(INTENTS.update().where(of_this_rev).values(changed)) == 1

    async def get(self, intent_id: str) -> Intent | None:
        found = await self._read(sa.select(INTENTS.c.document).where(INTENTS.c.id == intent_id))
        return found[0] if found else None

    async def latest(self, shop: str, *, resource: str = "", key: str = "") -> Intent | None:
        query = sa.select(INTENTS.c.document).where(INTENTS.c.shop == shop).limit(1)
        if resource:
            query = query.where(INTENTS.c.resource == name_column(resource)).order_by(INTENTS.c.resource_seq.desc())
        else:
            query = query.where(INTENTS.c.key == name_column(key)).order_by(INTENTS.c.key_seq.desc())
        found = await self._read(query)
        return found[0] if found else None

    async def unfinished(self, shop: str, limit: int = 1000) -> list[Intent]:
        query = sa.select(INTENTS.c.document).where(INTENTS.c.shop == shop, INTENTS.c.state.in_(("open", "watch")))
        return await self._read(query.order_by(INTENTS.c.state, INTENTS.c.sent_at, INTENTS.c.id).limit(limit))

    async def now(self) -> float:
        return await self._scalar(database_time(self._engine.dialect.name))

    async def prune(self, shop: str, before: float) -> int:
        old = sa.and_(INTENTS.c.shop == shop, INTENTS.c.state == "closed", INTENTS.c.sent_at < before)
        return await self._change(INTENTS.delete().where(old))

    async def _change(self, statement: sa.Update | sa.Delete) -> int:
        async def execute(connection: AsyncConnection) -> int:
            return (await connection.execute(statement)).rowcount

        return await self._transaction(execute)

    async def _transaction(self, work: AsyncFunction[[AsyncConnection], T]) -> T:
        """Run the work in one transaction, and repeat it if another went first. `begin` handles integrity errors."""
        tries = TRIES
        while True:
            tries -= 1
            try:
                async with self._engine.begin() as connection:
                    with unprepared(connection):
                        return await work(connection)
            except IntegrityError:
                raise
            except UNUSABLE as error:
                if not tries or not is_conflict(getattr(error, "orig", None)):
                    raise unusable(error) from None

    async def _read(self, query: sa.Select[Any]) -> list[Intent]:
        try:
            async with self._engine.connect() as connection:
                with unprepared(connection):
                    documents = (await connection.execute(query)).scalars().all()
        except UNUSABLE as error:
            raise unusable(error) from None
        return [Intent.from_json(document) for document in documents]

    async def _scalar(self, query: sa.Select[Any]) -> float:
        try:
            async with self._engine.connect() as connection:
                with unprepared(connection):
                    return float((await connection.execute(query)).scalar_one())
        except UNUSABLE as error:
            raise unusable(error) from None


async def hold_predecessor(connection: AsyncConnection, values: dict[str, Any], name: str) -> bool:
    """Return whether the intent that this one follows is there. Nobody prunes it before this one is committed.

    An UPDATE that changes nothing locks it, which also takes SQLite's write lock, and takes it first.
    """
    number = INTENTS.c[f"{name}_seq"] == values[f"{name}_seq"] - 1
    earlier = sa.and_(INTENTS.c.shop == values["shop"], INTENTS.c[name] == values[name], number)
    return (await connection.execute(INTENTS.update().where(earlier).values(rev=INTENTS.c.rev))).rowcount == 1


def unusable(error: Exception) -> IntentStoreError:
    """Return an error that names only the kind of failure: its text may hold the database's address."""
    cause = getattr(error, "orig", None) or error
    advice = POOLER if getattr(cause, "sqlstate", None) in OF_ANOTHER_SESSION else ""
    return IntentStoreError(f"the journal's database could not be used: {type(cause).__name__}{advice}")
