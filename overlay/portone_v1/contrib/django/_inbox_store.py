"""The inbox in two tables of a Django shop's own database. The tables are those of `portone_v1.contrib.sqlalchemy`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeVar
from uuid import uuid4

from django.db import IntegrityError  # type: ignore[import-untyped]
from django.db.models import F  # type: ignore[import-untyped]

from ...inbox.events import Progress
from ...inbox.rows import InboxRow, ReceivedWebhook, Task, merged, new_row, received_again
from ._transactions import own_transaction, run_in_transaction, usable_connection

__all__ = ["DjangoInboxStore", "enqueue", "row_of"]

T = TypeVar("T")

INSIDE: Final = (
    "the inbox must be committed before PortOne is answered, and this call is inside transaction.atomic(), or "
    "autocommit is off: call it outside, with autocommit"
)
CANDIDATES: Final = 20
"""How many due rows are tried at most before it is assumed that other workers have them all."""
PLAIN: Final = (
    "key",
    "kind",
    "imp_uid",
    "merchant_uid",
    "tier",
    "wanted",
    "done",
    "believed",
    "first_at",
    "due_at",
    "owner",
    "lease_until",
    "tries",
    "state",
    "error",
)


class DjangoWork:
    """The transaction of a handler. Django's is ambient, so there is no session to pass."""

    session: Any = None

    def __init__(self, using: str) -> None:
        self._using = using

    def later(self, name: str, *, key: str, **arguments: Any) -> None:
        enqueue(self._using, name, key, arguments)


class DjangoInboxStore:
    """웹훅 인박스: rows and tasks in the tables of `portone_v1.contrib.django`.

    Args:
        using: the database, which has to be the one of the orders, so that order and inbox commit together.
    """

    def __init__(self, using: str = "default") -> None:
        self._using = using

    def record(self, webhook: ReceivedWebhook, now: float) -> None:
        def write() -> None:
            if self._lock(webhook.key):
                self._write(received_again(self._read(webhook.key), webhook, now))
            else:
                self._rows.create(**columns_of(new_row(webhook, now)))

        while True:
            try:
                self._transaction(write)
            except IntegrityError:
                continue  # another webhook for the same payment inserted it: update that row
            return

    def lease(self, now: float, owner: str, until: float, key: str | None = None) -> InboxRow | None:
        wanted: dict[str, Any] = {"due_at__lte": now} if key is None else {"key": key}
        free = self._rows.filter(lease_until__lte=now, **wanted)

        def take(candidate: str) -> InboxRow | None:
            taken = free.filter(key=candidate).update(owner=owner, lease_until=until)
            return self._read(candidate) if taken else None

        usable_connection(self._using)
        for candidate in list(free.order_by("due_at").values_list("key", flat=True)[:CANDIDATES]):
            if (row := self._transaction(partial(take, candidate))) is not None:
                return row
        return None

    @contextmanager
    def open(self, row: InboxRow) -> Generator[DjangoWork | None]:
        with own_transaction(self._using, INSIDE):
            yield DjangoWork(self._using) if self._lock(row.key, owner=row.owner) else None

    def finish(self, work: Any, row: InboxRow, now: float) -> None:
        del work
        self._write(merged(row, self._read(row.key), now))

    def release(self, row: InboxRow, owner: str, now: float) -> None:
        def write() -> None:
            if self._lock(row.key, owner=owner):
                self._write(merged(row, self._read(row.key), now))

        self._transaction(write)

    def take_task(self, now: float, until: float) -> Task | None:
        due = self._tasks.filter(due_at__lte=now)

        def take(candidate: str) -> Task | None:
            taken = due.filter(id=candidate).update(due_at=until, tries=F("tries") + 1)
            return task_of(self._tasks.get(id=candidate)) if taken else None

        usable_connection(self._using)
        for candidate in list(due.order_by("created_at", "id").values_list("id", flat=True)[:CANDIDATES]):
            if (task := self._transaction(partial(take, candidate))) is not None:
                return task
        return None

    def end_task(self, task: Task, *, retry_at: float | None, error: str = "") -> None:
        ended = self._tasks.filter(id=task.id)
        if retry_at is not None:
            ended = ended.filter(tries=task.tries, due_at__isnull=False)
        self._transaction(lambda: ended.update(due_at=retry_at, error=error))

    def rows(self, *, state: str | None = None, limit: int = 100) -> list[InboxRow]:
        found = self._rows.order_by("-first_at", "key")
        if state is not None:
            found = found.filter(state=state)
        return [row_of(each) for each in found[:limit]]

    def prune(self, before: float) -> int:
        def delete() -> int:
            rows, _ = self._rows.filter(state="done", first_at__lt=before).delete()
            tasks, _ = self._tasks.filter(due_at=None, created_at__lt=before).delete()
            return int(rows + tasks)

        return self._transaction(delete)

    def _transaction(self, work: Callable[[], T]) -> T:
        """Run the work in a transaction of its own: inside another, other code would commit it, or nobody."""
        return run_in_transaction(self._using, INSIDE, work)

    def _lock(self, key: str, **held: Any) -> bool:
        """Lock a row until the transaction ends, and return whether it is there (and still its owner's).

        An UPDATE that changes nothing does it: unlike SELECT … FOR UPDATE it also takes SQLite's write lock, and takes
        it first.
        """
        return bool(self._rows.filter(key=key, **held).update(wanted=F("wanted")))

    def _read(self, key: str) -> InboxRow:
        return row_of(self._rows.get(key=key))

    def _write(self, row: InboxRow) -> None:
        self._rows.filter(key=row.key).update(**columns_of(row))

    @property
    def _rows(self) -> Any:
        from .models import StoredWebhook

        return StoredWebhook.objects.using(self._using)

    @property
    def _tasks(self) -> Any:
        from .models import StoredTask

        return StoredTask.objects.using(self._using)


def enqueue(using: str, name: str, key: str, arguments: Mapping[str, Any]) -> None:
    """Write a task in the open transaction, once for its key."""
    from .models import StoredTask

    values = {"id": uuid4().hex, "name": name, "arguments": json.dumps(dict(arguments))}
    state = {"created_at": time.time(), "due_at": 0.0, "tries": 0, "error": ""}
    StoredTask.objects.using(using).get_or_create(key=key, defaults={**values, **state})


def columns_of(row: InboxRow) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in PLAIN},
        "claims": json.dumps(row.claims),
        "rank": row.progress.rank,
        "cancelled": str(row.progress.cancelled),
        "payload": json.dumps(dict(row.payload)),
    }


def row_of(found: Any) -> InboxRow:
    return InboxRow(
        **{name: getattr(found, name) for name in PLAIN},
        claims=tuple(json.loads(found.claims)),
        progress=Progress(found.rank, Decimal(found.cancelled)),
        payload=json.loads(found.payload),
    )


def task_of(found: Any) -> Task:
    return Task(
        id=found.id,
        key=found.key,
        name=found.name,
        arguments=json.loads(found.arguments),
        due_at=found.due_at,
        tries=found.tries,
        error=found.error,
    )
