"""The journal in the database of a Django shop."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import Error, IntegrityError  # type: ignore[import-untyped]
from django.db.models import F  # type: ignore[import-untyped]

from ...errors import IntentStoreError
from ...intents.intent import Intent
from ...intents.stores.columns import columns_of, name_column
from ._transactions import run_in_transaction, usable_connection

__all__ = ["AsyncDjangoStore", "DjangoStore"]

T = TypeVar("T")

CLOCKS = {
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
    "mysql": "SELECT timestampdiff(microsecond, '1970-01-01', utc_timestamp(6)) / 1000000",
}
INSIDE = (
    "nothing was sent: the journal must be committed before a write is sent, and this call is inside "
    "transaction.atomic(), or autocommit is off. Call it after the block, mark the view non_atomic_requests, or pass "
    "DjangoStore(using=…) a second alias of the same database, with autocommit"
)


class DjangoStore:
    """저널 저장소: Keep the journal in the shop's database, shared by all hosts of the shop.

    It commits in transactions of its own: an intent that is rolled back with the order would be lost. Inside
    `transaction.atomic()`, and without autocommit, a write therefore raises `ConfigurationError`, and nothing is sent.

    Args:
        using: alias of the database.
    """

    def __init__(self, using: str = "default") -> None:
        self._using = using

    def begin(self, intent: Intent) -> bool:
        values = columns_of(intent)

        def insert() -> bool:
            for name in ("resource", "key"):
                if values[f"{name}_seq"] > 1 and not self._hold_predecessor(values, name):
                    return False
            self._rows.create(**values)
            return True

        try:
            return self._transaction(insert)
        except IntegrityError:
            return False

    def save(self, intent: Intent) -> bool:
        new = intent.changed(rev=intent.rev + 1)
        changed = {"state": new.state, "rev": new.rev, "document": new.to_json()}
        changing = self._rows.filter(id=intent.id, rev=intent.rev)
        return self._transaction(lambda: bool(changing.update(**changed) == 1))

    def get(self, intent_id: str) -> Intent | None:
        return self._first(self._rows.filter(id=intent_id))

    def latest(self, shop: str, *, resource: str = "", key: str = "") -> Intent | None:
        if resource:
            return self._first(self._rows.filter(shop=shop, resource=name_column(resource)).order_by("-resource_seq"))
        return self._first(self._rows.filter(shop=shop, key=name_column(key)).order_by("-key_seq"))

    def unfinished(self, shop: str, limit: int = 1000) -> list[Intent]:
        rows = self._rows.filter(shop=shop, state__in=("open", "watch")).order_by("state", "sent_at", "id")
        return self._read(rows[:limit])

    def now(self) -> float:
        connection = usable_connection(self._using)
        if connection.vendor not in CLOCKS:
            return time.time()
        try:
            with connection.cursor() as cursor:
                cursor.execute(CLOCKS[connection.vendor])
                return float(cursor.fetchone()[0])
        except Error as error:
            raise unusable(error) from None

    def prune(self, shop: str, before: float) -> int:
        old = self._rows.filter(shop=shop, state="closed", sent_at__lt=before)
        return self._transaction(lambda: int(old.delete()[0]))

    def _transaction(self, work: Callable[[], T]) -> T:
        """Run the work in a transaction of its own. `begin` handles integrity errors."""
        try:
            return run_in_transaction(self._using, INSIDE, work)
        except IntegrityError:
            raise
        except Error as error:
            raise unusable(error) from None

    def _hold_predecessor(self, values: dict[str, Any], name: str) -> bool:
        """Return whether the intent that this one follows is there. Nobody prunes it before this one is committed.

        An UPDATE that changes nothing locks it, which also takes SQLite's write lock, and takes it first.
        """
        number = {f"{name}_seq": values[f"{name}_seq"] - 1}
        earlier = self._rows.filter(shop=values["shop"], **{name: values[name]}, **number)
        return bool(earlier.update(rev=F("rev")) == 1)

    def _first(self, rows: Any) -> Intent | None:
        found = self._read(rows[:1])
        return found[0] if found else None

    def _read(self, rows: Any) -> list[Intent]:
        usable_connection(self._using)
        try:
            return [Intent.from_json(document) for document in rows.values_list("document", flat=True)]
        except Error as error:
            raise unusable(error) from None

    @property
    def _rows(self) -> Any:
        from .models import StoredIntent

        return StoredIntent.objects.using(self._using)


class AsyncDjangoStore:
    """저널 저장소: `DjangoStore` for `AsyncPortOne`. Its calls run in the thread of Django's synchronous code."""

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
    """Return an error that names only the kind of failure: its text may hold the database's address."""
    return IntentStoreError(f"the journal's database could not be used: {type(error).__name__}")
