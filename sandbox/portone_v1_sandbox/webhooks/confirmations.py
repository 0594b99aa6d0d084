"""Questions to the merchant's server. Somebody waits for the answer, so they pass by everything that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..state.tracked_dict import untouched
from .queue import address_notices, drop
from .worker import attempt

if TYPE_CHECKING:
    from ..dispatch.context import Context
    from ..state.deliveries import Delivery
    from ..state.notifications import Notice
    from ..state.state import State

__all__ = ["ask", "forget_questions", "put_question"]


def put_question(state: State, notice: Notice) -> Delivery:
    """Puts a question to one URL down among the deliveries. One that gets lost, or has nowhere to go, has ended."""
    state.notices.append(notice)
    address_notices(state)
    return state.deliveries[len(state.deliveries)]


def ask(context: Context, question: Delivery) -> Delivery:
    """Sends it and answers how it ended. Nothing may be locked: the merchant will want to ask the sandbox, too."""
    if question.state != "waiting":
        return question
    try:
        return attempt(context, context.sender, question)
    except BaseException:
        with context.transaction():
            drop(context.state, (n for n in (question.number,) if n in context.state.deliveries))
        raise


def forget_questions(state: State) -> None:
    """Whoever waited for an answer was in another process, and is gone."""
    waiting = [delivery.number for delivery in untouched(state.deliveries) if delivery.state == "waiting"]
    drop(state, set(waiting).difference(state.mailbag.outgoing))
