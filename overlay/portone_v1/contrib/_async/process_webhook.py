# The source of both flavours: `make generate` writes _sync/process_webhook.py from it.
"""Read the payment that a webhook names, hand it to the shop's handler once, and say how it went."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from attrs import frozen

from ...results import PaymentChange
from ...webhooks import WebhookEvent
from .._states import AsyncStates
from .._webhook_rules import (
    Answer,
    Incoming,
    Rules,
    UnknownOrderError,
    answer_to_unresolved,
    check_handled,
    read_notice,
)

__all__ = ["AsyncShop", "handle", "respond"]

log = logging.getLogger("portone_v1.webhook")


@frozen
class AsyncShop:
    """The two things that are done outside."""

    resolve: Callable[[WebhookEvent], Awaitable[PaymentChange]]
    """From the notice to the change, by a read at V1; outside every transaction."""
    handle: Callable[[PaymentChange], Awaitable[bool]]
    """Whether it was handled now, not before."""


async def handle(
    states: AsyncStates, handler: Callable[[PaymentChange], Awaitable[object]], change: PaymentChange
) -> bool:
    handled: bool | None = None
    async with states.claim(change.key) as ours:
        if ours:
            await handler(change)
        handled = ours
    return check_handled(handled=handled)


async def respond(shop: AsyncShop, rules: Rules, incoming: Incoming) -> Answer:
    sender = rules.sender_of(incoming)
    notice = read_notice(incoming, sender)
    if isinstance(notice, Answer):
        return notice
    try:
        change = await shop.resolve(notice)
    except Exception as error:
        return answer_to_unresolved(error, sender)
    payment = change.payment
    if payment.sandbox and not rules.allow_test:
        log.warning("webhook for %s rejected: test payment and allow_test is False", payment.imp_uid)
        return Answer(403, "test payments are not accepted here")
    try:
        now = await shop.handle(change)
    except UnknownOrderError:
        log.warning("webhook for %s rejected (%s): unknown order", payment.imp_uid, sender)
        return Answer(404, "unknown order")
    except Exception:
        log.exception("webhook for %s failed and is not marked as processed", payment.imp_uid)
        return Answer(500, "processing failed; please redeliver")
    log.info("webhook for %s: %s %s", payment.imp_uid, payment.status, "processed" if now else "already processed")
    return Answer(200, "processed" if now else "already processed")
