"""The outcome of a write: its exit code, its sentences, and how it is printed."""

from __future__ import annotations

from typing import Any

from portone_v1.models import Payment
from portone_v1.operations import OperationInfo
from portone_v1.results import AcceptedRefund, Charge, CompletedRefund, PaidCharge, Refund
from portone_v1_runtime.models.fields import mask
from rich.text import Text

from ..exit_codes import ExitCode
from ..formatting import plain
from ..output import show
from ..session import Session, messages
from .prompts import CHARGES

__all__ = ["outcome_of", "print_outcome"]


def outcome_of(operation: OperationInfo, answer: Any) -> tuple[ExitCode, str, str]:
    """Return exit code and sentences of a known outcome."""
    state = _state(operation, answer)
    reason = _reason(answer)
    if state == "declined":
        return (
            ExitCode.REFUSED,
            f"승인 거절: 결제되지 않았습니다. 사유: {reason or '없음'}.",
            f"Declined, nothing was charged. Reason: {reason or 'no reason given'}",
        )
    if state == "pending":
        return (
            ExitCode.UNKNOWN,
            "승인 대기: 아직 결제되지 않았고 PG가 나중에 결정합니다. 다른 카드로 결제하지 말고 나중에 확인하세요",
            "Charge pending, not completed: the PG approves or declines it later. Charge no other card; check later",
        )
    if state == "refunded" and isinstance(answer, Charge):
        return (
            ExitCode.REFUSED,
            "이 주문은 결제된 뒤 취소되었습니다. 이번 명령은 결제하지 않았습니다.",
            "The order was paid and refunded. This command charged nothing; a new charge needs a new order number",
        )
    if state == "refused":
        return (
            ExitCode.REFUSED,
            f"취소 거절: 이 명령으로 취소된 금액은 없습니다. 사유: {reason or '없음'}.",
            f"Refund refused, nothing was refunded by this command. Reason: {reason or 'no reason given'}",
        )
    return ExitCode.SUCCESS, "V1이 실행했습니다.", "V1 executed the change"


NOTES = {
    "accepted": (
        "취소 접수: 아직 환불되지 않았습니다. PG가 나중에 지급하거나 거절합니다. 다시 조회하세요.",
        "Refund accepted, not completed: the PG pays it out later or rejects it. Check again later.",
    ),
    "already_paid": (
        "이미 결제된 주문입니다. 이번 명령은 결제하지 않았습니다.",
        "The order is already paid. This command charged nothing.",
    ),
    "already_refunded": (
        "이미 취소되어 더 취소할 금액이 없습니다. 이번 명령은 취소하지 않았습니다.",
        "Nothing was left to refund: it was refunded before. This command refunded nothing.",
    ),
}
"""States that must not be read as *it worked*."""


def _state(operation: OperationInfo, answer: Any) -> str | None:
    """Return the state of an outcome.

    A card company's decline is a success with a failed payment, also of a call without a money-safe method.
    """
    if isinstance(answer, Charge | Refund):
        return answer.state
    if operation.id in CHARGES and isinstance(answer, Payment):
        return {"paid": "paid", "failed": "declined"}.get(str(answer.status), "pending")
    return None


def print_outcome(session: Session, answer: Any) -> None:
    """Print the result of a write, and a note if it must not be read as *it worked*."""
    if not isinstance(answer, Charge | Refund):  # a call without a money-safe method
        show(session, answer)
        return
    shown: dict[str, Any] = {"outcome": answer.state}
    if isinstance(answer, CompletedRefund | AcceptedRefund):
        shown["outcome_amount"] = answer.amount
    else:
        shown["outcome_reason"] = _reason(answer)
    if isinstance(answer, Charge):
        shown["already_paid"] = isinstance(answer, PaidCharge) and answer.already_paid
    if answer.payment is not None:
        shown |= plain(answer.payment, show_personal=session.show_personal)
    show(session, shown)
    state: str = answer.state
    if isinstance(answer, CompletedRefund) and not answer.amount:
        state = "already_refunded"
    note = NOTES.get("already_paid" if shown.get("already_paid") else state)
    if note is not None:
        messages().print(Text(" · ".join(note), style="yellow"), soft_wrap=True)


def _reason(answer: Any) -> str | None:
    reason: str | None = answer.fail_reason if isinstance(answer, Payment) else getattr(answer, "reason", None)
    return None if reason is None else mask(reason).rstrip(". ")
