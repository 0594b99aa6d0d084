"""Convert an error to an exit code and one line in Korean and English."""

from __future__ import annotations

import errno
import re
import shlex
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen
from portone_v1.errors import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
    InvalidRequestError,
    NoAnswerError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    PortOneError,
    RateLimitError,
    ResponseFormatError,
    ServerError,
    VerificationError,
)
from portone_v1.operations import OPERATIONS

from .exit_codes import ExitCode, Stop
from .formatting import text_of
from .journal.errors import JOURNAL_ERRORS

__all__ = ["Failure", "describe", "look_up", "may_have_been_made", "unknown_outcome"]

DOCTOR = "portone-v1 doctor"
CHARGES = frozenset(
    {
        "benepia.pay",
        "kcp_quick.pay_with_autopay_key",
        "kcp_quick.pay_with_money",
        "subscribe.again",
        "subscribe.onetime",
        "subscribe.retry",
    }
)
BALANCE = re.compile(r"amount=(\S+) exceeds the refundable balance of ([\d.]+)")
CONSOLE_KO, CONSOLE_EN = "포트원 콘솔에서 확인하세요", "check the payment in the PortOne console"


@frozen
class Failure:
    """An error for the operator: what failed, what it means for money and what to do, in both languages."""

    code: ExitCode
    kind: str
    korean: str
    english: str
    details: Mapping[str, object] = field(factory=dict[str, object])

    @property
    def line(self) -> str:
        return _one_line(f"{self.korean} · {self.english}")

    def to_dict(self) -> dict[str, Any]:
        """Return the form of `-o json`."""
        body: dict[str, Any] = {
            "exit_code": int(self.code),
            "kind": self.kind,
            "ko": _one_line(self.korean),
            "en": _one_line(self.english),
        }
        return {"error": {**body, **self.details}}


def look_up(ids: Mapping[str, str]) -> str | None:
    """Return the command that shows the state of a payment or an order, None if no id is known."""
    if uid := ids.get("imp_uid"):
        return f"portone-v1 payments get {shlex.quote(uid)} --include-sandbox"
    if uid := ids.get("merchant_uid"):  # may contain blanks, and begin like an option
        return f"portone-v1 payments find-all {'-- ' if uid.startswith('-') else ''}{shlex.quote(uid)}"
    return None


def may_have_been_made(operation: str) -> tuple[str, str]:
    """Return what may have happened, for a write whose outcome is unknown."""
    if operation == "payments.cancel":
        return "취소되었을 수 있습니다", "the refund may have been made"
    if _charges(operation):
        return "결제되었을 수 있습니다", "the charge may have been made"
    return "실행되었을 수 있습니다", "the change may have been made"


def unknown_outcome(first: tuple[str, str], operation: str, ids: Mapping[str, str]) -> tuple[str, str, str | None]:
    """Return both sentences and the command to run before repeating a write."""
    korean, english = may_have_been_made(operation)
    command = look_up(ids)
    return (
        f"{first[0]} {korean}. 다시 실행하기 전에 확인하세요: {command or CONSOLE_KO}",
        f"{first[1]} {english}. Check before running it again: {command or CONSOLE_EN}",
        command,
    )


def describe(error: Exception, arguments: Sequence[str] = ()) -> Failure:
    """Describe an error for an operator. No sentence claims more than the error proves.

    Args:
        error: what ended the command.
        arguments: the command line, whose options the advice names.
    """
    if isinstance(error, Stop):
        kind = {ExitCode.USAGE: "usage", ExitCode.UNKNOWN: "outcome_unknown", ExitCode.INTERRUPTED: "interrupted"}.get(
            error.code, "refused"
        )
        return Failure(error.code, kind, error.korean, error.english, error.details)
    if isinstance(error, OutcomeUnknownError):
        first = "결과를 알 수 없습니다.", f"Outcome unknown ({_facts(error)}):"
        korean, english, command = unknown_outcome(first, error.operation, error.ids)
        return Failure(ExitCode.UNKNOWN, "outcome_unknown", korean, english, _details(error, check=command))
    if isinstance(error, PortOneError):
        return _of_v1(error, arguments)
    if isinstance(error, TypeError | ValueError):  # the SDK's own argument checks
        reason = "입력값이 올바르지 않습니다."
        if more := BALANCE.search(str(error)):
            reason = f"취소할 금액({more[1]})이 취소 가능 금액({more[2].rstrip('.')})보다 큽니다."
        korean = f"{reason} 변경 요청은 보내지 않았습니다. --help를 보세요"
        return Failure(ExitCode.USAGE, "usage", korean, _unsent(error))
    return _of_this_machine(error)


def _unsent(error: Exception) -> str:
    """Name the wrong argument. The SDK checks arguments before it sends a write, and often says so itself."""
    text = str(error).rstrip(". ")
    return f"{text}. See --help" if "nothing was sent" in text.lower() else f"{text}. No change was sent. See --help"


def _of_v1(error: PortOneError, arguments: Sequence[str]) -> Failure:
    message, facts = _message(error), _facts(error)
    for journaled, exit_code, kind, korean, english in JOURNAL_ERRORS:
        if isinstance(error, journaled):
            return Failure(exit_code, kind, korean, english.format(facts=facts), _details(error))
    unchanged_ko, unchanged_en = _nothing_changed(getattr(error, "operation", ""))
    code, kind, korean, english = ExitCode.REFUSED, "refused", "", ""
    if isinstance(error, ConfigurationError):
        code, kind = ExitCode.USAGE, "configuration"
        korean, english = (
            "설정이 올바르지 않습니다. 보내지 않았습니다.",
            f"Invalid configuration, nothing was sent: {error}",
        )
    elif isinstance(error, VerificationError):
        kind = "mismatch"
        korean = "결제 내용이 주문과 다릅니다. 상품을 제공하지 마세요."
        english = f"The payment does not match the order. Do not deliver. {message} ({facts})"
    elif isinstance(error, AuthenticationError):
        kind = "authentication"
        korean = f"인증에 실패했습니다. 바뀐 것은 없습니다. API 키와 Secret을 확인하세요: {DOCTOR}"
        english = f"Authentication failed, nothing was changed: {message}. Check the API key and secret: {DOCTOR}"
    elif isinstance(error, NotFoundError):
        kind = "not_found"
        korean, english = f"찾을 수 없습니다: {message}", f"Not found ({facts})"
        if error.operation == "payments.get" and "get" in arguments and "--include-sandbox" not in arguments:
            korean += ". 테스트 결제라면 --include-sandbox를 붙이세요."
            english += ". For a test payment add --include-sandbox."
    elif isinstance(error, RateLimitError):
        code, kind = ExitCode.UNREACHABLE, "rate_limited"
        korean = f"요청이 너무 많습니다. {unchanged_ko} 잠시 뒤 다시 시도하세요."
        english = f"Rate limited, {unchanged_en}. Try again later ({facts})"
    elif isinstance(error, ServerError | NoAnswerError | ResponseFormatError):  # only reads raise these
        code, kind = ExitCode.UNREACHABLE, "no_usable_response"
        korean = f"V1의 응답을 받지 못했습니다. 조회이므로 다시 실행해도 됩니다. 계속되면: {DOCTOR}"
        english = f"No usable response from V1: {message} ({facts}). It was a read: try again, or run {DOCTOR}"
    elif isinstance(error, NotSentError):
        code, kind = ExitCode.UNREACHABLE, "not_sent"
        korean = f"V1에 연결할 수 없습니다. 요청은 실행되지 않았습니다. 다시 시도하거나 {DOCTOR}를 실행하세요."
        english = f"Could not reach V1, the request was not executed: {message}. Try again, or run {DOCTOR}"
    elif isinstance(error, InvalidRequestError):
        kind = "invalid_request"
        korean = f"요청이 올바르지 않습니다. {unchanged_ko} 포트원 응답: {message}"
        english = f"Invalid request, {unchanged_en} ({facts})"
    elif isinstance(error, ApiError):
        korean = f"거절되었습니다. {unchanged_ko} 포트원/PG 응답: {message}"
        english = f"Refused by PortOne or the PG, {unchanged_en} ({facts})"
    else:
        korean, english = "요청에 실패했습니다.", f"Request failed: {error}"
    return Failure(code, kind, korean, english, _details(error))


def _nothing_changed(operation: str) -> tuple[str, str]:
    """Return that nothing was changed, limited to this command: another one may have moved money."""
    if operation == "payments.cancel":
        return "이 명령으로 취소된 금액은 없습니다.", "nothing was refunded by this command"
    if _charges(operation):
        return "이 명령으로 결제된 금액은 없습니다.", "nothing was charged by this command"
    return "바뀐 것은 없습니다.", "nothing was changed"


def _charges(operation: str) -> bool:
    return operation.removesuffix("_once") in (
        "subscribe.again",
        "subscribe.onetime",
        "subscribe.retry",
        "benepia.pay",
    ) or (operation.startswith("kcp_quick.pay_with"))


def _message(error: Exception) -> str:
    """Return V1's or the PG's own words, if there are any. Secrets and card numbers are masked in them."""
    message = getattr(error, "shown_message", None) or getattr(error, "reason", None) or str(error)
    return str(message).rstrip(". ")


def _facts(error: Exception) -> str:
    parts = [getattr(error, "operation", "") or "request"]
    parts += [f"HTTP {status}"] if (status := getattr(error, "status", None)) is not None else []
    parts += [f"code {code}"] if (code := getattr(error, "code", None)) is not None else []
    ids: Mapping[str, str] = getattr(error, "ids", {})
    return ", ".join(parts + [f"{name}={value}" for name, value in ids.items() if name.endswith("_uid")])


def _details(error: Exception, check: str | None = None) -> dict[str, object]:
    ids: Mapping[str, str] = getattr(error, "ids", {})
    found: dict[str, object] = {
        "operation": getattr(error, "operation", None) or None,
        "http_status": getattr(error, "status", None),
        "v1_code": getattr(error, "code", None),
        "v1_message": getattr(error, "shown_message", None),
        "ids": {name: value for name, value in ids.items() if name.endswith("_uid")} or None,
        "check": check,
    }
    if (operation := OPERATIONS.get(str(found["operation"]).replace(".", "_", 1))) is not None:
        found["operation_ko"] = operation.name_ko
    return {name: value for name, value in found.items() if value is not None}


def _of_this_machine(error: Exception) -> Failure:
    if isinstance(error, sqlite3.Error):
        return Failure(ExitCode.REFUSED, "file", "파일을 쓸 수 없습니다.", f"could not write the file: {error}")
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return Failure(
                ExitCode.REFUSED,
                "disk_full",
                f"디스크가 가득 찼습니다{where}. 공간을 확보한 뒤 다시 실행하세요.",
                f"disk full{where}: free some space and run the command again",
            )
        reason = (error.strerror or type(error).__name__).lower()
        return Failure(
            ExitCode.REFUSED, "file", f"파일을 읽거나 쓸 수 없습니다{where}", f"{reason}{where or ': a local file'}"
        )
    # Only kind and place: the values in a traceback could be card data.
    trace, place = error.__traceback__, "?"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return Failure(
        ExitCode.REFUSED,
        "internal",
        "내부 오류입니다. 제보해 주세요.",
        f"internal error ({type(error).__name__} in {place}); please report it",
    )


def _one_line(text: str) -> str:
    return text_of(" ".join(text.split()))
