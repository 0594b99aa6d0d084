"""Confirmation requests to the merchant's server. The sender waits for the response, so they skip the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .queue import discard, enqueue_deliveries
from .worker import attempt

if TYPE_CHECKING:
    from ..dispatch.context import Context
    from ..state.deliveries import Delivery
    from ..state.notifications import Notification
    from ..state.state import State

__all__ = ["discard_confirmations", "enqueue_confirmation", "request_confirmation"]


def enqueue_confirmation(state: State, notification: Notification) -> Delivery:
    """Add a confirmation to the deliveries. One that is discarded, or has no usable URL, has already ended."""
    state.notifications.append(notification)
    enqueue_deliveries(state)
    return state.deliveries[len(state.deliveries)]


def request_confirmation(context: Context, confirmation: Delivery) -> Delivery:
    """Send it and return its outcome. Call it outside of a transaction: the merchant may call the sandbox meanwhile."""
    if confirmation.state != "waiting":
        return confirmation
    try:
        return attempt(context, context.sender, confirmation)
    except BaseException:
        with context.transaction():
            discard(context.state, (n for n in (confirmation.number,) if n in context.state.deliveries))
        raise


def discard_confirmations(state: State) -> None:
    """Discard the confirmations of an earlier process, which no longer waits for them."""
    discard(state, tuple(state.outbox.confirming))
    state.outbox.confirming = []
