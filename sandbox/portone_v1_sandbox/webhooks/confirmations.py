"""Questions to the merchant's server. Somebody waits for the answer, so they pass by everything that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..state.tracked_dict import iter_unobserved
from .queue import discard, enqueue_deliveries
from .worker import attempt

if TYPE_CHECKING:
    from ..dispatch.context import Context
    from ..state.deliveries import Delivery
    from ..state.notifications import Notification
    from ..state.state import State

__all__ = ["discard_confirmations", "enqueue_confirmation", "request_confirmation"]


def enqueue_confirmation(state: State, notification: Notification) -> Delivery:
    """Puts a question to one URL down among the deliveries. One that gets lost, or has nowhere to go, has ended."""
    state.notifications.append(notification)
    enqueue_deliveries(state)
    return state.deliveries[len(state.deliveries)]


def request_confirmation(context: Context, confirmation: Delivery) -> Delivery:
    """Sends it and answers how it ended. Nothing may be locked: the merchant will want to ask the sandbox, too."""
    if confirmation.state != "waiting":
        return confirmation
    try:
        return attempt(context, context.sender, confirmation)
    except BaseException:
        with context.transaction():
            discard(context.state, (n for n in (confirmation.number,) if n in context.state.deliveries))
        raise


def discard_confirmations(state: State) -> None:
    """Whoever waited for an answer was in another process, and is gone."""
    unsent = [delivery.number for delivery in iter_unobserved(state.deliveries) if delivery.state == "waiting"]
    discard(state, set(unsent).difference(state.outbox.waiting))
