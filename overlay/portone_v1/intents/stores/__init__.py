"""The protocol of an intent store, in both flavours. `portone_v1.intents.testing` checks it by tests."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol, TypeAlias

import portone_v1

__all__ = ["AsyncIntentStore", "AsyncStoreArgument", "IntentStore", "StoreArgument"]


class IntentStore(Protocol):
    """Each method is one atomic, durable statement; none holds a lock between calls.

    A method that cannot do it raises; nothing is sent then.
    """

    def begin(self, intent: portone_v1.intents.Intent) -> bool:
        """Insert the intent. Return False if (shop, resource, resource_seq) or (shop, key, key_seq) is taken.

        Return False too if a number above 1 has no predecessor: `prune` has deleted it, another call may have begun
        with 1 since, and both would be sent. Nobody may delete the predecessor before the insert is committed.
        """
        ...

    def save(self, intent: portone_v1.intents.Intent) -> bool:
        """Replace the intent and store rev + 1 if the stored `rev` equals `intent.rev`. Return False if it differs."""
        ...

    def get(self, intent_id: str) -> portone_v1.intents.Intent | None: ...

    def latest(self, shop: str, *, resource: str = "", key: str = "") -> portone_v1.intents.Intent | None:
        """Return the intent with the highest sequence number of this resource, or of this key."""
        ...

    def unfinished(self, shop: str, limit: int = 1000) -> list[portone_v1.intents.Intent]:
        """Return the intents in state `open`, then those in state `watch`, the oldest of each first."""
        ...

    def now(self) -> float:
        """Return the clock of the leases in UNIX seconds. It is the same for all processes that share the store."""
        ...

    def prune(self, shop: str, before: float) -> int:
        """Delete closed intents that were sent before then (UNIX seconds), and return how many.

        If `sent_at` is 0, the `lease_until` that the intent was begun with counts.
        """
        ...


class AsyncIntentStore(Protocol):
    """`IntentStore`, awaited."""

    def begin(self, intent: portone_v1.intents.Intent) -> Awaitable[bool]: ...

    def save(self, intent: portone_v1.intents.Intent) -> Awaitable[bool]: ...

    def get(self, intent_id: str) -> Awaitable[portone_v1.intents.Intent | None]: ...

    def latest(
        self, shop: str, *, resource: str = "", key: str = ""
    ) -> Awaitable[portone_v1.intents.Intent | None]: ...

    def unfinished(self, shop: str, limit: int = 1000) -> Awaitable[list[portone_v1.intents.Intent]]: ...

    def now(self) -> Awaitable[float]: ...

    def prune(self, shop: str, before: float) -> Awaitable[int]: ...


StoreArgument: TypeAlias = IntentStore
"""What `PortOne(intents=…)` takes."""
AsyncStoreArgument: TypeAlias = AsyncIntentStore | IntentStore
"""What `AsyncPortOne(intents=…)` takes: an ordinary store is called in threads."""
