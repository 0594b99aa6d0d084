# The source of both flavours: `make generate` writes _sync/recorded_writes/plain_intents.py from it.
"""The intents of a plain write: one for each record that it names, in one order for all callers."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from portone_v1_runtime.operation import Call

from ..._decisions.checks import read_before_write
from ...errors import InProgressError
from ...intents.intent import PART_OF, Intent
from ...intents.problems import problem
from ...intents.verdict import Verdict
from ...intents.writes import Row, known_before, records_of
from .earlier_writes import AsyncSamePayment, last_of, supersede
from .journal import AsyncJournal

__all__ = ["begin", "negative", "record", "release"]

ROUNDS: Final = 50
SNAPSHOT: Final = 366 * 86_400


async def begin(
    journal: AsyncJournal, row: Row, call: Call[Any], arguments: dict[str, object]
) -> tuple[Intent, list[Intent]]:
    """Record the intent, and one more for each further record that the call names, so that each is exclusive.

    All callers take the records in the same order, and release those that they hold if the next one is taken.
    """
    refunds = AsyncSamePayment(journal, arguments) if row.moves == "refund" else None
    for _ in range(ROUNDS):
        name = uuid4().hex
        records = records_of(row, arguments, name)
        earlier = [await last_of(journal, row, resource) for resource, _ in records]
        if refunds is not None:
            await refunds.settle()
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
        if not await _begin_all(journal, row, intents):
            continue
        try:
            met = refunds is not None and await refunds.undecided(besides=intents[0].id)
        except BaseException:
            await _give_back(journal, row, intents)
            raise
        if met:  # begun meanwhile by another call, which sees this one too
            await _give_back(journal, row, intents)
            continue
        await supersede(journal, intents[0].operation, earlier)
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
