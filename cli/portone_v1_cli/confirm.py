"""Calls that change something: a summary, a typed confirmation, and an outcome that is always told."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from portone_v1.client import PortOne
from portone_v1.errors import NotFoundError, OutcomeUnknownError
from portone_v1.results import (
    AcceptedRefund,
    Charge,
    CompletedRefund,
    DeclinedCharge,
    PaidCharge,
    Refund,
    cancellable_amount,
)
from portone_v1_generated.models.payments import Payment
from portone_v1_generated.operations import OperationInfo
from portone_v1_runtime.model import mask
from portone_v1_runtime.unset import FULL
from rich import box
from rich.table import Table
from rich.text import Text

from .errors import look_up
from .exit_codes import ExitCode, Stop, misused
from .formatting import HIDDEN, plain, text_of
from .output import show
from .session import Session, engine_of, messages

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
        raise Stop(
            ExitCode.UNKNOWN,
            f"interrupted before the answer came: it may have been done. Do not repeat it; look first: {look_up(ids)}",
            "결과를 알 수 없습니다",
        ) from None
    declined = isinstance(answer, DeclinedCharge)
    code = ExitCode.REFUSED if declined else ExitCode.DONE
    try:
        _tell(session, answer)
    except (Exception, KeyboardInterrupt) as error:  # whatever it is, it does not undo what was done
        done = "nothing was charged" if declined else "it is done"
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Stop(code, f"{done}, but the answer could not be written: {reason.lower()}") from error
    if declined:
        raise Stop(code, f"declined, nothing was charged: {_reason(answer) or 'no reason given'}", "거절")
    return code


def _tell(session: Session, answer: Any) -> None:
    if not isinstance(answer, Charge | Refund):
        show(session, answer)
        return
    told: dict[str, Any] = {"outcome": answer.state}
    if isinstance(answer, CompletedRefund | AcceptedRefund):
        told["outcome_amount"] = answer.amount
    elif isinstance(answer, Charge):
        paid_before = isinstance(answer, PaidCharge) and answer.already_paid
        told |= {"outcome_reason": _reason(answer), "paid_before": paid_before}
    if answer.payment is not None:
        told |= plain(answer.payment, show_personal=session.show_personal)
    show(session, told)
    if isinstance(answer, PaidCharge) and answer.already_paid:
        messages().print(Text("이미 결제된 주문 · the order had been paid before: nothing was charged now", "yellow"))
    if answer.state == "accepted":
        messages().print(Text("접수 · accepted, not refunded yet: the PG pays out later or refuses", "yellow"))


def _reason(charge: Charge) -> str | None:
    reason = charge.reason if isinstance(charge, DeclinedCharge) else None
    return None if reason is None else mask(reason)


def _confirm(session: Session, client: PortOne, operation: OperationInfo, arguments: Mapping[str, Any]) -> None:
    if not session.interactive:
        misused("nothing was sent: without a terminal to confirm on, say --yes", "확인 필요")
    payment = _payment(client, arguments)
    word = _word(operation, arguments, payment)
    table = Table(box=box.ROUNDED, show_header=False, title_justify="left")
    table.title = Text(f"{operation.name_ko} · {operation.summary}", style="bold")
    where = engine_of(client).settings.base_url
    table.add_row("at", Text(f"{where} ({session.profile.name or 'environment'}{_tier(client)})"))
    sensitive = {parameter.python_name for parameter in operation.parameters if parameter.sensitive}
    for name, value in arguments.items():
        told = "full 전액" if value is FULL else text_of(plain(value))
        table.add_row(name.rstrip("_"), Text(HIDDEN if name in sensitive else told))
    for name, value in _facts(payment):
        table.add_row(Text(name, style="cyan"), Text(text_of(plain(value)), style="cyan"))
    console = messages()
    console.print(table)
    console.print(Text.assemble("계속하려면 입력하세요 · type ", (word, "bold"), " to go on: "), end="")
    try:
        typed = input()
    except EOFError:
        typed = ""
    if typed.strip().replace(",", "") != word:
        raise Stop(ExitCode.REFUSED, "not confirmed: nothing was sent", "취소했습니다")


def _payment(client: PortOne, arguments: Mapping[str, Any]) -> Payment | None:
    """The payment that the call is about, as V1 holds it now."""
    imp_uid, merchant_uid = arguments.get("imp_uid"), arguments.get("merchant_uid")
    try:
        if isinstance(imp_uid, str):
            return client.payments.get(imp_uid, include_sandbox=True)
        if isinstance(merchant_uid, str):
            return client.payments.find(merchant_uid, "paid")
    except NotFoundError:  # a new order, or an identity check, which has an imp_uid, too
        pass
    return None


def _facts(payment: Payment | None) -> list[tuple[str, Any]]:
    if payment is None:
        return []
    left = cancellable_amount(payment)
    test = " (test 테스트)" if payment.sandbox else ""
    return [
        ("payment", f"{payment.merchant_uid} {payment.name or ''}".strip()),
        ("status", f"{payment.status}{test}"),
        ("paid", f"{plain(payment.amount):,} {payment.currency}"),
        ("cancellable 취소 가능", f"{plain(left):,} {payment.currency}"),
    ]


def _word(operation: OperationInfo, arguments: Mapping[str, Any], payment: Payment | None) -> str:
    """What has to be typed: the amount where there is one, else the id, so that nobody confirms from habit."""
    amount = arguments.get("amount")
    if amount is FULL and payment is not None:
        amount = cancellable_amount(payment)
    if isinstance(amount, Decimal):
        return text_of(plain(amount))
    path = [parameter.python_name for parameter in operation.parameters if parameter.location == "path"]
    for name in [*path, "imp_uid", "merchant_uid", "customer_uid"]:
        if isinstance(value := arguments.get(name), str):
            return value
    return "yes"


def _tier(client: PortOne) -> str:
    tier = engine_of(client).tier
    return f", tier {tier}" if tier else ""
