"""What an error becomes: an exit code and one line."""

from __future__ import annotations

import errno
import sqlite3

from portone_v1.errors import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
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

from .exit_codes import ExitCode, Stop
from .formatting import text_of

__all__ = ["explain", "look_up"]

AWAY = (NotSentError, NoAnswerError, RateLimitError, ResponseFormatError, ServerError)


def explain(error: Exception) -> tuple[ExitCode, str]:
    code, line = _explained(error)
    return code, text_of(" ".join(line.split()))


def look_up(ids: dict[str, str]) -> str:
    """The command that shows what became of a write."""
    if uid := ids.get("imp_uid"):
        return f"portone-v1 payments get {uid} --include-sandbox"
    if uid := ids.get("merchant_uid"):
        return f"portone-v1 payments find-all {uid}"
    return "the PortOne console"


def _explained(error: Exception) -> tuple[ExitCode, str]:
    if isinstance(error, Stop):
        return error.code, str(error)
    if isinstance(error, OutcomeUnknownError):
        return (
            ExitCode.UNKNOWN,
            f"결과를 알 수 없습니다 · {_said(error)}. Do not repeat it; look first: {look_up(error.ids)}",
        )
    if isinstance(error, AuthenticationError):
        return ExitCode.REFUSED, f"키가 맞지 않습니다 · {_said(error)}. Look at the key pair: portone-v1 doctor"
    if isinstance(error, NotFoundError):
        return ExitCode.REFUSED, f"찾을 수 없습니다 · {error}{_sandbox_hint(error)}"
    if isinstance(error, AWAY):
        return (
            ExitCode.UNREACHABLE,
            f"V1에 닿지 않습니다 · {_said(error)}. Nothing was done; try again, or: portone-v1 doctor",
        )
    if isinstance(error, ApiError | VerificationError):
        return ExitCode.REFUSED, f"거절되었습니다 · {error}"
    if isinstance(error, ConfigurationError):
        return ExitCode.USAGE, f"설정 오류 · {error}"
    if isinstance(error, PortOneError):
        return ExitCode.REFUSED, str(error)
    if isinstance(error, TypeError | ValueError):  # the SDK's own checks, before anything is sent
        return ExitCode.USAGE, f"{error} (--help shows the options)"
    return _of_this_machine(error)


def _said(error: Exception) -> str:
    """Its own words, in which card numbers are crossed out, before a full stop of ours."""
    return str(error).rstrip(". ")


def _sandbox_hint(error: NotFoundError) -> str:
    if error.operation == "payments.get":
        return " (a test payment is found with --include-sandbox)"
    return ""


def _of_this_machine(error: Exception) -> tuple[ExitCode, str]:
    if isinstance(error, sqlite3.Error):
        return ExitCode.REFUSED, f"the file could not be written: {error}"
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return (
                ExitCode.REFUSED,
                f"디스크가 가득 찼습니다 · no space left on the disk{where}: make room and try again",
            )
        return (
            ExitCode.REFUSED,
            f"{(error.strerror or type(error).__name__).lower()}:{where or ' a file of this machine'}",
        )
    # Values of a trace could be card data, so that only its kind and place are told.
    trace, place = error.__traceback__, "?"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return ExitCode.REFUSED, f"a fault of portone-v1 itself ({type(error).__name__} in {place}); please report it"
