# The source of both flavours: `make generate` writes _sync/receive.py from it.
"""The webhook inbox: store the webhook, read V1, and call the handlers for new states in order."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from attrs import evolve
from portone_v1_generated.models.payments import Payment

from ..._http.concurrency import AsyncFunction, async_from_shop, async_sleep
from ...client import AsyncPortOne
from ...errors import InvalidRequestError, NotFoundError, PortOneError, VerificationError
from ...webhooks import WebhookEvent, from_portone
from ..events import CheckoutConfirm, CvsConfirm, Progress, change_of
from ..handling import (
    Answer,
    RetryLater,
    UnknownOrder,
    checkout_answer,
    cvs_answer,
    escrow_event,
    payments_named,
    question_or_webhook,
)
from ..rows import LEASE, InboxRow, ReceivedWebhook, after_failure, after_look, task_retry_at
from ..stores import AsyncInboxStore, AsyncWork
from ..tasks_of_handlers import AsyncHandlersTasks
from .handlers import AsyncHandlers

__all__ = ["AsyncInbox"]

log = logging.getLogger("portone_v1.webhook")

HOLD_STEP = 0.05
TIER = re.compile("[A-Z0-9]{3}")


class AsyncInbox(AsyncHandlers):
    """웹훅 인박스: Receive all webhooks at one address, and process each payment in order, once.

    Args:
        client: function that returns the client for a tier (하위 상점; None for the shop itself). It is called for
            each read: return a client that the process shares, such as `client.with_options(tier=tier)`.
        store: store of the rows and tasks. Use the shop's own database, so that order and inbox commit together.
        drained: True if a worker runs `drain()`. The response to a stored webhook is then 200 at once, whatever V1
            returns. Otherwise the response 503 asks PortOne to redeliver.
        hold: seconds to wait, without a worker, while another delivery of the same payment is being processed.
        allow_test: process payments of test channels too. Never in production: the shop receives no money for them.
        trusted_proxies: addresses or networks of your own proxies, so that PortOne's addresses are recognized behind
            them. The address decides how long V1 is read again, never whether the webhook is trusted.
        task_lease: seconds after which a task that has not ended counts as that of a killed worker, and runs again.
            Set it higher than your longest task takes.
        find_task: function that finds a task by its name, for tasks that `task` did not register.
        now: clock, in UNIX seconds.
    """

    def __init__(
        self,
        client: Callable[[str | None], AsyncPortOne],
        store: AsyncInboxStore,
        *,
        drained: bool = False,
        hold: float = 3.0,
        allow_test: bool = False,
        trusted_proxies: Iterable[str] = (),
        task_lease: float = LEASE,
        find_task: Callable[[str], Callable[..., Any]] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client, self._store = client, store
        self._drained, self._hold, self._allow_test = drained, hold, allow_test
        self._proxies = tuple(trusted_proxies)
        from_portone("127.0.0.1", trusted_proxies=self._proxies)  # raises ValueError if one is no address
        if not task_lease >= 1:
            raise ValueError("task_lease must be at least one second")
        self._task_lease = task_lease
        self._find_task = find_task
        self._now = now
        super().__init__()

    async def receive(
        self,
        body: bytes | str,
        content_type: str | None,
        remote: str,
        *,
        tier: str | None = None,
        forwarded_for: str | None = None,
    ) -> Answer:
        """웹훅 수신: Receive a webhook and return the HTTP response to it.

        Args:
            body: body as received, JSON or form, at most 64 KiB.
            content_type: `Content-Type` header.
            remote: address of the other end of the connection.
            tier: 하위 상점 고유코드, from your URL.
            forwarded_for: `X-Forwarded-For` header.

        Returns:
            Status 200 if processed or stored for the worker; 400, 404, 409 if redelivery cannot help; otherwise 503.
        """
        if tier is not None and not TIER.fullmatch(tier):
            return Answer(404, "unknown sub-merchant")
        believed = from_portone(remote, forwarded_for=forwarded_for, trusted_proxies=self._proxies)
        webhook = question_or_webhook(body, content_type, tier=tier, believed=believed)
        if isinstance(webhook, Answer):
            return webhook
        if isinstance(webhook, CvsConfirm):
            if self._cvs is None:
                return cvs_answer(agreed=None)
            return cvs_answer(agreed=bool(await async_from_shop("on_cvs_confirm", self._cvs(webhook))))
        if isinstance(webhook, CheckoutConfirm):
            if self._checkout is None:
                return Answer(501, "no handler for checkout confirmations")
            return checkout_answer(await async_from_shop("on_checkout_confirm", self._checkout(webhook)))
        if webhook.kind == "escrow" and self._escrow is None:
            return Answer(200, "no handler for escrow events")
        if not believed and (refusal := await self._look_first(webhook)) is not None:
            return refusal
        await self._store.record(webhook, self._now())
        return await self._answer(webhook.key)

    async def _look_first(self, webhook: ReceivedWebhook) -> Answer | None:
        """Read the payment first if the sender is unknown: only a payment that V1 has is stored."""
        try:
            notice = WebhookEvent(webhook.imp_uid, webhook.merchant_uid)
            await self._client(webhook.tier).webhooks.resolve(notice, tier=webhook.tier)
        except NotFoundError:
            return Answer(404, "payment not found")
        except VerificationError:
            return Answer(409, "merchant_uid does not match the payment")
        except InvalidRequestError:  # V1 rejects it as an imp_uid
            return Answer(404, "payment not found")
        except PortOneError as error:
            log.warning(
                "webhook for %s deferred: could not read the payment from V1 (%s)",
                webhook.imp_uid,
                type(error).__name__,
            )
            return Answer(503, "temporarily unavailable; please redeliver")
        return None

    async def _answer(self, key: str) -> Answer:
        outcome = await self.process(key)
        until = self._now() + self._hold
        while outcome is None and not self._drained and self._now() < until:
            await async_sleep(HOLD_STEP)
            outcome = await self.process(key)
        if outcome == "done":
            return Answer(200, "processed")
        if self._drained:
            return Answer(200, "stored")
        return Answer(503, f"stored, {outcome or 'being processed'}; please redeliver")

    async def process(self, key: str | None = None) -> str | None:
        """결제 하나 처리: Process one payment. Return `done`, `later` or `dead`, or None if none is due.

        `later`: V1 does not show all of it yet, or the handler raised. `dead`: processing was given up.

        Args:
            key: key of the row. Default: the row that has been due longest.
        """
        start = self._now()
        row = await self._store.lease(start, uuid4().hex, start + LEASE, key)
        if row is None:
            return None
        answered = row.wanted  # a webhook after this moment needs another read
        try:
            payment = await self._read(row)
        except NotFoundError as error:
            return await self._later(row, error, ends=True)
        except PortOneError as error:
            return await self._later(row, error, ends=False)
        except Exception as error:  # the shop's own function has no client for this tier: other rows must not wait
            log.exception("no client to read %s with; it is read again", row.key)
            return await self._later(row, error, ends=False)
        try:
            async with self._store.open(row) as work:
                if work is None:
                    return None
                handled, error_name = await self._handle(row, payment, work)
                now = self._now()
                finished = after_look(row, answered=answered, payment=payment, handled=handled, now=now)
                more = payment is not None and not error_name and change_of(payment, handled) is not None
                if more:  # each step in a transaction of its own; due at once, should this process die in between
                    finished = evolve(finished, state="waiting", due_at=now, tries=row.tries)
                await self._store.finish(work, evolve(finished, error=error_name), now)
        except RetryLater as error:  # an escrow event is stored nowhere else: it is never given up
            return await self._later(row, error, ends=row.kind == "payment")
        except Exception as error:
            log.exception("processing %s failed; it is processed again", row.key)
            return await self._later(row, error, ends=False)
        if more:
            return await self.process(row.key)
        return "done" if finished.state == "done" else "later"

    async def _read(self, row: InboxRow) -> Payment | None:
        """Read the payment from V1, outside every transaction. Return None for an escrow event."""
        if row.kind != "payment":
            return None
        found = await self._client(row.tier).webhooks.resolve(WebhookEvent(row.imp_uid), tier=row.tier)
        return found.payment

    async def _handle(self, row: InboxRow, payment: Payment | None, work: AsyncWork) -> tuple[Progress, str]:
        """Call the handler for a new state. Return the progress that is processed now, and the name of a refusal."""
        try:
            if payment is None:
                event = escrow_event(row)
                if event is not None:
                    if self._escrow is None:
                        raise TypeError("no handler is registered for escrow events: on_escrow")
                    async with AsyncHandlersTasks(work) as offered:
                        await async_from_shop("on_escrow", self._escrow(event, offered))
                return row.progress, ""
            change = change_of(payment, row.progress)
            if change is None:
                return row.progress, ""
            if payment.sandbox and not self._allow_test:
                log.warning("%s is a test payment and allow_test is not set: not processed", row.imp_uid)
                return row.progress, "TestPayment"
            if self._payment is None:
                raise TypeError("no handler is registered for payments: on_payment")
            async with AsyncHandlersTasks(work) as offered:
                await async_from_shop("on_payment", self._payment(change, offered))
        except UnknownOrder:
            log.warning("%s belongs to no order of this shop", row.imp_uid)
            return row.progress if payment is None else Progress.of(payment), "UnknownOrder"
        return change.after, ""

    async def _later(self, row: InboxRow, error: Exception, *, ends: bool) -> str:
        now = self._now()
        failed = after_failure(row, type(error).__name__, ends=ends, now=now)
        await self._store.release(failed, row.owner or "", now)
        return "dead" if failed.state == "dead" else "later"

    async def drain(self, limit: int = 1000) -> int:
        """인박스 처리: Process the payments that are due, then the tasks, and return their number.

        Several workers may run it at once. Call it every few seconds from a worker, or every minute from cron.
        """
        count = 0
        while count < limit and await self.process() is not None:
            count += 1
        while count < limit and await self._run_task():
            count += 1
        return count

    async def _run_task(self) -> bool:
        now = self._now()
        task = await self._store.take_task(now, now + self._task_lease)
        if task is None:
            return False
        try:
            await async_from_shop("task", self._function(task.name)(**task.arguments))
        except Exception as error:
            log.exception("task %s failed; it runs again", task.name)
            retry_at = task_retry_at(task, self._now())
            await self._store.end_task(task, retry_at=retry_at, error=type(error).__name__[:64])
        else:
            await self._store.end_task(task, retry_at=None)
        return True

    def _function(self, name: str) -> AsyncFunction[..., object]:
        if name not in self._tasks and self._find_task is not None:
            return self._find_task(name)
        return self._tasks[name]

    async def replay(self, imp_uids: Iterable[str], *, tier: str | None = None) -> Mapping[str, str]:
        """웹훅 다시 처리: Process payments again as if PortOne had sent webhooks, and return the outcome of each.

        Safe to repeat: the handler is called for new states only.
        """
        outcomes: dict[str, str] = {}
        for imp_uid in payments_named(imp_uids):
            webhook = ReceivedWebhook(f"payment:{tier or ''}:{imp_uid}", "payment", imp_uid, tier=tier, believed=True)
            await self._store.record(webhook, self._now())
            outcomes[imp_uid] = await self.process(webhook.key) or "being processed"
        return outcomes

    async def rows(self, *, state: str | None = None, limit: int = 100) -> list[InboxRow]:
        """인박스 목록: Return the rows that are `waiting`, `done` or `dead`, the last changed first."""
        return await self._store.rows(state=state, limit=limit)

    async def prune(self, older_than: timedelta = timedelta(days=400)) -> int:
        """인박스 정리: Delete finished rows without a webhook for this long. Refunds are possible for about a year."""
        return await self._store.prune(self._now() - older_than.total_seconds())
