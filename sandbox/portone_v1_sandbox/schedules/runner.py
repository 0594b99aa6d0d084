"""Run what is due: charge schedules, and expire unpaid accounts and payment numbers."""

from __future__ import annotations

from ..state.conditions.settings import Settings
from ..state.state import State
from ..state.timeline import deadline, next_due
from .charging import execute

__all__ = ["run_due"]


def run_due(state: State, settings: Settings, now: int) -> None:
    """Run due items in order, each at its own time, however far the clock was advanced."""
    while (due := next_due(state, now)) is not None:
        at, _, kind, key = due
        if kind == "charge":
            execute(state, settings, state.schedules[key], at)
        else:
            _expire(state, key[1])
        state.payments.commit()  # Otherwise each item would look at all earlier ones again.


def _expire(state: State, imp_uid: str) -> None:
    payment = state.payments[imp_uid]
    payment.status = "failed"
    payment.failed_at = payment.updated_at = deadline(payment)
    # V1 sends no webhook for an expiry.
    payment.fail_reason = "입금기한이 만료되었습니다." if payment.vbank_date else "수납기한이 만료되었습니다."
