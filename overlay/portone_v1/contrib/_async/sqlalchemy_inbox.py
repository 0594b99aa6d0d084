# The source of both flavours: `make generate` writes _sync/sqlalchemy_inbox.py from it.
"""The inbox in two tables of the shop's own database."""

from __future__ import annotations

import json
import time
from types import TracebackType
from typing import Any, Final, TypeVar
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from ..._http.concurrency import AsyncFunction, async_shielded
from ...inbox.rows import InboxRow, ReceivedWebhook, Task, merged, new_row, received_again
from .._conflicts import TRIES, is_conflict
from ..sqlalchemy._engines import own_engine, without_values
from ..sqlalchemy._flavours import AsyncEngine, AsyncSession
from ..sqlalchemy._inbox_tables import INBOX, METADATA, OUTBOX, columns_of, row_of, task_of

__all__ = ["AsyncSqlInboxStore"]

T = TypeVar("T")

CANDIDATES: Final = 20
"""How many due rows are tried at most before it is assumed that other workers have them all."""


class AsyncSqlWork:
    """The shop's transaction: `session` is the one that the store opened and commits."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def later(self, name: str, *, key: str, **arguments: Any) -> None:
        known = await self.session.execute(sa.select(OUTBOX.c.id).where(OUTBOX.c.key == key))
        if known.first() is not None:
            return
        values = {"id": uuid4().hex, "key": key, "name": name, "arguments": json.dumps(arguments)}
        state = {"created_at": time.time(), "due_at": 0.0, "tries": 0, "error": ""}
        await self.session.execute(OUTBOX.insert().values({**values, **state}))


class AsyncSqlTransaction:
    """`AsyncSqlInboxStore.open`: the transaction of one handler."""

    def __init__(self, session: AsyncSession, row: InboxRow) -> None:
        self._session, self._row = session, row

    async def __aenter__(self) -> AsyncSqlWork | None:
        try:
            held = await lock(self._session, self._row.key, self._row.owner)
        except BaseException:  # `__aexit__` is not called then: the connection goes back here
            await self._session.aclose()
            raise
        return AsyncSqlWork(self._session) if held else None

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with async_shielded():  # even if the request was cut off: the connection goes back, without its locks
            try:
                if kind is None:
                    await self._session.commit()
                else:
                    await self._session.rollback()
            finally:
                await self._session.aclose()


class AsyncSqlInboxStore:
    """웹훅 인박스: rows and tasks in `portone_inbox` and `portone_outbox`.

    Args:
        engine: of the database that holds the orders, so that order and inbox commit together.
    """

    metadata = METADATA

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = own_engine(engine)

    async def record(self, webhook: ReceivedWebhook, now: float) -> None:
        async def store(session: AsyncSession) -> None:
            if await lock(session, webhook.key):
                await write(session, received_again(await read(session, webhook.key), webhook, now))
            else:
                await execute(session, INBOX.insert().values(columns_of(new_row(webhook, now))))

        while True:
            try:
                await self._transaction(store)
            except IntegrityError:
                continue  # another webhook for the same payment inserted it: update that row
            return

    async def lease(self, now: float, owner: str, until: float, key: str | None = None) -> InboxRow | None:
        free = INBOX.c.lease_until <= now
        wanted = INBOX.c.due_at <= now if key is None else INBOX.c.key == key
        due = sa.select(INBOX.c.key).where(wanted, free).order_by(INBOX.c.due_at).limit(CANDIDATES)
        async with AsyncSession(self._engine) as session:
            candidates = (await session.execute(due)).scalars().all()
        for candidate in candidates:

            async def take(session: AsyncSession, key: str = candidate) -> InboxRow | None:
                taking = INBOX.update().where(INBOX.c.key == key, wanted, free)
                taken = await session.execute(taking.values(owner=owner, lease_until=until))
                return await read(session, key) if changed(taken) else None

            if (row := await self._transaction(take)) is not None:
                return row
        return None

    def open(self, row: InboxRow) -> AsyncSqlTransaction:
        return AsyncSqlTransaction(AsyncSession(self._engine), row)

    async def finish(self, work: AsyncSqlWork, row: InboxRow, now: float) -> None:
        await work.session.flush()
        await write(work.session, merged(row, await read(work.session, row.key), now))

    async def release(self, row: InboxRow, owner: str, now: float) -> None:
        async def write_outside(session: AsyncSession) -> None:
            if await lock(session, row.key, owner):
                await write(session, merged(row, await read(session, row.key), now))

        await self._transaction(write_outside)

    async def take_task(self, now: float, until: float) -> Task | None:
        due = OUTBOX.c.due_at <= now
        waiting = sa.select(OUTBOX.c.id).where(due).order_by(OUTBOX.c.created_at, OUTBOX.c.id).limit(CANDIDATES)
        async with AsyncSession(self._engine) as session:
            candidates = (await session.execute(waiting)).scalars().all()
        for candidate in candidates:

            async def take(session: AsyncSession, key: str = candidate) -> Task | None:
                taking = OUTBOX.update().where(OUTBOX.c.id == key, due)
                if not changed(await session.execute(taking.values(due_at=until, tries=OUTBOX.c.tries + 1))):
                    return None
                found = await session.execute(sa.select(OUTBOX).where(OUTBOX.c.id == key))
                return task_of(found.mappings().one())

            if (task := await self._transaction(take)) is not None:
                return task
        return None

    async def end_task(self, task: Task, *, retry_at: float | None, error: str = "") -> None:
        ending = OUTBOX.update().where(OUTBOX.c.id == task.id).values(due_at=retry_at, error=error)
        if retry_at is not None:
            ending = ending.where(OUTBOX.c.tries == task.tries, OUTBOX.c.due_at.is_not(None))

        async def end(session: AsyncSession) -> None:
            await session.execute(ending)

        await self._transaction(end)

    async def rows(self, *, state: str | None = None, limit: int = 100) -> list[InboxRow]:
        query = sa.select(INBOX).order_by(INBOX.c.first_at.desc(), INBOX.c.key).limit(limit)
        if state is not None:
            query = query.where(INBOX.c.state == state)
        async with AsyncSession(self._engine) as session:
            return [row_of(found) for found in (await session.execute(query)).mappings()]

    async def prune(self, before: float) -> int:
        async with AsyncSession(self._engine) as session, session.begin():
            rows = INBOX.delete().where(INBOX.c.state == "done", INBOX.c.first_at < before)
            tasks = OUTBOX.delete().where(OUTBOX.c.due_at.is_(None), OUTBOX.c.created_at < before)
            return count(await session.execute(rows)) + count(await session.execute(tasks))

    async def _transaction(self, work: AsyncFunction[[AsyncSession], T]) -> T:
        """Run the work in one transaction, and repeat it if another one went first."""
        tries = TRIES
        while True:
            tries -= 1
            try:
                async with AsyncSession(self._engine) as session, session.begin():
                    return await work(session)
            except DBAPIError as error:
                if not tries or not is_conflict(error.orig):
                    raise


async def lock(session: AsyncSession, key: str, owner: str | None = None) -> bool:
    """Lock a row until the transaction ends, and return whether it is there (and still its owner's).

    An UPDATE that changes nothing does it: unlike SELECT … FOR UPDATE it also takes SQLite's write lock, and takes it
    first.
    """
    touching = INBOX.update().where(INBOX.c.key == key).values(wanted=INBOX.c.wanted)
    if owner is not None:
        touching = touching.where(INBOX.c.owner == owner)
    return changed(await session.execute(touching))


async def read(session: AsyncSession, key: str) -> InboxRow:
    return row_of((await session.execute(sa.select(INBOX).where(INBOX.c.key == key))).mappings().one())


async def write(session: AsyncSession, row: InboxRow) -> None:
    await execute(session, INBOX.update().where(INBOX.c.key == row.key).values(columns_of(row)))


async def execute(session: AsyncSession, writing: sa.Insert | sa.Update) -> None:
    try:
        await session.execute(writing)
    except StatementError as error:
        raise without_values(error)  # noqa: B904 - it is the same error


def changed(result: sa.Result[Any]) -> bool:
    return count(result) == 1


def count(result: sa.Result[Any]) -> int:
    rows: int = getattr(result, "rowcount", 0)
    return rows
