"""The journal in this process, for tests. It is lost with the process, and so is what it protects."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

import portone_v1

from .columns import begun_at

__all__ = ["MemoryStore"]


class MemoryStore:
    """Keep intents in memory: for tests only.

    Args:
        clock: UNIX seconds, for the leases.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._documents: dict[str, str] = {}
        """An intent exists once its document is here: a number without a document was never taken."""
        self._begun_at: dict[str, float] = {}
        self._numbers: dict[tuple[str, str, str], dict[int, str]] = {}
        """The ids of a resource, and those of a key, by their numbers."""
        self._lock, self._clock = Lock(), clock

    def begin(self, intent: portone_v1.intents.Intent) -> bool:
        document = intent.to_json()
        with self._lock:
            places = [(self._of(intent.shop, kind, name), number) for kind, name, number in _places(intent)]
            for known, number in places:
                if self._is_taken(known, number) or (number > 1 and not self._is_taken(known, number - 1)):
                    return False
            for known, number in places:
                known[number] = intent.id
            self._begun_at[intent.id] = begun_at(intent)
            self._documents[intent.id] = document  # last: Ctrl-C before it leaves nothing behind
            return True

    def save(self, intent: portone_v1.intents.Intent) -> bool:
        with self._lock:
            stored = self._documents.get(intent.id)
            if stored is None or _read(stored).rev != intent.rev:
                return False
            self._documents[intent.id] = intent.changed(rev=intent.rev + 1).to_json()
            return True

    def get(self, intent_id: str) -> portone_v1.intents.Intent | None:
        with self._lock:
            stored = self._documents.get(intent_id)
        return None if stored is None else _read(stored)

    def latest(self, shop: str, *, resource: str = "", key: str = "") -> portone_v1.intents.Intent | None:
        kind, name = ("resource", resource) if resource else ("key", key)
        with self._lock:
            known = self._numbers.get((shop, kind, name))  # a lookup must not add a name
            numbers = [number for number in known or () if known and self._is_taken(known, number)]
            stored = self._documents[known[max(numbers)]] if known and numbers else None
        return None if stored is None else _read(stored)

    def unfinished(self, shop: str, limit: int = 1000) -> list[portone_v1.intents.Intent]:
        with self._lock:
            all_of_them = [(_read(document), self._begun_at[name]) for name, document in self._documents.items()]
        found = [each for each in all_of_them if each[0].shop == shop and each[0].state != "closed"]
        found.sort(key=lambda each: (each[0].state, each[1]))
        return [intent for intent, _ in found[:limit]]

    def now(self) -> float:
        return self._clock()

    def prune(self, shop: str, before: float) -> int:
        with self._lock:
            all_of_them = [_read(document) for document in self._documents.values()]
            closed = [intent for intent in all_of_them if intent.shop == shop and intent.state == "closed"]
            old = [intent for intent in closed if self._begun_at[intent.id] < before]
            for intent in old:
                del self._documents[intent.id]
                self._begun_at.pop(intent.id, None)
                for kind, name, number in _places(intent):
                    self._of(shop, kind, name).pop(number, None)
        return len(old)

    def _of(self, shop: str, kind: str, name: str) -> dict[int, str]:
        return self._numbers.setdefault((shop, kind, name), {})

    def _is_taken(self, known: dict[int, str], number: int) -> bool:
        return known.get(number) in self._documents


def _places(intent: portone_v1.intents.Intent) -> tuple[tuple[str, str, int], ...]:
    return ("resource", intent.resource, intent.resource_seq), ("key", intent.key, intent.key_seq)


def _read(document: str) -> portone_v1.intents.Intent:
    from ..intent import Intent  # It imports attrs, which a client that writes nothing does not need.

    return Intent.from_json(document)
