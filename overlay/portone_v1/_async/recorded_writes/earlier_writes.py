# The source of both flavours: `make generate` writes _sync/recorded_writes/earlier_writes.py from it.
"""Earlier writes that must be settled before a plain one: those of its record, and refunds of its payment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...errors import InProgressError, PortOneError
from ...intents.intent import Intent
from ...intents.problems import problem
from ...intents.writes import Row, row_of
from ...intents.writes.refunds import is_same_payment
from .journal import AsyncJournal
from .leases import may_run_for

__all__ = ["AsyncSamePayment", "last_of", "supersede"]

FIRST: Final = 20
"""How many unfinished intents are read at first: the open ones come first, and there are few."""


async def last_of(journal: AsyncJournal, row: Row, resource: str) -> Intent | None:
    """Return the last write of a record. It is settled first, unless both it and the new write may be repeated."""
    last = await journal.store.latest(journal.shop, resource=resource)
    if last is not None and last.state == "open" and {row.repeat, row_of(last.operation).repeat} != {"yes"}:
        await _settle_first(journal, last)
        last = await journal.store.latest(journal.shop, resource=resource)
    return last


async def supersede(journal: AsyncJournal, operation: str, earlier: list[Intent | None]) -> None:
    for last in earlier:
        if last is not None and last.state == "open" and last.operation == operation:
            await journal.store.save(last.changed(state="closed", outcome="superseded"))


async def _settle_first(journal: AsyncJournal, earlier: Intent) -> None:
    """Read what became of an earlier write on the same record. Another may follow only if it was not executed."""
    if await may_run_for(journal.store, earlier) > 0:
        raise problem(InProgressError, "another call is writing; nothing was sent", earlier)
    try:
        verdict = await journal.look(earlier)
    except PortOneError as error:
        reason = "an earlier write is undecided and V1 could not be read; nothing was sent"
        raise problem(InProgressError, reason, earlier) from error
    kept = await journal.record(earlier, verdict)
    if kept.executed:
        reason = f"the earlier {kept.operation} was executed after all ({kept.outcome}); nothing was sent"
        raise problem(InProgressError, reason, kept)
    if kept.state == "open":
        raise problem(InProgressError, "an earlier write is not decided yet; nothing was sent", kept)


class AsyncSamePayment:
    """Undecided refunds of the payment that a plain refund names, under its other name too: `imp_uid` or its order.

    V1 is read once, and only if there is one under another name: it alone knows which order a payment is of.
    """

    def __init__(self, journal: AsyncJournal, arguments: Mapping[str, object]) -> None:
        self._journal, self._arguments = journal, arguments
        self._names: list[dict[str, object]] | None = None

    async def settle(self) -> None:
        """Settle them first.

        Raises:
            InProgressError: one may have been executed, or V1 could not be read. Nothing was sent.
        """
        for each in await self.undecided():
            await _settle_first(self._journal, each)

    async def undecided(self, besides: str = "") -> list[Intent]:
        """Return them.

        Args:
            besides: the id of the refund itself, once it has begun.
        """
        found = await self._open_refunds()
        return [each for each in found if each.id != besides and await self._is_same(each)]

    async def _open_refunds(self) -> list[Intent]:
        limit = FIRST
        while True:
            found = await self._journal.store.unfinished(self._journal.shop, limit)
            if len(found) < limit or found[-1].state != "open":
                return [each for each in found if each.state == "open" and row_of(each.operation).moves == "refund"]
            limit *= 10

    async def _is_same(self, other: Intent) -> bool:
        same = is_same_payment(self._arguments, other.arguments)
        if same is not None:
            return same
        if self._names is None:
            try:
                self._names = await self._read_names()
            except PortOneError as error:
                reason = "an undecided refund may be of this payment, and V1 could not be read; nothing was sent"
                raise problem(InProgressError, reason, other) from error
        if not self._names:  # V1 shows nothing of the order: that excludes no payment
            return True
        return any(is_same_payment(each, other.arguments) for each in self._names)

    async def _read_names(self) -> list[dict[str, object]]:
        """Read both names of the payment; of an order, those of each attempt."""
        evidence, imp_uid = self._journal.evidence, self._arguments.get("imp_uid")
        if imp_uid is not None:
            found = [await evidence.payment(str(imp_uid))]
        else:
            found = await evidence.attempts(str(self._arguments["merchant_uid"]))
        return [{"imp_uid": each.imp_uid, "merchant_uid": each.merchant_uid} for each in found]
