"""`BlockingIntentStore`: an asynchronous store, for tests of the synchronous contract."""

from __future__ import annotations

from ..._testing import BlockingStore
from ..intent import Intent
from ..stores import AsyncIntentStore

__all__ = ["BlockingIntentStore"]


class BlockingIntentStore(BlockingStore[AsyncIntentStore]):
    """An `AsyncIntentStore` as an `IntentStore`: its calls run in one event loop, in a thread of its own."""

    def begin(self, intent: Intent) -> bool:
        return self.run(self._store.begin(intent))

    def save(self, intent: Intent) -> bool:
        return self.run(self._store.save(intent))

    def get(self, intent_id: str) -> Intent | None:
        return self.run(self._store.get(intent_id))

    def latest(self, shop: str, *, resource: str = "", key: str = "") -> Intent | None:
        return self.run(self._store.latest(shop, resource=resource, key=key))

    def unfinished(self, shop: str, limit: int = 1000) -> list[Intent]:
        return self.run(self._store.unfinished(shop, limit))

    def now(self) -> float:
        return self.run(self._store.now())

    def prune(self, shop: str, before: float) -> int:
        return self.run(self._store.prune(shop, before))
