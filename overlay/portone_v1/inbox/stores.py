"""What a store of the inbox has to do, in both flavours. `portone_v1.inbox.testing` is the same as tests."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Protocol

from .rows import InboxRow, ReceivedWebhook, Task

__all__ = ["AsyncInboxStore", "AsyncWork", "InboxStore", "Work"]


class Work(Protocol):
    """What a handler may use: the shop's own transaction, which also marks the change as handled."""

    @property
    def session(self) -> Any:
        """The store's session or connection, in its transaction. None where the framework has an ambient one."""

    def later(self, name: str, *, key: str, **arguments: Any) -> None:
        """Enqueue a task for after the commit, once for each `key`. It runs at least once.

        Args:
            name: the name under which the inbox knows the function.
            key: unique for what the task does (`receipt:order-1`). The same key again enqueues nothing.
            arguments: JSON; ids, never personal data.
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
        """Insert `new_row(webhook, now)`, or replace the row that is there by `received_again(row, webhook, now)`."""

    def lease(self, now: float, owner: str, until: float, key: str | None = None) -> InboxRow | None:
        """Give one row to `owner` until then: the one of `key`, or the one that is due longest.

        Only a row that nobody holds at `now`. Two callers never get the same row.
        """

    def open(self, row: InboxRow) -> AbstractContextManager[Work | None]:
        """Open the shop's transaction with the row locked; None where the lease was lost meanwhile.

        It commits when the block ends, and rolls back when it raises.
        """
        ...

    def finish(self, work: Any, row: InboxRow, now: float) -> None:
        """Write the row, inside `open` and with what that gave.

        Where a webhook came since the lease, keep its claims and make the row due now: `merged` says how.
        """

    def release(self, row: InboxRow, owner: str, now: float) -> None:
        """Outside `open`: the same, if `owner` still holds the lease; otherwise nothing."""

    def take_task(self, now: float, until: float) -> Task | None:
        """The oldest task that is due, hidden from others until then."""

    def end_task(self, task: Task, *, retry_at: float | None, error: str = "") -> None:
        """Mark a task as done (`retry_at` None), or make it due again."""

    def rows(self, *, state: str | None = None, limit: int = 100) -> list[InboxRow]:
        """Rows for an operator, those that changed last first."""
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
