# The source of both flavours: `make generate` writes _sync/intents.py from it.
"""`client.intents`: the journal, for operators and jobs."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from ..intents.intent import Intent
from .journal import AsyncJournal

if TYPE_CHECKING:
    from .client import AsyncPortOne

__all__ = ["AsyncIntents"]

DEADLINE = 25.0


class AsyncIntents:
    """쓰기 기록: Looking into the journal of this shop, and deciding what V1 does not show."""

    def __init__(self, client: AsyncPortOne) -> None:
        self._client = client

    def _journal(self) -> AsyncJournal:
        return AsyncJournal(self._client, DEADLINE)

    async def open(self, limit: int = 1000) -> list[Intent]:
        """미확정 목록: Return the intents that are not decided, the oldest first."""
        journal = self._journal()
        return [each for each in await journal.store.unfinished(journal.shop, limit) if each.state == "open"]

    async def unfinished(self, limit: int = 1000) -> list[Intent]:
        """최근 기록: Return the intents that are open, or decided and not audited so far, the oldest first."""
        journal = self._journal()
        return await journal.store.unfinished(journal.shop, limit)

    async def now(self) -> float:
        """UNIX seconds by the clock of the store, which `lease_until` is measured by."""
        return await self._journal().store.now()

    async def get(self, intent_id: str) -> Intent | None:
        """조회: Return one intent, or None where this shop's journal has none of that id."""
        journal = self._journal()
        found = await journal.store.get(intent_id)
        return found if found is not None and found.shop == journal.shop else None

    async def of(
        self, *, key: str | None = None, merchant_uid: str | None = None, imp_uid: str | None = None
    ) -> Intent | None:
        """조회: Return the last intent of a key, an order or a payment.

        Args:
            key: as it was given to `cancel_once` or `again_once`.
            merchant_uid: an order that was charged.
            imp_uid: a payment that was refunded.
        """
        if [key, merchant_uid, imp_uid].count(None) != 2:
            raise TypeError("give one of key, merchant_uid and imp_uid")
        journal = self._journal()
        if key is None:
            resource = f"order:{merchant_uid}" if merchant_uid is not None else f"payment:{imp_uid}"
            return await journal.store.latest(journal.shop, resource=resource)
        for kind in ("refund", "charge"):
            if (found := await journal.store.latest(journal.shop, key=f"{kind}/{key}")) is not None:
                return found
        return None

    async def resolve(
        self,
        intent_id: str,
        outcome: Literal["paid", "declined", "not_charged", "refunded", "refused", "not_refunded", "done", "not_done"],
        *,
        note: str,
    ) -> Intent:
        """직접 확정: Record what a person saw in the PG's console, where V1 does not show it.

        Nothing is sent. `paid`, `refunded` and `done` consume the key; the others let the same call be made again.

        Args:
            note: who looked where, without personal data.

        Raises:
            LookupError: this shop's journal has no such intent.
            ValueError: it is decided already, or another process has just decided it.
        """
        found = await self.get(intent_id)
        if found is None:
            raise LookupError("this journal has no such intent")
        if found.state != "open":
            raise ValueError(f"the intent is decided already: {found.outcome}")
        result = {**found.result, "note": note[:200], "evidence": "person", "reported": True}
        if found.operation == "payments.cancel" and outcome == "refunded":
            result["amount"] = str(found.arguments["amount"])
        decided = found.changed(outcome=outcome, result=result, state="watch", lease_until=0.0)
        journal = self._journal()
        if not await journal.store.save(decided):
            raise ValueError("another process has just changed the intent: look again")
        self._client._session.observation.intent_settled(decided)
        return decided.changed(rev=decided.rev + 1)

    async def prune(self, older_than: timedelta = timedelta(days=400)) -> int:
        """정리: Delete closed intents that were sent longer ago, and return how many there were.

        A key is forgotten with its intent: keep them for as long as your shop may repeat a call.
        """
        journal = self._journal()
        return await journal.store.prune(journal.shop, journal.clock.time() - older_than.total_seconds())
