# The source of both flavours: `make generate` writes _sync/plain_writes.py from it.
"""A plain write of a client with a journal: its intent before it leaves, its outcome after it."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import uuid4

from portone_v1_generated.models.payments import Payment
from portone_v1_runtime.operation import Call, CallOptions, RawResponse

from .._decisions.checks import read_before_write
from ..errors import (
    ApiError,
    DeadlineError,
    InProgressError,
    InvalidRequestError,
    NotSentError,
    OutcomeUnknownError,
    PortOneError,
    RefusedError,
)
from ..intents.elapsed import SENT_BY
from ..intents.intent import Intent, shop_fingerprint
from ..intents.outcomes import no_card_was_asked
from ..intents.problems import problem
from ..intents.refusals import doubtful
from ..intents.verdict import Verdict
from ..intents.writes import Row, judge_answered, kept_arguments, resource_of, row_of
from .journal import AsyncJournal

if TYPE_CHECKING:
    from .client import AsyncPortOne

__all__ = ["send_recorded", "unrecorded"]

T = TypeVar("T")

ROUNDS: Final = 50
LONGEST_LEASE: Final = 300.0
UNLIMITED: Final = 120.0
"""Seconds that a step without a timeout counts for."""
SNAPSHOT: Final = 366 * 86_400


async def send_recorded(
    client: AsyncPortOne, call: Call[T], options: CallOptions, send: Callable[[], Awaitable[RawResponse[T]]]
) -> RawResponse[T]:
    """Send a write once its intent is committed.

    Args:
        send: makes the call, whose arguments have been checked.

    Raises:
        InProgressError: an earlier write on the same record is not decided, and this one may not be sent over it.
            Nothing was sent.
        IntentStoreError: the journal could not be written. Nothing was sent.
        OutcomeUnknownError: as of every write; `intent` is recorded, so that `settle_all` decides it too.
    """
    if "tier" in options:
        client = client.with_options(tier=options["tier"])
    engine = client._engine
    timeouts = (UNLIMITED if seconds is None else seconds for seconds in engine.for_call(call, options).timeout)
    journal = AsyncJournal(client, min(sum(timeouts), LONGEST_LEASE))
    row = row_of(call.operation.name)
    await engine.token_for(call)  # so that nothing but the request itself comes after the commit
    intent = await _begin(journal, row, call, kept_arguments(row, call, options.get("extra_body")))
    if journal.clock.monotonic() > journal.start_by:
        await journal.record(intent, _negative(row, "not sent in time"), reported=True)
        raise problem(DeadlineError, "the journal took too long; nothing was sent", intent)
    try:
        answer = await send()
    except NotSentError:
        await journal.record(intent, _negative(row, "not sent"), reported=True)
        raise
    except ApiError as refusal:
        await journal.record(intent, _refused(row, refusal), reported=True)
        raise
    except OutcomeUnknownError as silence:
        silence.intent = await journal.record(intent, Verdict("undecided", final=False, reason="no answer"))
        raise
    except BaseException:
        await journal.release(intent)
        raise
    data: Any = answer.data
    own = data.imp_uid if row.moves == "charge" and isinstance(data, Payment) else None
    await journal.record(intent, judge_answered(intent, data), own_imp_uid=own, reported=True)
    return answer


def unrecorded(client: AsyncPortOne, call: Call[Any], options: CallOptions, took: float) -> Intent:
    """The intent of a write of a client without a journal: `settle(error)` reads what became of it.

    Args:
        took: seconds from the call to its failure.
    """
    settings, tier = client._engine.settings, options.get("tier", client.tier)
    row, name = row_of(call.operation.name), uuid4().hex
    arguments = kept_arguments(row, call, options.get("extra_body"))
    now = client._engine.tokens.server_now()
    return Intent(
        id=name,
        shop=shop_fingerprint(settings.imp_key.reveal(), settings.base_url, tier),
        tier=tier,
        operation=call.operation.name,
        resource=resource_of(row, arguments, name),
        resource_seq=0,
        key=f"write/{name}",
        key_seq=0,
        arguments=arguments,
        sent_at=now - took if now else 0.0,
        result={SENT_BY: now} if now else {},
    )


async def _begin(journal: AsyncJournal, row: Row, call: Call[Any], arguments: dict[str, object]) -> Intent:
    for _ in range(ROUNDS):
        name = uuid4().hex
        resource = resource_of(row, arguments, name)
        last = await journal.store.latest(journal.shop, resource=resource)
        if last is not None and last.state == "open" and row.repeat != "yes":
            await _settle_first(journal, last)
            last = await journal.store.latest(journal.shop, resource=resource)
        intent = journal.new_intent(
            call.operation.name,
            resource,
            f"write/{name}",
            (last, None),
            arguments=arguments,
            before=await _snapshot(journal, row, arguments),
            mark="",
        )
        if await journal.begin(intent):
            if last is not None and last.state == "open" and last.operation == intent.operation:
                await journal.store.save(last.changed(state="closed", outcome="superseded"))
            return intent
    raise problem(InProgressError, "other calls keep writing to this record; nothing was sent")


async def _settle_first(journal: AsyncJournal, earlier: Intent) -> None:
    """Read what became of an earlier write on the same record. Only where it was not executed, another may follow."""
    if earlier.lease_until > await journal.store.now():
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
    """What is scheduled of a card, before everything of it is taken back: what is added later is not meant."""
    if not row.snapshot or "merchant_uid" in arguments:
        return {}
    card = str(arguments["customer_uid"])
    now = int(journal.evidence.server_now() or journal.clock.time())
    with read_before_write(row.operation, customer_uid=card):
        found = journal.evidence.reader().subscribe.iter_customer_schedules(
            card, from_=now - 86_400, to=now + SNAPSHOT, schedule_status="scheduled"
        )
        return {"scheduled": [each.merchant_uid async for each in found]}


def _negative(row: Row, reason: str) -> Verdict:
    state = {"charge": "not_charged", "refund": "not_refunded", "": "not_done"}[row.moves]
    return Verdict(state, final=True, reason=reason, evidence="answer")


def _refused(row: Row, refusal: ApiError) -> Verdict:
    """V1 said no. In some words it may speak of this very request: then reads decide."""
    if isinstance(refusal, InvalidRequestError | RefusedError) and doubtful(refusal.message):
        return Verdict("undecided", final=False, reason="refused, in words that leave it open")
    if row.moves == "charge" and not no_card_was_asked(refusal):
        return Verdict("declined", final=True, evidence="answer")
    if row.moves == "refund" and isinstance(refusal, RefusedError):
        return Verdict("refused", final=True, evidence="answer")
    return _negative(row, "refused")
