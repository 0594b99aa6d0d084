# The source of both flavours: `make generate` writes _sync/recorded_writes/plain_intents.py from it.
"""The intents of a plain write: one for each record that it names, in one order for all callers."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from portone_v1_runtime.operation import Call

from ..._decisions.checks import read_before_write
from ...errors import InProgressError, PortOneError
from ...intents.intent import PART_OF, Intent
from ...intents.problems import problem
from ...intents.verdict import Verdict
from ...intents.writes import Row, known_before, records_of, row_of
from .journal import AsyncJournal
from .leases import may_run_for

__all__ = ["begin", "negative", "record", "release"]

ROUNDS: Final = 50
SNAPSHOT: Final = 366 * 86_400


async def begin(
    journal: AsyncJournal, row: Row, call: Call[Any], arguments: dict[str, object]
) -> tuple[Intent, list[Intent]]:
    """Record the intent, and one more for each further record that the call names, so that each is exclusive.

    All callers take the records in the same order, and release those that they hold if the next one is taken.
    """
    for _ in range(ROUNDS):
        name = uuid4().hex
        records = records_of(row, arguments, name)
        earlier = [await _last(journal, row, resource) for resource, _ in records]
        before = {**await _snapshot(journal, row, arguments), **known_before(row, earlier[0])}
        intents: list[Intent] = []
        for number, (resource, share) in enumerate(records):
            first = intents[0] if intents else None
            intent = await journal.new_intent(
                call.operation.name,
                resource,
                f"write/{name}/{number}" if first else f"write/{name}",
                (earlier[number], None),
                arguments=share if first else arguments,
                before={PART_OF: first.id} if first else before,
                mark="",
            )
            intents.append(intent)
        if await _begin_all(journal, row, intents):
            await _supersede(journal, intents[0].operation, earlier)
            return intents[0], intents[1:]
    raise problem(InProgressError, "other calls keep writing to this record; nothing was sent")


async def _begin_all(journal: AsyncJournal, row: Row, intents: list[Intent]) -> bool:
    """Record all intents. Return False if another call was first with one of them: those before it are released."""
    begun: list[Intent] = []
    try:
        for intent in intents:
            if not await journal.begin(intent):
                break
            begun.append(intent)
        else:
            return True
    except BaseException:
        await _give_back(journal, row, begun)
        raise
    await _give_back(journal, row, begun)
    return False


async def _give_back(journal: AsyncJournal, row: Row, begun: list[Intent]) -> None:
    for each in begun:
        await journal.record(each, negative(row, "not sent"), reported=True)


async def _last(journal: AsyncJournal, row: Row, resource: str) -> Intent | None:
    """Return the last write of a record. It is settled first, unless both it and the new write may be repeated."""
    last = await journal.store.latest(journal.shop, resource=resource)
    if last is not None and last.state == "open" and {row.repeat, row_of(last.operation).repeat} != {"yes"}:
        await _settle_first(journal, last)
        last = await journal.store.latest(journal.shop, resource=resource)
    return last


async def _supersede(journal: AsyncJournal, operation: str, earlier: list[Intent | None]) -> None:
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


async def _snapshot(journal: AsyncJournal, row: Row, arguments: dict[str, object]) -> dict[str, object]:
    """Return what is scheduled for a card, before all of it is revoked: schedules added later are not meant."""
    if not row.snapshot or "merchant_uid" in arguments:
        return {}
    card = str(arguments["customer_uid"])
    now = int(journal.evidence.server_now() or journal.clock.time())
    with read_before_write(row.operation, customer_uid=card):
        found = journal.evidence.reader().subscribe.iter_customer_schedules(
            card, from_=now - 86_400, to=now + SNAPSHOT, schedule_status="scheduled"
        )
        return {"scheduled": [each.merchant_uid async for each in found]}


async def record(
    journal: AsyncJournal,
    intent: Intent,
    parts: list[Intent],
    verdict: Verdict,
    *,
    own_imp_uid: str | None = None,
    reported: bool = False,
) -> Intent:
    """Store the outcome of the call for every record that it named."""
    for part in parts:
        await journal.record(part, verdict, reported=reported)
    return await journal.record(intent, verdict, own_imp_uid=own_imp_uid, reported=reported)


async def release(journal: AsyncJournal, begun: list[Intent]) -> None:
    for each in begun:
        await journal.release(each)


def negative(row: Row, reason: str) -> Verdict:
    state = {"charge": "not_charged", "refund": "not_refunded", "": "not_done"}[row.moves]
    return Verdict(state, final=True, reason=reason, evidence="answer")
