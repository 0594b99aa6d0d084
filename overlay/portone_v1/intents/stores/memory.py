"""The journal in this process, for tests. It is lost with the process, and so is what it protects."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from ..intent import Intent

__all__ = ["MemoryStore"]


class MemoryStore:
    """Keep intents in memory: for tests only.

    Args:
        clock: UNIX seconds, for the leases.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._documents: dict[str, str] = {}
        self._latest: dict[tuple[str, str, str], tuple[int, str]] = {}
        self._taken: set[tuple[str, str, str, int]] = set()
        self._lock, self._clock = Lock(), clock

    def begin(self, intent: Intent) -> bool:
        places = (
            ("resource", intent.resource, intent.resource_seq),
            ("key", intent.key, intent.key_seq),
        )
        with self._lock:
            if any((intent.shop, *place) in self._taken for place in places):
                return False
            for kind, name, number in places:
                self._taken.add((intent.shop, kind, name, number))
                known = self._latest.get((intent.shop, kind, name), (0, ""))
                self._latest[intent.shop, kind, name] = max(known, (number, intent.id))
            self._documents[intent.id] = intent.to_json()
            return True

    def save(self, intent: Intent) -> bool:
        with self._lock:
            stored = self._documents.get(intent.id)
            if stored is None or Intent.from_json(stored).rev != intent.rev:
                return False
            self._documents[intent.id] = intent.changed(rev=intent.rev + 1).to_json()
            return True

    def get(self, intent_id: str) -> Intent | None:
        with self._lock:
            stored = self._documents.get(intent_id)
        return None if stored is None else Intent.from_json(stored)

    def latest(self, shop: str, *, resource: str = "", key: str = "") -> Intent | None:
        kind, name = ("resource", resource) if resource else ("key", key)
        with self._lock:
            found = self._latest.get((shop, kind, name))
        return None if found is None else self.get(found[1])

    def unfinished(self, shop: str, limit: int = 1000) -> list[Intent]:
        found = [intent for intent in self._all() if intent.shop == shop and intent.state != "closed"]
        return sorted(found, key=lambda intent: intent.sent_at)[:limit]

    def now(self) -> float:
        return self._clock()

    def prune(self, shop: str, before: float) -> int:
        old = [i.id for i in self._all() if i.shop == shop and i.state == "closed" and i.sent_at < before]
        with self._lock:
            for intent_id in old:
                del self._documents[intent_id]
        return len(old)

    def _all(self) -> list[Intent]:
        with self._lock:
            documents = list(self._documents.values())
        return [Intent.from_json(document) for document in documents]
