# The source of both flavours: `make generate` writes _sync/recorded_writes/converge.py from it.
"""Make the writes that bring a period to its requested state."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import evolve
from portone_v1_generated.api.subscribe import AsyncSubscribeApi
from portone_v1_generated.models.payments import Payment
from portone_v1_generated.models.subscribe import Schedule, ScheduleResult
from portone_v1_runtime.unset import UNSET

from ..._decisions.checks import read_before_write
from ..._decisions.convergence import Action, Tried, next_action, number, tried_of
from ...errors import (
    InProgressError,
    KeyConflictError,
    NotFoundError,
    OutcomeUnknownError,
    PortOneError,
    RefusedError,
    ResponseFormatError,
)
from ...intents.intent import Intent
from ...intents.options import MINIMUM_WRITE
from ...intents.problems import problem
from ...intents.refusals import says_nothing_is_there
from ...intents.subscriptions import WantedPeriod
from ...intents.verdict import still_paid
from ...subscriptions import Period, Step, SubscriptionError
from .charging import charge_with
from .journal import AsyncJournal
from .leases import may_run_for, say_that_it_waits

if TYPE_CHECKING:
    from ..base_client import AsyncBaseClient

__all__ = ["converge"]

OPERATION = "subscriptions.ensure"
MOST_NUMBERS = 50


async def converge(client: AsyncBaseClient, wanted: WantedPeriod, max_steps: int, deadline: float) -> Period:
    journal = AsyncJournal(client, deadline)
    lock = await _lock(journal, wanted)
    try:
        return await _converge(journal, client, wanted, max_steps)
    finally:
        await _unlock(journal, lock)


async def _converge(journal: AsyncJournal, client: AsyncBaseClient, wanted: WantedPeriod, max_steps: int) -> Period:
    done: list[Step] = []
    seen: set[tuple[str, str]] = set()
    refusal: PortOneError | None = None
    while True:
        try:
            tried, payment = await _read(journal, wanted)
        except PortOneError as error:
            if done:
                raise SubscriptionError("V1 could not be read after a step; call again", tuple(done)) from error
            raise
        action = next_action(wanted.base, tried, wanted.want, journal.evidence.read_at or journal.clock.time())
        if (action.kind, action.state) != ("end", "waiting"):
            undecided, landed = await _undecided(journal, wanted, tried)
            if undecided:
                why = f"an earlier write of {undecided} is not decided yet"
                return Period("waiting", undecided, tuple(done), (why,), payment)
            if landed:
                continue
        if action.kind == "end":
            return _ended(action, tuple(done), payment)
        if refusal is not None and (action.kind, action.uid) in seen:  # none of it was executed, by any caller
            raise SubscriptionError(f"{action.kind} of {action.uid} was refused: {refusal}", tuple(done)) from refusal
        late_read = (action.kind, action.uid) in seen  # the step was taken, and the read does not show it yet
        if late_read or len(done) >= max_steps or journal.budget.left() < MINIMUM_WRITE:
            why = "V1 does not show the last step yet" if late_read else "no more steps fit into this call"
            return Period("waiting", action.uid or None, tuple(done), (why,), payment)
        seen.add((action.kind, action.uid))
        try:
            step = await _take(journal, client, wanted, action, tried)
        except OutcomeUnknownError:
            why = f"{action.kind} of {action.uid} is not decided yet"
            return Period("waiting", action.uid, tuple(done), (why,), payment)
        except InProgressError:
            if action.kind == "charge":
                raise
            why = f"an earlier {action.kind} of {action.uid} is not decided yet"
            return Period("waiting", action.uid, tuple(done), (why,), payment)
        except SubscriptionError:
            raise
        except PortOneError as error:
            if action.kind != "charge" and isinstance(error, RefusedError):
                refusal = error  # it may have been done already: read again
                continue
            raise SubscriptionError(f"{action.kind} of {action.uid} failed: {error}", tuple(done)) from error
        done.append(step)
        if step.charge is not None:  # one try for each call: the shop's plan says when there is another
            wanted = evolve(wanted, want=evolve(wanted.want, dunning=False, late="report"))


def _ended(action: Action, done: tuple[Step, ...], payment: Payment | None) -> Period:
    state: Any = action.state
    reasons = (action.why,) if action.why else ()
    return Period(state, action.uid or None, done, reasons, payment)


async def _read(journal: AsyncJournal, wanted: WantedPeriod) -> tuple[list[Tried], Payment | None]:
    """Read every order number of the period, up to the first one of which V1 knows nothing."""
    tried: list[Tried] = []
    payment: Payment | None = None
    with read_before_write(OPERATION, merchant_uid=wanted.base):
        for count in range(MOST_NUMBERS):
            uid = number(wanted.base, count)
            schedule = await _schedule(journal, uid)
            attempts = await journal.evidence.attempts(uid)
            now = journal.evidence.read_at or journal.clock.time()
            found = tried_of(uid, schedule, attempts, now)
            if found is None:
                return tried, payment
            tried.append(found)
            payment = next((each for each in attempts if still_paid(each)), payment)
        raise ResponseFormatError(f"more than {MOST_NUMBERS} order numbers of one period", operation=OPERATION)


async def _undecided(journal: AsyncJournal, wanted: WantedPeriod, tried: list[Tried]) -> tuple[str, bool]:
    """Look for writes on the period's order numbers that V1 did not show when they were read.

    Returns:
        The order number of a write that may still be executed (then nothing is certain), and whether a write was
        executed since.
    """
    landed = False
    for uid in (*(each.uid for each in tried), number(wanted.base, len(tried))):
        for resource in (f"order:{uid}", f"schedule:{uid}"):
            last = await journal.store.latest(journal.shop, resource=resource)
            if last is None or last.state != "open":
                continue
            if await may_run_for(journal.store, last) > 0:
                return uid, landed
            try:
                kept = await journal.record(last, await journal.look(last))
            except PortOneError:
                return uid, landed
            if kept.state == "open" and not kept.executed:
                return uid, landed
            landed = landed or (kept.executed and kept.outcome != last.outcome)
    return "", landed


async def _schedule(journal: AsyncJournal, uid: str) -> ScheduleResult | None:
    try:
        found = await journal.evidence.reader().subscribe.get_schedule(uid)
    except NotFoundError:
        return None
    except RefusedError as error:  # V1 says so with 200 as well
        if not says_nothing_is_there(error.message):
            raise
        return None
    if found.merchant_uid != uid:
        raise ResponseFormatError("V1 returned another schedule", operation="subscribe.get_schedule")
    return found


async def _take(
    journal: AsyncJournal, client: AsyncBaseClient, wanted: WantedPeriod, action: Action, tried: list[Tried]
) -> Step:
    want, writer = wanted.want, journal.evidence.recording_writer()
    if action.kind == "charge":
        charge = await charge_with(
            client,
            "subscribe.again",
            partial(
                AsyncSubscribeApi.again,
                customer_uid=want.card,
                merchant_uid=action.uid,
                amount=want.amount,
                name=wanted.name,
                currency=UNSET,
                custom_data=UNSET,
            ),
            key=wanted.period,
            deadline=max(journal.budget.left(), 1.0),
            tier=None,
        )
        return Step("charge", action.uid, action.why, charge)
    if action.kind == "schedule":
        entry = Schedule(merchant_uid=action.uid, schedule_at=wanted.due, amount=want.amount, name=wanted.name)
        await writer.subscribe.schedule(customer_uid=want.card, schedules=[entry])
        return Step("schedule", action.uid, action.why)
    if action.kind == "move":
        await writer.subscribe.update_schedule(action.uid, schedule_at=wanted.due)
        return Step("move", action.uid, action.why)
    card = next(each.card for each in tried if each.uid == action.uid)
    await writer.subscribe.unschedule(customer_uid=card, merchant_uid=[action.uid])
    return Step("unschedule", action.uid, action.why)


async def _lock(journal: AsyncJournal, wanted: WantedPeriod) -> Intent:
    """Lock the period, so that one process at a time works on it."""
    key = f"ensure/{wanted.base}"
    names: dict[str, object] = {"period": wanted.period, "merchant_uid": wanted.base}
    announced = ""
    while True:
        last, of_number = await journal.latest(wanted.resource, key)
        for earlier in (last, of_number):  # the other order numbers of a period follow from its first one
            if earlier is not None and earlier.arguments != names:
                reason = "period and merchant_uid belong together: one was used with another; nothing was sent"
                raise problem(KeyConflictError, reason, earlier)
        if last is not None and last.state == "open":
            if (left := await may_run_for(journal.store, last)) > 0:
                if announced != last.id:
                    announced = last.id
                    say_that_it_waits(journal.client, last, left)
                if journal.budget.left() < MINIMUM_WRITE + 1:
                    raise problem(InProgressError, "another process is working on this period; nothing was sent", last)
                await journal.clock.sleep(0.25)
                continue
            await journal.store.save(last.changed(state="closed", outcome="interrupted"))
        lock = await journal.new_intent(
            OPERATION, wanted.resource, key, (last, of_number), arguments=names, before={}, mark=""
        )
        if await journal.begin(lock):
            found = await journal.store.get(lock.id)
            return found if found is not None else lock


async def _unlock(journal: AsyncJournal, lock: Intent) -> None:
    try:
        await journal.store.save(lock.changed(state="closed", outcome="done", lease_until=0.0))
    except Exception:  # its lease expires by itself
        await journal.release(lock)
