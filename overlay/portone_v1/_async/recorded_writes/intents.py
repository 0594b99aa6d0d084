# The source of both flavours: `make generate` writes _sync/recorded_writes/intents.py from it.
"""`client.intents`: the journal, for operators and jobs."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Literal

from portone_v1_runtime.wrong_names import NamedParts

from ...intents.intent import PART_OF, Intent
from ...intents.outcomes import outcomes_of
from ...intents.recording import state_when_decided
from ..base_client import AsyncBaseClient
from .journal import AsyncJournal
from .leases import may_run_for

__all__ = ["AsyncIntents"]

DEADLINE = 25.0


class AsyncIntents(NamedParts):
    """저널: Read this shop's journal, and settle by hand what V1 does not show."""

    _path = "client.intents"

    def __init__(self, client: AsyncBaseClient) -> None:
        self._client = client

    def _journal(self) -> AsyncJournal:
        return AsyncJournal(self._client, DEADLINE)

    async def open(self, limit: int = 1000) -> list[Intent]:
        """미확정 목록: Return the open intents, oldest first."""
        journal = self._journal()
        return [each for each in await journal.store.unfinished(journal.shop, limit) if each.state == "open"]

    async def unfinished(self, limit: int = 1000) -> list[Intent]:
        """최근 기록: Return the open intents, then those decided but not audited yet, the oldest of each first."""
        journal = self._journal()
        return await journal.store.unfinished(journal.shop, limit)

    async def now(self) -> float:
        """Return the store's clock in UNIX seconds. `lease_until` is a time of this clock."""
        return await self._journal().store.now()

    async def get(self, intent_id: str) -> Intent | None:
        """조회: Return one intent, or None if this shop's journal has no such id."""
        journal = self._journal()
        found = await journal.store.get(intent_id)
        return found if found is not None and found.shop == journal.shop else None

    async def of(
        self, *, key: str | None = None, merchant_uid: str | None = None, imp_uid: str | None = None
    ) -> Intent | None:
        """조회: Return the last intent of a key, an order or a payment.

        If a key names both a charge and a refund, this is the later one. Find the other by its order or payment.

        Args:
            key: key passed to `cancel_once` or `again_once`.
            merchant_uid: charged order.
            imp_uid: refunded payment.
        """
        if [key, merchant_uid, imp_uid].count(None) != 2:
            raise TypeError("pass one of key, merchant_uid and imp_uid")
        journal = self._journal()
        if key is None:
            resource = f"order:{merchant_uid}" if merchant_uid is not None else f"payment:{imp_uid}"
            return await journal.store.latest(journal.shop, resource=resource)
        key = unicodedata.normalize("NFC", key)
        of_refund = await journal.store.latest(journal.shop, key=f"refund/{key}")
        of_charge = await journal.store.latest(journal.shop, key=f"charge/{key}")
        if of_refund is None or of_charge is None:
            return of_refund or of_charge
        return max(of_refund, of_charge, key=lambda each: each.sent_at)

    async def resolve(
        self,
        intent_id: str,
        outcome: Literal["paid", "declined", "not_charged", "refunded", "refused", "not_refunded", "done", "not_done"],
        *,
        note: str,
    ) -> Intent:
        """직접 확정: Settle an intent with the outcome that a person saw in the PG's console.

        Sends nothing. `paid`, `refunded` and `done` consume the key; after the others the same call may be made again.

        Args:
            note: who checked where, without personal data.

        Raises:
            LookupError: this shop's journal has no such intent.
            ValueError: no outcome of this operation, it is already settled, or its call may still be running.
        """
        found = await self.get(intent_id)
        if found is None:
            raise LookupError("the journal has no such intent")
        if found.state != "open":
            raise ValueError(f"the intent is already settled: {found.outcome}")
        allowed = outcomes_of(found)
        if outcome not in allowed:
            raise ValueError(f"{found.operation} ends as {', '.join(allowed)}, not as {outcome}")
        journal = self._journal()
        if (left := await may_run_for(journal.store, found)) > 0:
            raise ValueError(f"its call may still be running: wait {left:.0f} seconds")
        result = {**found.result, "note": note[:200], "evidence": "person", "reported": True}
        if found.operation == "payments.cancel" and outcome == "refunded":
            result["amount"] = str(found.arguments.get("amount") or 0)
        state = state_when_decided(found)
        decided = found.changed(outcome=allowed[outcome], result=result, state=state, lease_until=0.0)
        if not await journal.store.save(decided):
            raise ValueError("another process changed the intent: read it again")
        number = 1  # the other records that the same call named
        while (part := await journal.store.latest(journal.shop, key=f"{found.key}/{number}")) is not None:
            if part.state == "open" and part.before.get(PART_OF) == found.id:
                await journal.store.save(part.changed(outcome=allowed[outcome], state="closed", lease_until=0.0))
            number += 1
        self._client._session.observation.intent_settled(decided)
        return decided.changed(rev=decided.rev + 1)

    async def prune(self, older_than: timedelta = timedelta(days=400)) -> int:
        """정리: Delete closed intents that are older than this, and return their number.

        A key is forgotten with its intent: keep intents for as long as your shop may repeat a call. The age is measured
        by the clock of this machine, the store or V1, whichever is behind.

        Raises:
            ValueError: a negative age, which would mean all of them.
        """
        if older_than < timedelta(0):
            raise ValueError("older_than must not be negative")
        journal = self._journal()
        clocks = (journal.clock.time(), await journal.store.now(), self._client._engine.tokens.server_now())
        now = min(each for each in clocks if each)  # V1's is 0 before its first answer
        return await journal.store.prune(journal.shop, now - older_than.total_seconds())
