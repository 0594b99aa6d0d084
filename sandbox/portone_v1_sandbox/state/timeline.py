"""Scheduled changes in the order of time: charges of schedules, and expiries of open payments."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from .due import Due
from .tables.tracked_dict import iter_unobserved

if TYPE_CHECKING:
    from .payments import PaymentRecord
    from .schedules import ScheduleRecord
    from .state import State
    from .tables.payment_place import Place

__all__ = ["deadline", "next_due", "schedule_charge", "schedule_expiry"]


def deadline(payment: PaymentRecord) -> int:
    """Return the deadline of an open payment, 0 for none."""
    return payment.vbank_date or payment.expires_at


def schedule_charge(state: State, schedule: ScheduleRecord) -> None:
    """Add the charge of a schedule, at its planned time."""
    if state.timeline is not None:
        heappush(state.timeline, _charge(schedule))


def schedule_expiry(state: State, payment: PaymentRecord) -> None:
    """Add the expiry of an open payment, after its deadline."""
    if state.timeline is not None and deadline(payment):
        heappush(state.timeline, _expiry(payment))


def next_due(state: State, now: int) -> Due | None:
    """Remove and return the first change that is due. Changes that are obsolete by now are skipped."""
    if state.timeline is None:
        # Derived from the records alone, so nothing else has to be restored from a file.
        state.timeline = [_charge(s) for s in iter_unobserved(state.schedules)]
        state.timeline += [_expiry_of(uid, place) for uid, place in state.payments.deadlines()]
        state.timeline = [due for due in state.timeline if due[2] == "expiry" or _stands(state, due)]
        heapify(state.timeline)
    while state.timeline and state.timeline[0][0] <= now:
        due = heappop(state.timeline)
        if _stands(state, due):
            return due
    return None


def _charge(schedule: ScheduleRecord) -> Due:
    return schedule.schedule_at, schedule.serial, "charge", schedule.key


def _expiry(payment: PaymentRecord) -> Due:
    return deadline(payment) + 1, payment.serial, "expiry", (payment.tier, payment.imp_uid)


def _expiry_of(imp_uid: str, place: Place) -> Due:
    return place.deadline + 1, place.serial, "expiry", (place.tier, imp_uid)


def _stands(state: State, due: Due) -> bool:
    at, _, kind, key = due
    if kind == "charge":
        schedule = state.schedules.get_clean(key) if key in state.schedules else None
        return schedule is not None and schedule.schedule_status == "scheduled" and schedule.schedule_at == at
    payment = state.payments.get_clean(key[1]) if key[1] in state.payments else None
    return payment is not None and payment.status == "ready" and deadline(payment) + 1 == at
