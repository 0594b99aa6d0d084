"""Exit codes, and the exception that ends a command."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NoReturn

__all__ = ["EXIT_CODES", "ExitCode", "Stop", "usage_error"]


class ExitCode(IntEnum):
    """Exit codes, for scripts."""

    SUCCESS = 0
    REFUSED = 1
    USAGE = 2
    UNKNOWN = 3
    UNREACHABLE = 4
    INTERRUPTED = 130


EXIT_CODES = (
    "종료 코드: 0 성공; 1 거절·승인 거절·없음·불일치; 2 사용법 오류, 보내지 않음; 3 결과 미확인, 실행되었을 수 있으니 "
    "다시 실행하기 전에 확인; 4 V1 연결 불가, 실행되지 않음; 130 중단, 변경 요청은 보내지 않음.\n\n"
    "Exit codes: 0 success; 1 refused, declined, not found or mismatch; 2 usage error, nothing sent; 3 outcome "
    "unknown, the change may have been made: check before running it again; 4 V1 unreachable or unusable response, no "
    "change made; 130 interrupted, no change sent."
)


class Stop(Exception):
    """End the command with an exit code and one line in both languages."""

    def __init__(self, code: ExitCode, korean: str, english: str, details: Mapping[str, object] | None = None) -> None:
        super().__init__(f"{korean} · {english}")
        self.code, self.korean, self.english = code, korean, english
        self.details = dict(details or {})
        """Further facts for `-o json`."""


def usage_error(korean: str, english: str) -> NoReturn:
    """Raise `Stop` for a wrong command line or setting. Only for checks that run before anything is sent."""
    raise Stop(ExitCode.USAGE, korean, english)
