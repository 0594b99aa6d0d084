"""How a command ends."""

from __future__ import annotations

from enum import IntEnum
from typing import NoReturn

__all__ = ["EXIT_CODES", "ExitCode", "Stop", "misused"]


class ExitCode(IntEnum):
    """The exit codes, for scripts."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNKNOWN = 3
    UNREACHABLE = 4
    INTERRUPTED = 130


EXIT_CODES = (
    "Exit codes 종료 코드: 0 done 완료; 1 refused, not found, or something differs 거절·없음·불일치; "
    "2 the command is wrong as it is 사용법 오류; 3 outcome unknown, money may have moved, look before repeating "
    "결과 불명, 재시도 전 확인; 4 V1 can not be reached or answers nothing usable 연결 불가; 130 Ctrl-C."
)


class Stop(Exception):
    """The command ends here, with one line that says what and how to mend it."""

    def __init__(self, code: ExitCode, english: str, korean: str = "") -> None:
        super().__init__(f"{korean} · {english}" if korean else english)
        self.code = code


def misused(english: str, korean: str = "") -> NoReturn:
    raise Stop(ExitCode.USAGE, english, korean)
