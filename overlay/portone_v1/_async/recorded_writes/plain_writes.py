# The source of both flavours: `make generate` writes _sync/recorded_writes/plain_writes.py from it.
"""Send a plain write of a client with a journal: record its intent before, its outcome after it."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import uuid4

from portone_v1_generated.models.payments import Payment
from portone_v1_runtime.operation import Call, CallOptions, RawResponse

from ..._http.messages import HttpRequest
from ...errors import (
    ApiError,
    DeadlineError,
    InvalidRequestError,
    NotSentError,
    OutcomeUnknownError,
    RefusedError,
    ResponseFormatError,
)
from ...intents.elapsed import SENT_BY
from ...intents.intent import Intent
from ...intents.outcomes import no_card_was_asked
from ...intents.problems import problem
from ...intents.refusals import doubtful
from ...intents.verdict import Verdict
from ...intents.writes import Row, judge_answered, kept_arguments, records_of, row_of
from .journal import AsyncJournal
from .plain_intents import begin, negative, record, release

if TYPE_CHECKING:
    from ..base_client import AsyncBaseClient
    from ..engine import AsyncEngine

__all__ = ["send_recorded", "unrecorded"]

T = TypeVar("T")

LONGEST_LEASE: Final = 300.0
UNLIMITED: Final = 120.0
"""Seconds assumed for a step without a timeout."""


async def send_recorded(
    client: AsyncBaseClient, call: Call[T], options: CallOptions, engine: AsyncEngine, draft: HttpRequest
) -> RawResponse[T]:
    """Commit the intent of a write, then send the write.

    Args:
        engine, draft: what `prepare` made of the call.

    Raises:
        InProgressError: an earlier write on the same record is not decided, and this one may not be sent before it is.
            Nothing was sent.
        IntentStoreError: the journal could not be written. Nothing was sent.
        OutcomeUnknownError: as for every write; `intent` is recorded, so that `settle_all` decides it too.
    """
    if "tier" in options:
        client = client.with_options(tier=options["tier"])
    timeouts = (UNLIMITED if seconds is None else seconds for seconds in engine.timeout)
    journal = AsyncJournal(client, min(sum(timeouts), LONGEST_LEASE))
    row = row_of(call.operation.name)
    await engine.token_for(call)  # so that nothing but the request itself comes after the commit
    intent, parts = await begin(journal, row, call, kept_arguments(row, call, options.get("extra_body")))
    if journal.clock.monotonic() > journal.start_by:
        await record(journal, intent, parts, negative(row, "not sent in time"), reported=True)
        raise problem(DeadlineError, "the journal took too long; nothing was sent", intent)
    sender = engine.copied()
    sender.start_by = journal.start_by  # other processes count from the intent: no try may be sent long after it
    try:
        answer = await client._engine.carry_out(sender, call, draft)
    except NotSentError:
        await record(journal, intent, parts, negative(row, "not sent"), reported=True)
        raise
    except ApiError as refusal:
        await record(journal, intent, parts, _refused(row, refusal), reported=True)
        raise
    except OutcomeUnknownError as silence:
        unknown = Verdict("undecided", final=False, reason="no answer")
        silence.intent = await record(journal, intent, parts, unknown)
        raise
    except BaseException:
        await release(journal, [intent, *parts])
        raise
    data: Any = answer.data
    own = (data.imp_uid or None) if row.shown_by == "attempts" and isinstance(data, Payment) else None
    await record(journal, intent, parts, _answered(intent, data), own_imp_uid=own, reported=True)
    return answer


def _answered(intent: Intent, data: object) -> Verdict:
    """Return the verdict of a success. If an amount in it cannot be read, later reads decide: the write was executed.

    They decide too if a charge has no id: no later call could find the payment by it.
    """
    if isinstance(data, Payment) and not data.imp_uid and row_of(intent.operation).moves == "charge":
        return Verdict("undecided", final=False, reason="V1 returned a payment without an id")
    try:
        return judge_answered(intent, data)
    except ResponseFormatError as error:
        return Verdict("undecided", final=False, reason=error.reason)


def unrecorded(client: AsyncBaseClient, call: Call[Any], options: CallOptions, took: float) -> Intent:
    """Return an intent for a write of a client without a journal: with it, `settle(error)` reads what became of it.

    Args:
        took: seconds from the call to its failure.
    """
    tier = options.get("tier", client.tier)
    row, name = row_of(call.operation.name), uuid4().hex
    arguments = kept_arguments(row, call, options.get("extra_body"))
    now = client._engine.tokens.server_now()
    return Intent(
        id=name,
        shop=client._session.shop(client._engine.settings, tier),
        tier=tier,
        operation=call.operation.name,
        resource=records_of(row, arguments, name)[0][0],
        resource_seq=0,
        key=f"write/{name}",
        key_seq=0,
        arguments=arguments,
        sent_at=now - took if now else 0.0,
        result={SENT_BY: now} if now else {},
    )


def _refused(row: Row, refusal: ApiError) -> Verdict:
    """Return the verdict of a refusal. If its message may be about this very request, later reads decide."""
    if isinstance(refusal, InvalidRequestError | RefusedError) and doubtful(refusal.message):
        return Verdict("undecided", final=False, reason="refused with a message that leaves the outcome open")
    if row.moves == "charge" and not no_card_was_asked(refusal):
        return Verdict("declined", final=True, evidence="answer")
    if row.moves == "refund" and isinstance(refusal, RefusedError):
        return Verdict("refused", final=True, evidence="answer")
    return negative(row, "refused")
