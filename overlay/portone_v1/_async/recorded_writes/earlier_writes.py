# The source of both flavours: `make generate` writes _sync/recorded_writes/earlier_writes.py from it.
"""Earlier writes that must be settled before a plain one: those of its record, and refunds of its payment."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Final

from ...errors import InProgressError, PortOneError
from ...intents.intent import Intent
from ...intents.problems import problem
from ...intents.writes import Row, row_of
from ...intents.writes.refunds import is_same_payment
from .journal import AsyncJournal
from .leases import may_run_for

__all__ = ["last_of", "refunds_beside", "settle_same_payment", "supersede"]

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


async def settle_same_payment(journal: AsyncJournal, arguments: Mapping[str, object]) -> frozenset[str]:
    """Settle undecided refunds that name the same payment in the other way: by its order, or by its `imp_uid`.

    V1 is read only if there is one: only V1 knows to which order a payment belongs.

    Returns:
        The ids of those that belong to other payments.

    Raises:
        InProgressError: one may have been executed, or V1 could not be read. Nothing was sent.
    """
    beside = await refunds_beside(journal, arguments, ())
    if not beside:
        return frozenset()
    try:
        names = await _names(journal, arguments)
    except PortOneError as error:
        reason = "an undecided refund may be of this payment, and V1 could not be read; nothing was sent"
        raise problem(InProgressError, reason, beside[0]) from error
    for each in beside:  # if V1 shows nothing of the order, none of them is excluded
        same = is_same_payment(arguments, each.arguments) or not names
        if same or any(is_same_payment(shown, each.arguments) for shown in names):
            await _settle_first(journal, each)
    return frozenset(each.id for each in beside)


async def refunds_beside(journal: AsyncJournal, arguments: Mapping[str, object], known: Container[str]) -> list[Intent]:
    """Return the open refunds that may be of the same payment, without those that are known."""
    limit = FIRST
    while True:
        found = await journal.store.unfinished(journal.shop, limit)
        if len(found) < limit or found[-1].state != "open":
            break
        limit *= 10
    return [
        each
        for each in found
        if each.state == "open"
        and row_of(each.operation).moves == "refund"
        and each.id not in known
        and is_same_payment(arguments, each.arguments) is not False
    ]


async def _names(journal: AsyncJournal, arguments: Mapping[str, object]) -> list[dict[str, object]]:
    """Read both ids of the payment to refund; if the order is named, those of each attempt."""
    evidence, imp_uid = journal.evidence, arguments.get("imp_uid")
    if imp_uid is not None:
        found = [await evidence.payment(str(imp_uid))]
    else:
        found = await evidence.attempts(str(arguments["merchant_uid"]))
    return [{"imp_uid": each.imp_uid, "merchant_uid": each.merchant_uid} for each in found]
