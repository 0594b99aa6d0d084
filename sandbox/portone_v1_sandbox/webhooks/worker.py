"""Deliver webhooks: on request, or in a thread."""

from __future__ import annotations

import logging
from threading import Event, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from ..state.deliveries import Attempt, Delivery
from ..state.exchanges import Exchange
from ..wire.real_time import monotonic
from ..wire.webhooks import WebhookAnswer, WebhookSender
from .queue import due_deliveries, enqueue_deliveries, record_attempt
from .sender import HttpSender, SendingStopped, webhook_call

if TYPE_CHECKING:
    from ..dispatch.context import Context

__all__ = ["WebhookWorker", "attempt", "deliver"]

OPERATION: Final = "_sandbox_webhook"
POLL_SECONDS: Final = 1.0
"""Interval at which the worker looks whether a running clock has made a delivery due."""
GRACE: Final = 0.2
"""Seconds to wait for a response that is about to arrive."""
log = logging.getLogger("portone_v1_sandbox")


def deliver(context: Context, sender: WebhookSender) -> tuple[Delivery, ...]:
    """Send the deliveries that are due, one after the other, and return each with its new state.

    The state is not locked meanwhile: the merchant's handler may call the sandbox.
    """
    with context.transaction():
        context.catch_up()
        enqueue_deliveries(context.state)
        chosen = [delivery.number for delivery in due_deliveries(context.state, context.clock.now(), context.in_flight)]
    outcomes = [_send(context, sender, number) for number in chosen]
    return tuple(outcome for outcome in outcomes if outcome is not None)


def _send(context: Context, sender: WebhookSender, number: int) -> Delivery | None:
    with context.transaction():
        due = due_deliveries(context.state, context.clock.now(), context.in_flight)
        delivery = next((one for one in due if one.number == number), None)
        if delivery is None:
            return None  # Another thread sends it, or it was discarded or paused meanwhile.
        unsaved = context.unsaved_attempts.get(number)
        if unsaved is None or unsaved[0] != delivery:
            unsaved = None
            context.in_flight.add(number)
    return attempt(context, sender, delivery) if unsaved is None else _record(context, delivery, *unsaved[1:])


def attempt(context: Context, sender: WebhookSender, delivery: Delivery) -> Delivery:
    """Send a delivery once and return it with its new state. The state is not locked meanwhile."""
    number = delivery.number
    status, reason = 0, None
    since, began = context.journal.last, monotonic()
    try:
        status = sender(webhook_call(delivery))
    except OSError as error:
        reason = (str(error) if type(error) is ConnectionError else "") or type(error).__name__
    except BaseException:
        with context.transaction():
            context.in_flight.discard(number)
        raise
    took = monotonic() - began
    made = _attempt(context.clock.now(), status, reason, round(took * 1000))
    exchange = _exchange_of(delivery, made)
    exchange.since, exchange.took = since, took
    return _record(context, delivery, made, exchange)


def _record(context: Context, delivery: Delivery, made: Attempt, exchange: Exchange) -> Delivery:
    """Record an attempt. If it cannot be saved, it is kept in memory, so that the webhook is not sent again."""
    number = delivery.number
    context.unsaved_attempts[number] = (delivery, made, exchange)
    with context.transaction():
        context.in_flight.discard(number)
        context.journal.append(exchange)
        after = record_attempt(context.state, delivery, made)
    del context.unsaved_attempts[number]
    return after


def _attempt(at: int, status: int, reason: str | None, ms: int) -> Attempt:
    if not isinstance(status, WebhookAnswer):
        return Attempt(at=at, status=status, error=reason, ms=ms)
    body = status.body.decode("utf-8", "replace")
    return Attempt(at=at, status=int(status), error=reason, ms=ms, headers=status.headers, body=body)


def _exchange_of(delivery: Delivery, attempt: Attempt) -> Exchange:
    notification = delivery.notification
    return Exchange(
        at=attempt.at,
        method="POST",
        path=delivery.url.partition("?")[0],
        operation=OPERATION,
        arguments={
            "delivery": str(delivery.number),
            "imp_uid": notification.imp_uid,
            "merchant_uid": notification.merchant_uid,
            "status": notification.status,
            **({} if notification.event is None else {"event": notification.event}),
        },
        status=attempt.status,
        message=attempt.error,
    )


class WebhookWorker:
    """A thread that sends each webhook when it is due, until it is stopped. A context manager."""

    def __init__(self, context: Context, sender: WebhookSender | None = None) -> None:
        self._context = context
        self._sender = HttpSender() if sender is None else sender
        self._wake = Event()
        self._over = Event()
        self._thread = Thread(target=self._run, name="portone-sandbox-webhooks", daemon=True)

    def __enter__(self) -> Self:
        with self._context.transaction():
            self._context.delivery_listeners.append(self._wake.set)
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with self._context.transaction():
            self._context.delivery_listeners.remove(self._wake.set)
        self._over.set()
        self._wake.set()
        self._thread.join(timeout=GRACE)
        if isinstance(self._sender, HttpSender):
            self._sender.stop()
        self._thread.join(timeout=5)  # A custom sender may take any time.

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                deliver(self._context, self._sender)
            except SendingStopped:
                return
            except Exception as error:
                # The log has the reason for the sender's author; other deliveries must continue.
                log.error("could not send a webhook: %s", type(error).__name__)  # noqa: TRY400 - no trace
                self._over.wait(POLL_SECONDS)  # `_wake` is set as long as one is due.
            self._wake.wait(POLL_SECONDS)
            self._wake.clear()
