"""A store in this process, for tests. Its rows are lost with the process."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from threading import RLock
from typing import Any
from uuid import uuid4

from attrs import evolve

from .rows import InboxRow, ReceivedWebhook, Task, merged, new_row, received_again
from .stores import AsyncWork, Work

__all__ = ["AsyncMemoryInboxStore", "MemoryInboxStore"]


class _MemoryWork:
    session: Any = None

    def __init__(self) -> None:
        self.tasks: list[Task] = []

    def later(self, name: str, *, key: str, **arguments: Any) -> None:
        self.tasks.append(Task(uuid4().hex, key, name, arguments, due_at=0.0))


class MemoryInboxStore:
    """메모리 저장소: Keep the inbox in this process. Safe for threads; not shared between processes."""

    def __init__(self) -> None:
        self._rows: dict[str, InboxRow] = {}
        self._tasks: dict[str, Task] = {}
        self._held: set[str] = set()
        """Rows whose handler is running: like a database's row lock, it keeps others away even after the lease."""
        self._lock = RLock()

    def record(self, webhook: ReceivedWebhook, now: float) -> None:
        with self._lock:
            row = self._rows.pop(webhook.key, None)
            self._rows[webhook.key] = new_row(webhook, now) if row is None else received_again(row, webhook, now)

    def lease(self, now: float, owner: str, until: float, key: str | None = None) -> InboxRow | None:
        with self._lock:
            if key is not None:
                found = [self._rows[key]] if key in self._rows else []
            else:
                due = [row for row in self._rows.values() if row.due_at is not None and row.due_at <= now]
                found = sorted(due, key=lambda row: row.due_at or 0.0)
            for row in found:
                if row.lease_until <= now and row.key not in self._held:
                    taken = self._rows[row.key] = evolve(row, owner=owner, lease_until=until)
                    return taken
        return None

    @contextmanager
    def open(self, row: InboxRow) -> Generator[Work | None]:
        with self._lock:
            ours = self._rows[row.key].owner == row.owner and row.key not in self._held
            if ours:
                self._held.add(row.key)
        if not ours:
            yield None
            return
        try:
            work = _MemoryWork()
            yield work
            with self._lock:
                for task in work.tasks:
                    self._tasks.setdefault(task.key, task)
        finally:
            with self._lock:
                self._held.discard(row.key)

    def finish(self, work: Work, row: InboxRow, now: float) -> None:
        del work  # there is nothing to write through
        self.write(row, now)

    def release(self, row: InboxRow, owner: str, now: float) -> None:
        with self._lock:
            if self._rows[row.key].owner == owner:
                self.write(row, now)

    def write(self, row: InboxRow, now: float) -> None:
        """Write the row, regardless of its lease."""
        with self._lock:
            self._rows[row.key] = merged(row, self._rows[row.key], now)

    def take_task(self, now: float, until: float) -> Task | None:
        with self._lock:
            for task in self._tasks.values():
                if task.due_at is not None and task.due_at <= now:
                    taken = evolve(task, due_at=until, tries=task.tries + 1)
                    self._tasks[task.key] = taken
                    return taken
        return None

    def end_task(self, task: Task, *, retry_at: float | None, error: str = "") -> None:
        with self._lock:
            stored = self._tasks[task.key]
            if retry_at is None or (stored.tries == task.tries and stored.due_at is not None):
                self._tasks[task.key] = evolve(task, due_at=retry_at, error=error)

    def rows(self, *, state: str | None = None, limit: int = 100) -> list[InboxRow]:
        with self._lock:
            found = [row for row in reversed(self._rows.values()) if state is None or row.state == state]
        return found[:limit]

    def prune(self, before: float) -> int:
        with self._lock:
            old = [row.key for row in self._rows.values() if row.state == "done" and row.first_at < before]
            for key in old:
                del self._rows[key]
        return len(old)


class _AsyncMemoryWork:
    session: Any = None

    def __init__(self, work: Work) -> None:
        self.work = work

    async def later(self, name: str, *, key: str, **arguments: Any) -> None:
        self.work.later(name, key=key, **arguments)


class AsyncMemoryInboxStore:
    """`MemoryInboxStore`, awaited."""

    def __init__(self) -> None:
        self._store = MemoryInboxStore()

    async def record(self, webhook: ReceivedWebhook, now: float) -> None:
        self._store.record(webhook, now)

    async def lease(self, now: float, owner: str, until: float, key: str | None = None) -> InboxRow | None:
        return self._store.lease(now, owner, until, key)

    @asynccontextmanager
    async def open(self, row: InboxRow) -> AsyncGenerator[AsyncWork | None]:
        with self._store.open(row) as work:
            yield None if work is None else _AsyncMemoryWork(work)

    async def finish(self, work: AsyncWork, row: InboxRow, now: float) -> None:
        del work
        self._store.write(row, now)

    async def release(self, row: InboxRow, owner: str, now: float) -> None:
        self._store.release(row, owner, now)

    async def take_task(self, now: float, until: float) -> Task | None:
        return self._store.take_task(now, until)

    async def end_task(self, task: Task, *, retry_at: float | None, error: str = "") -> None:
        self._store.end_task(task, retry_at=retry_at, error=error)

    async def rows(self, *, state: str | None = None, limit: int = 100) -> list[InboxRow]:
        return self._store.rows(state=state, limit=limit)

    async def prune(self, before: float) -> int:
        return self._store.prune(before)
