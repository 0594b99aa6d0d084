"""How a verdict changes the stored intent. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .intent import Intent
from .verdict import Verdict

__all__ = ["may_overwrite", "recorded"]


def recorded(intent: Intent, verdict: Verdict, *, own_imp_uid: str | None, reported: bool) -> Intent:
    """The intent with what is known now.

    Args:
        own_imp_uid: what the call's own answer named.
        reported: the outcome is returned to the caller, so that `settle_all` need not tell it.
    """
    result: dict[str, Any] = {**intent.result, "amount": str(verdict.amount), "evidence": verdict.evidence}
    if verdict.payment is not None:
        result["imp_uid"] = verdict.payment.imp_uid
    if reported and verdict.final:
        result["reported"] = True
    if own_imp_uid is not None:
        result["own_imp_uid"] = own_imp_uid
    if intent.operation == "payments.cancel" and verdict.state == "refunded":
        result["cancelled"] = str(Decimal(intent.before["cancelled"]) + verdict.amount)
    return intent.changed(
        outcome=verdict.state, result=result, state="watch" if verdict.final else "open", lease_until=0.0
    )


def may_overwrite(stored: Intent, new: Intent) -> bool:
    """Whoever decided first stays, but for one exception: proof of execution beats a negative verdict."""
    return stored.state == "open" or (new.executed and not stored.executed)
