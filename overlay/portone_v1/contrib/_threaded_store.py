"""A synchronous store for an asynchronous inbox: calls of the database run in Starlette's threads."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool

from ..inbox import InboxRow, InboxStore, ReceivedWebhook, Task, Work

__all__ = ["ThreadedStore", "ThreadedWork"]


class ThreadedWork:
    def __init__(self, work: Work) -> None:
        self.work = work

    @property
    def session(self) -> Any:
        return self.work.session

    async def later(self, name: str, *, key: str, **arguments: Any) -> None:
        await run_in_threadpool(self.work.later, name, key=key, **arguments)


class ThreadedStore:
    def __init__(self, store: InboxStore) -> None:
        self._store = store

    async def record(self, webhook: ReceivedWebhook, now: float) -> None:
        await run_in_threadpool(self._store.record, webhook, now)

    async def lease(self, now: float, owner: str, until: float, key: str | None = None) -> InboxRow | None:
        return await run_in_threadpool(self._store.lease, now, owner, until, key)

    @asynccontextmanager
    async def open(self, row: InboxRow) -> AsyncGenerator[ThreadedWork | None]:
        context = self._store.open(row)
        work = await run_in_threadpool(context.__enter__)
        try:
            yield None if work is None else ThreadedWork(work)
        except BaseException as error:
            await run_in_threadpool(context.__exit__, type(error), error, error.__traceback__)
            raise
        await run_in_threadpool(context.__exit__, None, None, None)

    async def finish(self, work: ThreadedWork, row: InboxRow, now: float) -> None:
        await run_in_threadpool(self._store.finish, work.work, row, now)

    async def release(self, row: InboxRow, owner: str, now: float) -> None:
        await run_in_threadpool(self._store.release, row, owner, now)

    async def take_task(self, now: float, until: float) -> Task | None:
        return await run_in_threadpool(self._store.take_task, now, until)

    async def end_task(self, task: Task, *, retry_at: float | None, error: str = "") -> None:
        await run_in_threadpool(lambda: self._store.end_task(task, retry_at=retry_at, error=error))

    async def rows(self, *, state: str | None = None, limit: int = 100) -> list[InboxRow]:
        return await run_in_threadpool(lambda: self._store.rows(state=state, limit=limit))

    async def prune(self, before: float) -> int:
        return await run_in_threadpool(self._store.prune, before)
