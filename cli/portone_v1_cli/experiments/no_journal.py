"""A journal that stores nothing: the experiments test V1 itself, so nothing else may serialize the writes."""

# ruff: noqa: ARG002 - this store ignores its arguments

from __future__ import annotations

import time

from portone_v1.intents import Intent

__all__ = ["NoJournal"]


class NoJournal:
    """An `IntentStore` in which every write is the first one. For test channels only."""

    def begin(self, intent: Intent) -> bool:
        return True

    def save(self, intent: Intent) -> bool:
        return True

    def get(self, intent_id: str) -> Intent | None:
        return None

    def latest(self, shop: str, *, resource: str = "", key: str = "") -> Intent | None:
        return None

    def unfinished(self, shop: str, limit: int = 1000) -> list[Intent]:
        return []

    def now(self) -> float:
        return time.time()

    def prune(self, shop: str, before: float) -> int:
        return 0
