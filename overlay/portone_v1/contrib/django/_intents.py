"""The journal in the database of a Django shop."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.db import Error, IntegrityError, connections, transaction  # type: ignore[import-untyped]

from ...errors import ConfigurationError, IntentStoreError
from ...intents.intent import Intent
from ...intents.stores.columns import columns_of, name_column

__all__ = ["AsyncDjangoStore", "DjangoStore"]

CLOCKS = {
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
    "mysql": "SELECT unix_timestamp(now(6))",
}
INSIDE = (
    "nothing was sent: the journal must be committed before a write is sent, and this call is inside "
    "transaction.atomic(). Call it after the block, mark the view non_atomic_requests, or pass DjangoStore(using=…) a "
    "second alias of the same database"
)


class DjangoStore:
    """쓰기 기록 저장소: Keep the journal in the shop's database, shared by all hosts of the shop.

    It commits in transactions of its own: an intent that is rolled back with the order would be lost. Inside
    `transaction.atomic()` a write therefore raises `ConfigurationError`, and nothing is sent.

    Args:
        using: alias of the database.
    """

    def __init__(self, using: str = "default") -> None:
        self._using = using

    def begin(self, intent: Intent) -> bool:
        try:
            with self._transaction():
                self._rows.create(**columns_of(intent))
        except IntegrityError:
            return False
        return True

    def save(self, intent: Intent) -> bool:
        new = intent.changed(rev=intent.rev + 1)
        changed = {"state": new.state, "rev": new.rev, "document": new.to_json()}
        with self._transaction():
            return bool(self._rows.filter(id=intent.id, rev=intent.rev).update(**changed) == 1)

    def get(self, intent_id: str) -> Intent | None:
        return self._first(self._rows.filter(id=intent_id))

    def latest(self, shop: str, *, resource: str = "", key: str = "") -> Intent | None:
        if resource:
            return self._first(self._rows.filter(shop=shop, resource=name_column(resource)).order_by("-resource_seq"))
        return self._first(self._rows.filter(shop=shop, key=name_column(key)).order_by("-key_seq"))

    def unfinished(self, shop: str, limit: int = 1000) -> list[Intent]:
        rows = self._rows.filter(shop=shop, state__in=("open", "watch")).order_by("sent_at", "id")
        return self._read(rows[:limit])

    def now(self) -> float:
        connection: Any = connections[self._using]
        if connection.vendor not in CLOCKS:
            return time.time()
        try:
            with connection.cursor() as cursor:
                cursor.execute(CLOCKS[connection.vendor])
                return float(cursor.fetchone()[0])
        except Error as error:
            raise unusable(error) from None

    def prune(self, shop: str, before: float) -> int:
        with self._transaction():
            deleted, _ = self._rows.filter(shop=shop, state="closed", sent_at__lt=before).delete()
        return int(deleted)

    @contextmanager
    def _transaction(self) -> Generator[None]:
        """A transaction of its own. Integrity errors pass: for `begin` they are an answer."""
        try:
            with cast("Any", transaction).atomic(using=self._using, durable=True):
                yield
        except IntegrityError:
            raise
        except Error as error:
            raise unusable(error) from None
        except RuntimeError as error:
            if "durable" not in str(error):
                raise
            raise ConfigurationError(INSIDE) from None

    def _first(self, rows: Any) -> Intent | None:
        found = self._read(rows[:1])
        return found[0] if found else None

    def _read(self, rows: Any) -> list[Intent]:
        try:
            return [Intent.from_json(document) for document in rows.values_list("document", flat=True)]
        except Error as error:
            raise unusable(error) from None

    @property
    def _rows(self) -> Any:
        from .models import StoredIntent

        return StoredIntent.objects.using(self._using)


class AsyncDjangoStore:
    """쓰기 기록 저장소: `DjangoStore` for `AsyncPortOne`. Its calls run in the thread of Django's synchronous code."""

    def __init__(self, using: str = "default") -> None:
        self._store = DjangoStore(using)

    async def begin(self, intent: Intent) -> bool:
        return await sync_to_async(self._store.begin)(intent)

    async def save(self, intent: Intent) -> bool:
        return await sync_to_async(self._store.save)(intent)

    async def get(self, intent_id: str) -> Intent | None:
        return await sync_to_async(self._store.get)(intent_id)

    async def latest(self, shop: str, *, resource: str = "", key: str = "") -> Intent | None:
        return await sync_to_async(self._store.latest)(shop, resource=resource, key=key)

    async def unfinished(self, shop: str, limit: int = 1000) -> list[Intent]:
        return await sync_to_async(self._store.unfinished)(shop, limit)

    async def now(self) -> float:
        return await sync_to_async(self._store.now)()

    async def prune(self, shop: str, before: float) -> int:
        return await sync_to_async(self._store.prune)(shop, before)


def unusable(error: Error) -> IntentStoreError:
    """Name the kind of failure only: its text may hold the database's address."""
    return IntentStoreError(f"the journal's database could not be used: {type(error).__name__}")
