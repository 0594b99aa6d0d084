"""Run a write: print a summary, ask for a typed confirmation, and always print an outcome."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from portone_v1.client import PortOne
from portone_v1.errors import IntentStoreError, NotFoundError, OutcomeUnknownError, PortOneError
from portone_v1.models import Payment
from portone_v1.operations import OperationInfo
from portone_v1.results import cancellable_amount
from portone_v1_runtime.unset import FULL
from rich import box
from rich.table import Table
from rich.text import Text

from ..errors import look_up, unknown_outcome
from ..exit_codes import ExitCode, Stop, usage_error
from ..formatting import HIDDEN, plain, text_of
from ..session import Session, messages
from .interrupts import SentWrites, interrupted_once
from .outcomes import outcome_of, print_outcome
from .prompts import money, prompt_for

__all__ = ["carry_out"]


def carry_out(
    session: Session,
    client: PortOne,
    operation: OperationInfo,
    method: Callable[..., Any],
    arguments: dict[str, Any],
    sent: SentWrites,
    *,
    yes: bool,
) -> int:
    """Confirm and make the call, and print its outcome. Every exit states whether V1 executed it."""
    _check_refund(operation, arguments)
    if not yes:
        _confirm(session, client, operation, arguments)
    ids = {name: value for name, value in arguments.items() if name.endswith("_uid") and isinstance(value, str)}
    try:
        with warnings.catch_warnings(), interrupted_once():
            warnings.simplefilter("ignore", DeprecationWarning)
            answer = method(**arguments)
    except OutcomeUnknownError as unknown:
        unknown.ids = {**ids, **unknown.ids}
        raise
    except (Exception, KeyboardInterrupt) as error:
        if not sent.began or (isinstance(error, PortOneError) and not isinstance(error, IntentStoreError)):
            raise
        raise _after_sending(operation, ids, error) from None
    code, korean, english = outcome_of(operation, answer)
    try:
        print_outcome(session, answer)
    except (Exception, KeyboardInterrupt) as error:  # a failure to print does not undo the change
        reason = str(getattr(error, "strerror", None) or type(error).__name__).lower()
        raise Stop(
            code,
            f"{korean} 결과를 출력하지 못했을 뿐이니 다시 실행하지 마세요.",
            f"{english}; only printing the result failed ({reason}). Do not run it again.",
        ) from error
    if code == ExitCode.UNKNOWN:
        payment = answer if isinstance(answer, Payment) else answer.payment
        ids = {**ids, "imp_uid": payment.imp_uid}
        check = look_up(ids)
        raise Stop(code, f"{korean}: {check}", f"{english}: {check}", {"ids": ids, "check": check})
    if code != ExitCode.SUCCESS:
        raise Stop(code, korean, english)
    return code


def _after_sending(operation: OperationInfo, ids: dict[str, str], error: BaseException) -> Stop:
    """Return the end of a call that had begun to send: whatever ended it, the request may have arrived."""
    name = f"{operation.area}.{operation.name}"
    first = "응답을 받기 전에 중단되었습니다.", "Interrupted before V1 responded:"
    if not isinstance(error, KeyboardInterrupt):
        kind = type(error).__name__
        first = f"요청을 보낸 뒤 오류가 발생했습니다({kind}).", f"An error after the request was sent ({kind}):"
    korean, english, check = unknown_outcome(first, name, ids)
    return Stop(ExitCode.UNKNOWN, korean, english, {"operation": name, "ids": ids, "check": check})


def _check_refund(operation: OperationInfo, arguments: Mapping[str, Any]) -> None:
    """Refuse an ambiguous refund, and a partial one that cannot be distinguished from its repetition.

    `cancel_once` refuses the same, but names arguments of Python, and after the operator has confirmed.
    """
    if operation.id != "payments_cancel":
        return
    amount = arguments.get("amount")
    if bool(arguments.get("imp_uid")) == bool(arguments.get("merchant_uid")):
        usage_error(
            "보내지 않았습니다. --imp-uid와 --merchant-uid 중 하나만 지정하세요.",
            "Not sent: pass exactly one of --imp-uid and --merchant-uid",
        )
    if ("amount" in arguments) == ("left" in arguments):
        usage_error(
            "보내지 않았습니다. --amount(취소할 금액)와 --left(남길 금액) 중 하나만 지정하세요.",
            "Not sent: pass either --amount, what to refund, or --left, what is to remain",
        )
    if isinstance(amount, Decimal) and not arguments.get("key"):
        usage_error(
            "보내지 않았습니다. 부분취소에는 --key(이 취소에 붙이는 이름, 예: return-77)가 필요합니다."
            " 같은 키로 다시 실행하면 두 번 취소되지 않습니다. --amount 대신 --left로 남길 금액을 적어도 됩니다.",
            "Not sent: a partial refund needs --key, your id of this refund, such as return-77; repeated with the same"
            " key it refunds once. Or pass --left, the amount that is to remain, instead of --amount.",
        )


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
    if prompt.word not in (typed.strip(), typed.strip().replace(",", "")):  # an id may contain a comma, too
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


def _of_order(client: PortOne, merchant_uid: str) -> Payment | None:
    """Return the attempt that still holds money, as `cancel_once` takes it; a partly refunded one reads `cancelled`."""
    attempts = client.payments.iter_attempts(merchant_uid)
    return max(
        (each for each in attempts if each.status in ("paid", "cancelled")), key=cancellable_amount, default=None
    )


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
