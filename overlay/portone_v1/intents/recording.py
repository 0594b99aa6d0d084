"""Apply a verdict to the stored intent. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from ..errors import ResponseFormatError
from .elapsed import SENT_BY, elapsed, knows_when
from .intent import PART_OF, Intent, State
from .verdict import Verdict, to_unit
from .writes.table import row_of

__all__ = ["is_overdue", "may_overwrite", "recorded", "state_when_decided"]

OVERDUE: Final = 14 * 86_400.0
"""Seconds after which a person should check, unless the PG's profile names another time."""


def recorded(intent: Intent, verdict: Verdict, *, own_imp_uid: str | None, reported: bool, now: float = 0.0) -> Intent:
    """Return the intent with what is known now.

    Args:
        now: V1's clock at the read; 0 if it is not known.
        own_imp_uid: the payment that the call's own answer named.
        reported: the outcome is returned to the caller, so that `settle_all` need not report it.
    """
    result: dict[str, Any] = {**intent.result, "amount": str(verdict.amount), "evidence": verdict.evidence}
    if verdict.payment is not None:
        result["imp_uid"] = verdict.payment.imp_uid
    if reported and verdict.final:
        result["reported"] = True
    if own_imp_uid is not None:
        result["own_imp_uid"] = own_imp_uid
    if now and not knows_when(intent):
        result.setdefault(SENT_BY, now)
    if verdict.state == "refunded":
        result["cancelled"] = str(_refunded_by_now(intent, verdict))
    state: State = "open"
    if verdict.final:  # an outcome that no call has returned is kept until `settle_all` has reported it
        state = state_when_decided(intent) if reported or PART_OF in intent.before else "watch"
    return intent.changed(outcome=verdict.state, result=result, state=state, lease_until=0.0)


def _refunded_by_now(intent: Intent, verdict: Verdict) -> Decimal:
    """Return the least amount that is refunded of the payment by now: a read that shows less lags behind.

    Others may have refunded as much since it was read, so the sum alone does not show whether ours is included.
    """
    known = Decimal(intent.before.get("cancelled", 0)) + verdict.amount if "cancelled" in intent.before else Decimal(0)
    try:
        shown = Decimal(0) if verdict.payment is None else to_unit(verdict.payment.cancel_amount)
    except ResponseFormatError:  # in an answer with `code` 0: the refund was made all the same
        shown = Decimal(0)
    return max(known, shown)


def state_when_decided(intent: Intent) -> State:
    """Return `watch` for a write to be audited, by its mark or by the attempts before it, else `closed`."""
    moves = row_of(intent.operation).moves
    return "watch" if moves == "charge" or (moves == "refund" and intent.mark) else "closed"


def may_overwrite(stored: Intent, new: Intent) -> bool:
    """Return whether `new` may replace `stored`: the first decision stays, unless execution is proven later."""
    return stored.state == "open" or (new.executed and not stored.executed)


def is_overdue(intent: Intent, verdict: Verdict, now: float) -> bool:
    """Return whether a person has to be notified, once, that V1 does not show what became of the write.

    Args:
        now: V1's clock; 0 if it is not known.
    """
    if intent.state != "open" or intent.result.get("overdue"):
        return False
    return verdict.evidence == "overdue" or elapsed(intent, now) > OVERDUE
