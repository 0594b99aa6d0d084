"""Protocols of the inbox's stores, sync and async. `portone_v1.inbox.testing` has the contract tests."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Protocol

from .rows import InboxRow, ReceivedWebhook, Task

__all__ = ["AsyncInboxStore", "AsyncWork", "InboxStore", "Work"]


class Work(Protocol):
    """Access of a handler to the shop's transaction, which also records the change as processed."""

    @property
    def session(self) -> Any:
        """Session or connection of the store, in its transaction. None if the framework has an ambient one (Django)."""

    def later(self, name: str, *, key: str, **arguments: Any) -> None:
        """Enqueue a task for after the commit, once for each `key`. It runs at least once.

        Args:
            name: name of the function, as registered with the inbox.
            key: unique name of this work (`receipt:order-1`). The same key again enqueues nothing.
            arguments: JSON values: ids, never personal data.
        """


class AsyncWork(Protocol):
    """`Work` for handlers that await."""

    @property
    def session(self) -> Any: ...

    def later(self, name: str, *, key: str, **arguments: Any) -> Awaitable[None]:
        """Enqueue a task for after the commit, once for each `key`. It runs at least once."""
        ...


class InboxStore(Protocol):
    """One row for each payment and one for each task, in a database that the shop's workers share.

    Times are UNIX seconds. Each method but `open` is one short transaction of its own, committed when it returns.
    """

    def record(self, webhook: ReceivedWebhook, now: float) -> None:
        """Insert `new_row(webhook, now)`, or replace the existing row by `received_again(row, webhook, now)`."""

    def lease(self, now: float, owner: str, until: float, key: str | None = None) -> InboxRow | None:
        """Lease one row to `owner` until then: the row of `key`, or the row that has been due longest.

        The row must be without a lease at `now`. Two callers never get the same row.
        """

    def open(self, row: InboxRow) -> AbstractContextManager[Work | None]:
        """Open the shop's transaction with the row locked; None if the lease was lost meanwhile.

        It commits when the block ends, and rolls back when it raises.
        """
        ...

    def finish(self, work: Any, row: InboxRow, now: float) -> None:
        """Write the row, inside `open` and with its `work`.

        If a webhook was received since the lease, keep its claims and make the row due now, as `merged` does.
        """

    def release(self, row: InboxRow, owner: str, now: float) -> None:
        """Write the row outside `open`, if `owner` still holds the lease."""

    def take_task(self, now: float, until: float) -> Task | None:
        """Lease the task that has been due longest until then."""

    def end_task(self, task: Task, *, retry_at: float | None, error: str = "") -> None:
        """Mark a task as done (`retry_at` None), or make it due again.

        A run whose lease ended meanwhile may still mark the task as done. But it must not make it due again if it is
        done, or was taken by another worker since.
        """

    def rows(self, *, state: str | None = None, limit: int = 100) -> list[InboxRow]:
        """Return rows for an operator, the last changed first."""
        ...

    def prune(self, before: float) -> int:
        """Delete finished rows and tasks that were last touched before then, and return how many."""
        ...


class AsyncInboxStore(Protocol):
    """`InboxStore`, awaited."""

    def record(self, webhook: ReceivedWebhook, now: float) -> Awaitable[None]: ...

    def lease(self, now: float, owner: str, until: float, key: str | None = None) -> Awaitable[InboxRow | None]: ...

    def open(self, row: InboxRow) -> AbstractAsyncContextManager[AsyncWork | None]: ...

    def finish(self, work: Any, row: InboxRow, now: float) -> Awaitable[None]: ...

    def release(self, row: InboxRow, owner: str, now: float) -> Awaitable[None]: ...

    def take_task(self, now: float, until: float) -> Awaitable[Task | None]: ...

    def end_task(self, task: Task, *, retry_at: float | None, error: str = "") -> Awaitable[None]: ...

    def rows(self, *, state: str | None = None, limit: int = 100) -> Awaitable[list[InboxRow]]: ...

    def prune(self, before: float) -> Awaitable[int]: ...
