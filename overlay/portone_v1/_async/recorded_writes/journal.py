# The source of both flavours: `make generate` writes _sync/recorded_writes/journal.py from it.
"""The journal as one call uses it: its intents, its deadline, its reads of V1."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import logging
import os
from decimal import Decimal
from typing import TYPE_CHECKING

from portone_v1_generated.models.payments import Payment
from portone_v1_runtime.one_line import one_line

from ...errors import (
    DeadlineError,
    DoublePaymentError,
    InProgressError,
    IntentStoreError,
    KeyConflictError,
    NotFoundError,
    PortOneError,
    UndecidedError,
)
from ...intents.intent import GIVEN_BACK, Intent
from ...intents.options import RECHECK_DELAYS, START_WITHIN, Budget
from ...intents.problems import differing, problem
from ...intents.recording import may_overwrite, recorded, state_when_decided
from ...intents.verdict import Alarm, Verdict, doubles_in, was_paid
from ...intents.writes.refunds import is_of_other
from .evidence import AsyncEvidence
from .leases import may_run_for, say_that_it_waits
from .looking import look_at
from .step import AsyncStep

if TYPE_CHECKING:
    from ..base_client import AsyncBaseClient

__all__ = ["AsyncJournal"]

log = logging.getLogger("portone_v1.intents")

LOCK = "subscriptions.ensure"
"""Its intent only keeps other processes away; its writes have intents of their own."""

KNOWN = frozenset({"paid", "charge_refunded", "pending", "refunded", "accepted"})
"""Outcomes that one read can settle; others are read again until the deadline."""


PAID = frozenset({"paid", "charge_refunded"})
"""Outcomes of a charge that V1 has to show: a read that shows less lags behind."""


class AsyncJournal:
    def __init__(self, client: AsyncBaseClient, deadline: float) -> None:
        session = client._session
        self.client = client
        self.options = session.journal
        self.store = session.intent_store()
        self.clock = session.clock
        self.budget = Budget(deadline, self.clock.monotonic)
        self.shop = session.shop(client._engine.settings, client.tier)
        self.evidence = AsyncEvidence(client, self.budget)
        self.start_by = self.budget.end
        """On the monotonic clock: a write that is not sent by then is given up."""

    async def latest(self, resource: str, key: str) -> tuple[Intent | None, Intent | None]:
        """Return the last intent of the resource and that of the key."""
        by_resource = await self.store.latest(self.shop, resource=resource)
        return by_resource, await self.store.latest(self.shop, key=key)

    def writer(self) -> AsyncStep:
        """Return the sender for the write of the last intent. It sends soon after that was recorded, or not at all."""
        return self.evidence.writer(self.start_by)

    async def begin(self, intent: Intent) -> bool:
        """Record the intent. Return False if another call has recorded one since the journal was read."""
        begun = await self.store.begin(intent)
        if begun:
            if log.isEnabledFor(logging.INFO):
                log.info("%s %s: open", intent.operation, one_line(intent.resource))
            if intent.operation != LOCK:
                self.client._session.observation.intent_opened(intent)
        return begun

    async def new_intent(
        self,
        operation: str,
        resource: str,
        key: str,
        earlier: tuple[Intent | None, Intent | None],
        *,
        arguments: dict[str, object],
        before: dict[str, object],
        mark: str,
    ) -> Intent:
        by_resource, by_key = earlier
        now = self.clock.monotonic()  # before the store's clock is read, which may wait
        self.start_by, lasts = now + START_WITHIN, self.budget.end - now + self.options.lease_slack
        return Intent(
            id=os.urandom(16).hex(),
            shop=self.shop,
            tier=self.client.tier,
            operation=operation,
            resource=resource,
            resource_seq=1 if by_resource is None else by_resource.resource_seq + 1,
            key=key,
            key_seq=1 if by_key is None else by_key.key_seq + 1,
            arguments=arguments,
            before=before,
            mark=mark,
            sent_at=self._sent_at(),
            lease_until=await self.store.now() + lasts,
            lease=lasts,
        )

    def _sent_at(self) -> float:
        """Return V1's clock, or 0 if it is not known. One second is added: a Date header has whole seconds only."""
        now = self.evidence.server_now() or self.client._engine.tokens.server_now()
        return now + 1.0 if now else 0.0

    def refuse_other_arguments(self, earlier: Intent | None, same: dict[str, str]) -> None:
        if earlier is None or not (earlier.executed or earlier.state == "open"):
            return
        if (reason := differing(earlier.arguments, same)) is not None:
            raise problem(KeyConflictError, reason, earlier)

    async def clear(self, earlier: tuple[Intent | None, Intent | None], key: str) -> tuple[Intent, Verdict] | None:
        """Settle open intents before a new one is recorded. Return None if all are closed: read the journal again."""
        open_ones = {each.id: each for each in reversed(earlier) if each is not None and each.state == "open"}
        for intent in open_ones.values():
            current = await self._after_lease(intent)
            if current is None or current.state != "open":
                continue
            try:
                verdict = await self.look(current)
            except PortOneError as error:
                reason = "an earlier write is undecided and V1 could not be read; nothing was sent"
                raise problem(UndecidedError if current.key == key else InProgressError, reason, current) from error
            current = await self.record(current, verdict)
            if current.state != "open":
                continue
            executed = current.executed or current.outcome == "pending"
            if executed and (current.key == key or current.outcome == "paid"):
                return current, verdict
            if current.key == key:
                raise problem(UndecidedError, "the earlier call of this key is undecided; nothing was sent", current)
            raise problem(InProgressError, "an earlier write is not decided yet; nothing was sent", current)
        return None

    async def _after_lease(self, intent: Intent) -> Intent | None:
        """Wait for a call that may be running, as long as the deadline allows."""
        current: Intent | None = intent
        while current is not None and (left := await may_run_for(self.store, current)) > 0:
            if current is intent:
                say_that_it_waits(self.client, intent, left)
            if self.budget.left() < min(2.0, self.budget.seconds / 4):
                raise problem(InProgressError, "another call is writing; nothing was sent", current)
            await self.clock.sleep(0.25)
            current = await self.store.get(intent.id)
        return current

    async def look(self, intent: Intent) -> Verdict:
        """Read what V1 shows of a write now, and return the verdict."""
        verdict = await look_at(self.evidence, intent, self.options.quiet)
        payment = verdict.payment
        if verdict.evidence != "amount" or payment is None or "asked" in intent.arguments or not verdict.final:
            return verdict
        names = {f"payment:{payment.imp_uid}", f"payment:{payment.merchant_uid}"} - {intent.resource}
        for name in sorted(names):
            other = await self.store.latest(self.shop, resource=name)
            if is_of_other(intent, other, payment, self.evidence.read_at, self.options.quiet):
                reason = "V1 shows no refund of this call"
                return Verdict("not_refunded", final=True, payment=payment, reason=reason, evidence="read")
        return verdict

    async def payment_on_record(self, intent: Intent) -> Payment:
        """Return the payment that the journal names. If V1's reads lag behind, wait as long as the deadline allows."""
        imp_uid = intent.result.get("imp_uid") or intent.arguments.get("imp_uid")
        while imp_uid:
            try:
                found = await self.evidence.payment(str(imp_uid))
            except NotFoundError:
                found = None
            if found is not None and (was_paid(found) or intent.outcome not in PAID):
                return found
            if self.budget.left() < 2.0:
                break
            await self.clock.sleep(1.0)
        reason = f"the journal says {intent.outcome}, and V1 does not show it (yet); nothing was sent"
        raise problem(DeadlineError, reason, intent)

    async def record(
        self, intent: Intent, verdict: Verdict, *, own_imp_uid: str | None = None, reported: bool = False
    ) -> Intent:
        """Store what is known now. The first decision stays; one that contradicts it raises an alarm."""
        now = self.evidence.read_at
        new = recorded(intent, verdict, own_imp_uid=own_imp_uid, reported=reported, now=now)
        try:
            while not await self.store.save(new):
                stored = await self.store.get(intent.id)
                if stored is None or not may_overwrite(stored, new):
                    new = stored or new
                    break
                if stored.state != "open":
                    if await self._is_tried_again(stored):  # V1 may show the later try: the audit tells them apart
                        new = stored
                        break
                    self.alarm("late_execution", f"executed after all: {stored.outcome} was reported", stored)
                new = new.changed(rev=stored.rev)
            else:
                if log.isEnabledFor(logging.INFO):
                    log.info("%s %s: %s", new.operation, one_line(new.resource), new.outcome)
                new = new.changed(rev=new.rev + 1)
                if new.state != "open":
                    self.client._session.observation.intent_settled(new)
        except Exception as error:  # the outcome is returned all the same; the intent stays open and is settled
            shown = error if isinstance(error, IntentStoreError) else type(error).__name__
            log.warning("%s: %s could not be stored: %s", new.operation, new.outcome, shown)
        if verdict.doubles:
            self.alarm("double_payment", "the order has more than one payment", new, verdict.doubles)
        return new

    async def _is_tried_again(self, intent: Intent) -> bool:
        latest = await self.store.latest(self.shop, resource=intent.resource)
        return latest is not None and latest.id != intent.id

    async def note(self, intent: Intent, **noted: object) -> Intent:
        """Add to the stored result. If another process has changed the intent meanwhile, the next run does it."""
        closes = intent.state == "watch" and "reported" in noted
        state = state_when_decided(intent) if closes else intent.state
        new = intent.changed(result={**intent.result, **noted}, state=state)
        return new.changed(rev=new.rev + 1) if await self.store.save(new) else intent

    async def release(self, intent: Intent) -> None:
        """End the lease, so that the next call need not wait until it expires."""
        try:
            await self.store.save(intent.changed(lease_until=0.0))
        except Exception as error:
            log.warning("the lease of %s could not be released (%s)", one_line(intent.resource), type(error).__name__)

    async def after_silence(self, intent: Intent, why: str, certain: str = "") -> tuple[Intent, Verdict]:
        """Find out from V1 what became of a write that got no clear answer.

        Args:
            certain: the verdict if V1 responded that it executed nothing, and no read shows otherwise.

        Raises:
            UndecidedError: no read shows it so far.
        """
        for seconds in RECHECK_DELAYS:
            if self.budget.left() < seconds + 0.5:
                break
            if seconds:
                await self.clock.sleep(seconds)
            try:
                verdict = await self.look(intent)
            except (PortOneError, DeadlineError):
                continue
            if verdict.final or verdict.state in KNOWN:
                return await self.record(intent, verdict, reported=True), verdict
        if certain:
            verdict = Verdict(certain, final=True, reason=why)
            return await self.record(intent, verdict, reported=True), verdict
        intent = await self.record(intent, Verdict("undecided", final=False, reason=why))
        if intent.state != "open":
            return intent, Verdict(intent.outcome, final=True)
        raise problem(UndecidedError, f"the outcome is not known yet ({why}); the intent is kept", intent)

    def refuse_doubles(self, found: list[Payment], intent: Intent | None) -> None:
        doubles = doubles_in(found)
        if doubles:
            self.alarm("double_payment", "the order has more than one payment", intent, doubles)
            reason = "the order has more than one payment; nothing was sent"
            raise problem(DoublePaymentError, reason, intent, doubles)

    def alarm(self, kind: str, text: str, intent: Intent | None, payments: tuple[Payment, ...] = ()) -> bool:
        """Raise an alarm. Return whether it reached the shop: an error of `on_alarm` must not hide where money is."""
        log.error("%s: %s (%s)", kind, text, "" if intent is None else one_line(intent.resource))
        try:
            if self.options.on_alarm is not None:
                self.options.on_alarm(Alarm(kind, text, intent, payments))
        except Exception as error:
            log.error("on_alarm raised %s for %s", type(error).__name__, kind)  # noqa: TRY400 - its frames hold payments
            return False
        return True

    async def already_given_back(self, by_resource: Intent | None) -> Decimal:
        """Return the amount that the journal knows to be refunded of a payment. A read that shows less lags behind."""
        if by_resource is None:
            return Decimal(0)
        before = by_resource.before
        known = (before.get("cancelled"), before.get(GIVEN_BACK), by_resource.result.get("cancelled"))
        return max(Decimal(each or 0) for each in known)
