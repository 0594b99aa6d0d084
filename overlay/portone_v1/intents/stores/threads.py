"""Stores of the other flavour: a blocking store under `AsyncPortOne`, in threads."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from ...errors import ConfigurationError
from ..intent import Intent
from . import AsyncIntentStore, IntentStore

__all__ = ["AsyncStoreAdapter", "StoreAdapter"]


class StoreAdapter:
    """For `PortOne`: a store, unchanged."""

    @staticmethod
    def wrap(store: Any) -> IntentStore:
        if inspect.iscoroutinefunction(store.begin):
            raise ConfigurationError("intents= is an asynchronous store: PortOne needs a synchronous one")
        found: IntentStore = store
        return found


class AsyncStoreAdapter:
    """For `AsyncPortOne`: an ordinary store whose calls run in threads, so that a commit blocks no event loop."""

    def __init__(self, store: IntentStore) -> None:
        self._store = store

    @staticmethod
    def wrap(store: Any) -> AsyncIntentStore:
        if inspect.iscoroutinefunction(store.begin):
            found: AsyncIntentStore = store
            return found
        return AsyncStoreAdapter(store)

    async def begin(self, intent: Intent) -> bool:
        return await asyncio.to_thread(self._store.begin, intent)

    async def save(self, intent: Intent) -> bool:
        return await asyncio.to_thread(self._store.save, intent)

    async def get(self, intent_id: str) -> Intent | None:
        return await asyncio.to_thread(self._store.get, intent_id)

    async def latest(self, shop: str, *, resource: str = "", key: str = "") -> Intent | None:
        return await asyncio.to_thread(self._store.latest, shop, resource=resource, key=key)

    async def unfinished(self, shop: str, limit: int = 1000) -> list[Intent]:
        return await asyncio.to_thread(self._store.unfinished, shop, limit)

    async def now(self) -> float:
        return await asyncio.to_thread(self._store.now)

    async def prune(self, shop: str, before: float) -> int:
        return await asyncio.to_thread(self._store.prune, shop, before)
