"""Decide what to do next for one period of a subscription, from what V1 shows. Pure.

V1 knows order numbers, not periods. A period is the list of order numbers under which it was ever tried: `base`,
`base-r2`, `base-r3`, … All of them are read each time, so that a period is never charged under another number while an
earlier one may still be charged.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from attrs import frozen
from portone_v1_generated.models.payments import Payment
from portone_v1_generated.models.subscribe import ScheduleResult

from ..intents.verdict import is_undecided, seconds_of, still_paid

__all__ = ["NEAR", "Action", "Tried", "Wanted", "next_action", "number", "tried_of"]

NEAR = 900.0
"""A schedule is not touched in the last seconds before its time: V1 may be executing it."""


@frozen
class Tried:
    """One order number of the period, as its schedule and its attempts show it."""

    uid: str
    schedule: Literal["none", "scheduled", "running", "executed", "revoked"] = "none"
    """`running`: its time has come, and V1 does not show yet that it was executed."""
    paid: Literal["none", "paid", "failed", "pending", "cancelled"] = "none"
    """The attempts together: `paid` if any is paid, `pending` if any is undecided."""
    amount: Decimal = Decimal(0)
    card: str = ""
    at: float = 0.0
    test: bool = False
    """Whether a test channel paid it."""


@frozen
class Wanted:
    amount: Decimal
    card: str
    at: float
    active: bool = True
    late: Literal["charge", "report"] = "report"
    dunning: bool = False


@frozen
class Action:
    kind: Literal["schedule", "move", "unschedule", "charge", "end"]
    uid: str = ""
    why: str = ""
    state: str = ""
    """For `end`: the state of the period."""


def number(base: str, tried: int) -> str:
    """Return the order number of the next try."""
    return base if tried == 0 else f"{base}-r{tried + 1}"


def tried_of(uid: str, schedule: ScheduleResult | None, attempts: Sequence[Payment], now: float) -> Tried | None:
    """Return what V1 shows of one order number, or None if V1 knows nothing of it."""
    if schedule is None and not attempts:
        return None
    paid: Literal["none", "paid", "failed", "pending", "cancelled"] = "none"
    if any(still_paid(payment) for payment in attempts):
        paid = "paid"
    elif any(is_undecided(payment, now) for payment in attempts):
        paid = "pending"
    elif any(payment.status == "cancelled" for payment in attempts):
        paid = "cancelled"
    elif any(payment.status == "failed" for payment in attempts):
        paid = "failed"
    money = next((p for p in attempts if still_paid(p)), attempts[0] if attempts else None)
    amount = (money.amount if money is not None else None) or Decimal(0)
    test = money is not None and money.sandbox is True
    if schedule is None:
        return Tried(uid, "none", paid, amount, test=test)
    at = seconds_of(schedule.schedule_at, 0.0)
    status: Literal["none", "scheduled", "running", "executed", "revoked"]
    match str(schedule.schedule_status):
        case "revoked":
            status = "revoked"
        case "executed":
            status = "executed"
        case "scheduled":
            status = "running" if at <= now else "scheduled"
        case _:
            status = "running"  # a state that V1 added later: not decided
    if paid == "none" and status == "executed":
        paid = {"paid": "paid", "failed": "failed"}.get(str(schedule.payment_status), "pending")  # type: ignore[assignment]
    return Tried(uid, status, paid, amount or schedule.amount or Decimal(0), schedule.customer_uid or "", at, test)


def next_action(base: str, tried: Sequence[Tried], want: Wanted, now: float) -> Action:
    """Return the next step. Take it, read and decide again until `end`. No two numbers may be chargeable at once."""
    paid = [each for each in tried if each.paid == "paid"]
    if len(paid) > 1:
        return _end("double", paid[1].uid, "the period is paid twice")
    if paid:
        return _paid(tried, paid[0], want, now)
    undecided = [each for each in tried if each.paid == "pending" or each.schedule == "running"]
    if undecided:
        return _end("waiting", undecided[0].uid, "it is not decided yet")
    if refunded := [each for each in tried if each.paid == "cancelled"]:
        return _end("refunded", refunded[0].uid, "the period was paid and refunded")
    scheduled = [each for each in tried if each.schedule == "scheduled"]
    if scheduled:
        return _scheduled(scheduled, want, now)
    if not want.active:
        return _end("ended", "", "")
    return _nothing_open(base, tried, want, now)


def _paid(tried: Sequence[Tried], paid: Tried, want: Wanted, now: float) -> Action:
    alive = [each for each in tried if each.schedule == "scheduled"]
    if alive:  # what is still scheduled for a paid period must not run
        if alive[0].at - now < NEAR:
            return _end("waiting", alive[0].uid, "the period is paid, but another order number is about to be charged")
        return Action("unschedule", alive[0].uid, "the period is paid already")
    if any(each.schedule == "running" or each.paid == "pending" for each in tried):
        return _end("waiting", paid.uid, "the period is paid, but another order number is not decided")
    if not want.active:
        return _end("paid", paid.uid, "the subscription ended, but the period is paid: decide whether to refund it")
    if paid.test:
        return _end("paid", paid.uid, "it was paid through a test channel: the shop receives no money")
    same = paid.amount == want.amount
    return _end("paid", paid.uid, "" if same else f"{paid.amount} was paid, not {want.amount}")


def _scheduled(scheduled: Sequence[Tried], want: Wanted, now: float) -> Action:
    first = scheduled[0]
    other = (first.amount, first.card) != (want.amount, want.card)
    wrong = not want.active or other or len(scheduled) > 1
    if first.at - now < NEAR and (wrong or first.at != want.at):
        return _end("waiting", first.uid, "its charge is too close to change it safely")
    if len(scheduled) > 1:
        return Action("unschedule", scheduled[-1].uid, "the period is scheduled twice")
    if not want.active:
        return Action("unschedule", first.uid, "the subscription ended")
    if other:
        return Action("unschedule", first.uid, "another price or card")
    if first.at != want.at and want.at > now:
        return Action("move", first.uid, "another time")
    return _end(
        "scheduled", first.uid, "" if first.at == want.at else "it stays scheduled as before: the new time has passed"
    )


def _nothing_open(base: str, tried: Sequence[Tried], want: Wanted, now: float) -> Action:
    fresh = number(base, len(tried))
    if any(each.paid == "failed" for each in tried):
        if want.dunning:
            return Action("charge", fresh, "declined before, charged again")
        return _end("declined", tried[-1].uid, "the card was declined")
    if want.at - now >= NEAR:
        return Action("schedule", fresh, "unscheduled before" if tried else "not scheduled")
    if want.at > now:
        return _end("waiting", "", "its time is too close to schedule it")
    if want.late == "charge":
        return Action("charge", fresh, "late, never attempted")
    return _end("late", "", "its time has passed without an attempt")


def _end(state: str, uid: str, why: str) -> Action:
    return Action("end", uid, why, state)
