"""`BlockingInboxStore`: an asynchronous store, for tests of the synchronous contract."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from ..._testing import BlockingStore
from ..rows import InboxRow, ReceivedWebhook, Task
from ..stores import AsyncInboxStore, AsyncWork, Work

__all__ = ["BlockingInboxStore"]


class BlockingInboxStore(BlockingStore[AsyncInboxStore]):
    """An `AsyncInboxStore` as an `InboxStore`: its calls run in one event loop, in a thread of its own."""

    def record(self, webhook: ReceivedWebhook, now: float) -> None:
        self.run(self._store.record(webhook, now))

    def lease(self, now: float, owner: str, until: float, key: str | None = None) -> InboxRow | None:
        return self.run(self._store.lease(now, owner, until, key))

    @contextmanager
    def open(self, row: InboxRow) -> Generator[Work | None]:
        context = self._store.open(row)
        entered = self.run(context.__aenter__())
        try:
            yield None if entered is None else _BlockingWork(entered, self)
        except BaseException as error:
            self.run(context.__aexit__(type(error), error, error.__traceback__))
            raise
        self.run(context.__aexit__(None, None, None))

    def finish(self, work: Work, row: InboxRow, now: float) -> None:
        if not isinstance(work, _BlockingWork):
            raise TypeError("the work is not one that this store opened")
        self.run(self._store.finish(work.work, row, now))

    def release(self, row: InboxRow, owner: str, now: float) -> None:
        self.run(self._store.release(row, owner, now))

    def take_task(self, now: float, until: float) -> Task | None:
        return self.run(self._store.take_task(now, until))

    def end_task(self, task: Task, *, retry_at: float | None, error: str = "") -> None:
        self.run(self._store.end_task(task, retry_at=retry_at, error=error))

    def rows(self, *, state: str | None = None, limit: int = 100) -> list[InboxRow]:
        return self.run(self._store.rows(state=state, limit=limit))

    def prune(self, before: float) -> int:
        return self.run(self._store.prune(before))


class _BlockingWork:
    def __init__(self, work: AsyncWork, store: BlockingInboxStore) -> None:
        self.work, self._store = work, store

    @property
    def session(self) -> Any:
        return self.work.session

    def later(self, name: str, *, key: str, **arguments: Any) -> None:
        self._store.run(self.work.later(name, key=key, **arguments))
