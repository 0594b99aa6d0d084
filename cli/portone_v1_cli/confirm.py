"""Run a write: summary, typed confirmation, and an outcome that is always printed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from portone_v1.client import PortOne
from portone_v1.errors import NotFoundError, OutcomeUnknownError
from portone_v1.models import Payment
from portone_v1.operations import OperationInfo
from portone_v1.results import (
    AcceptedRefund,
    Charge,
    CompletedRefund,
    PaidCharge,
    Refund,
    cancellable_amount,
)
from portone_v1_runtime.models.fields import mask
from portone_v1_runtime.unset import FULL
from rich import box
from rich.table import Table
from rich.text import Text

from .errors import unknown_outcome
from .exit_codes import ExitCode, Stop, usage_error
from .formatting import HIDDEN, plain, text_of
from .output import show
from .prompts import money, prompt_for
from .session import Session, messages

__all__ = ["carry_out"]


def carry_out(
    session: Session,
    client: PortOne,
    operation: OperationInfo,
    method: Callable[..., Any],
    arguments: dict[str, Any],
    *,
    yes: bool,
) -> int:
    """Confirm and make the call, and print its outcome. Every way out says whether V1 executed it."""
    _require_key(operation, arguments)
    if not yes:
        _confirm(session, client, operation, arguments)
    ids = {name: value for name, value in arguments.items() if name.endswith("_uid") and isinstance(value, str)}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            answer = method(**arguments)
    except OutcomeUnknownError as unknown:
        unknown.ids = {**ids, **unknown.ids}
        raise
    except KeyboardInterrupt:
        name = f"{operation.area}.{operation.name}"
        first = "응답을 받기 전에 중단되었습니다.", "Interrupted before V1 responded:"
        korean, english, check = unknown_outcome(first, name, ids)
        raise Stop(ExitCode.UNKNOWN, korean, english, {"operation": name, "ids": ids, "check": check}) from None
    code, korean, english = _outcome(answer)
    try:
        _print(session, answer)
    except (Exception, KeyboardInterrupt) as error:  # a failure to print does not undo the change
        reason = str(getattr(error, "strerror", None) or type(error).__name__).lower()
        raise Stop(
            code,
            f"{korean} 결과를 출력하지 못했을 뿐이니 다시 실행하지 마세요.",
            f"{english}; only printing the result failed ({reason}). Do not run it again.",
        ) from error
    if code != ExitCode.SUCCESS:
        raise Stop(code, korean, english)
    return code


def _require_key(operation: OperationInfo, arguments: Mapping[str, Any]) -> None:
    """Refuse a partial refund that nothing tells from its repetition, before the operator confirms it."""
    amount = arguments.get("amount")
    partial = operation.id == "payments_cancel" and isinstance(amount, Decimal) and amount > 0
    if partial and not arguments.get("key") and arguments.get("left") is None:
        usage_error(
            "보내지 않았습니다. 부분취소에는 --key(이 취소에 붙이는 이름, 예: return-77)가 필요합니다."
            " 같은 키로 다시 실행하면 두 번 취소되지 않습니다. --amount 대신 --left로 남길 금액을 적어도 됩니다.",
            "Not sent: a partial refund needs --key, your id of this refund, such as return-77; repeated with the same"
            " key it refunds once. Or pass --left, the amount that is to remain, instead of --amount.",
        )


def _outcome(answer: Any) -> tuple[ExitCode, str, str]:
    """Return exit code and sentences of an outcome that is known."""
    state: str | None = answer.state if isinstance(answer, Charge | Refund) else None
    reason = _reason(answer)
    if state == "declined":
        return (
            ExitCode.REFUSED,
            f"승인 거절: 결제되지 않았습니다. 사유: {reason or '없음'}.",
            f"Declined, nothing was charged. Reason: {reason or 'no reason given'}",
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
    "pending": (
        "승인 대기: 아직 결제되지 않았습니다. PG가 나중에 승인하거나 거절합니다. 다시 조회하세요.",
        "Charge pending, not completed: the PG approves or declines it later. Check again later.",
    ),
    "already_paid": (
        "이미 결제된 주문입니다. 이번 명령은 결제하지 않았습니다.",
        "The order is already paid. This command charged nothing.",
    ),
}
"""States that must not be read as *it worked*."""


def _print(session: Session, answer: Any) -> None:
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
    note = NOTES.get("already_paid" if shown.get("already_paid") else answer.state)
    if note is not None:
        messages().print(Text(" · ".join(note), style="yellow"), soft_wrap=True)


def _reason(answer: Any) -> str | None:
    reason: str | None = getattr(answer, "reason", None)
    return None if reason is None else mask(reason).rstrip(". ")


def _confirm(session: Session, client: PortOne, operation: OperationInfo, arguments: Mapping[str, Any]) -> None:
    if not session.interactive:
        usage_error(
            "보내지 않았습니다. 확인을 받을 터미널이 없습니다. 확인 없이 실행하려면 --yes를 붙이세요.",
            "Not sent: no terminal to confirm on. Pass --yes to run without confirmation.",
        )
    payment = _payment(client, arguments)
    prompt = prompt_for(operation, arguments, payment, None if payment is None else cancellable_amount(payment))
    console = messages()
    console.print(_summary(session, client, operation, arguments, payment))
    console.print(Text(prompt.text), end="", soft_wrap=True)
    try:
        typed = input()
    except EOFError:
        typed = ""
    if typed.strip().replace(",", "") != prompt.word:
        raise Stop(
            ExitCode.REFUSED,
            f"확인되지 않아 보내지 않았습니다. 입력한 값이 확인 값({prompt.word})과 다릅니다.",
            "Not sent: the confirmation did not match.",
            {"sent": False},
        )


def _summary(
    session: Session,
    client: PortOne,
    operation: OperationInfo,
    arguments: Mapping[str, Any],
    payment: Payment | None,
) -> Table:
    table = Table(box=box.ROUNDED, show_header=False, title_justify="left")
    table.title = Text(f"{operation.name_ko} · {operation.summary}", style="bold")
    where = client.base_url
    table.add_row("접속 대상 · V1", Text(f"{where} ({session.profile.name or 'environment'}{_tier(client)})"))
    sensitive = {parameter.python_name for parameter in operation.parameters if parameter.sensitive}
    names = {parameter.python_name: parameter.name_ko for parameter in operation.parameters}
    for name, value in arguments.items():
        shown = "FULL: 취소 가능 금액 전액 · the full refundable balance" if value is FULL else text_of(plain(value))
        label = "취소할 금액 · refund now" if (operation.id, name) == ("payments_cancel", "amount") else None
        label = label or f"{names.get(name, name)} · {name.rstrip('_')}"
        table.add_row(Text(label), Text(HIDDEN if name in sensitive else shown))
    for name, value in _facts(payment):
        table.add_row(Text(name, style="cyan"), Text(value, style="cyan"))
    return table


def _payment(client: PortOne, arguments: Mapping[str, Any]) -> Payment | None:
    """Read the payment that the call is about."""
    imp_uid, merchant_uid = arguments.get("imp_uid"), arguments.get("merchant_uid")
    try:
        if isinstance(imp_uid, str):
            return client.payments.get(imp_uid, include_sandbox=True)
        if isinstance(merchant_uid, str):
            return _of_order(client, merchant_uid)
    except NotFoundError:  # a new order, or an identity check, which has an imp_uid, too
        pass
    return None


def _of_order(client: PortOne, merchant_uid: str) -> Payment:
    """One that was refunded in part reads `cancelled` and is not found under `paid`."""
    try:
        return client.payments.find(merchant_uid, "paid")
    except NotFoundError:
        return client.payments.find(merchant_uid, "cancelled")


def _facts(payment: Payment | None) -> list[tuple[str, str]]:
    if payment is None:
        return []
    currency = payment.currency or "KRW"
    test = " (테스트 결제 · test payment)" if payment.sandbox else ""
    return [
        ("결제건 · payment", text_of(f"{payment.merchant_uid} {payment.name or ''}".strip())),
        ("결제 상태 · status", text_of(f"{payment.status}{test}")),
        ("결제금액 · payment amount", money(payment.amount or Decimal(0), currency)),
        ("취소 가능 금액 · refundable", money(cancellable_amount(payment), currency)),
    ]


def _tier(client: PortOne) -> str:
    tier = client.tier
    return f", tier {tier}" if tier else ""
