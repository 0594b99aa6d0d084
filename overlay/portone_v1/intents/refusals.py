"""Tell what a refusal (`code` other than 0) proves.

Messages come from V1 and from some fifty PGs and change, so this is a list of *doubts* only. A message in it is not
believed before a read. After any other message, this request was not executed (assumed; reference:
docs/open-questions), and one read is made all the same before that is reported.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["balance_moved", "doubtful", "says_nothing_is_there"]

DOUBTS: Final = re.compile(
    # about another attempt, or about this one arriving twice
    r"이미|처리\s*중|진행\s*중|중복|동일한|기존\s*요청"
    # the PG's answer was not received
    r"|잠시\s*(후|뒤)|서버|내부\s*오류|망\s*취소|결과.{0,10}(확인|알\s*수)|확인되지\s*않"
    r"|시간\s*초과|타임\s*아웃|응답\s*(이\s*)?없|통신|지연|시스템|일시적|재시도|연결"
    r"|already|duplicat|in progress|processing|time.?out|timed out|network|temporar|try again"
    r"|unavailable|internal (server )?error|gateway|server error",
    re.IGNORECASE,
)
NOTHING_THERE: Final = re.compile(
    r"(존재하지|등록되지|발급되지)\s*않|찾을\s*수\s*없|(이|가|은|는|내역|기록|정보|예약|결과)\s*없"
    r"|not\s*(found|exist|registered)|no such",
    re.IGNORECASE,
)
BALANCE: Final = re.compile(r"잔액.*일치|checksum", re.IGNORECASE)


def doubtful(message: str | None) -> bool:
    return message is None or DOUBTS.search(message) is not None


def balance_moved(message: str | None) -> bool:
    """Return whether `checksum` did not match: V1 compared and did nothing."""
    return message is not None and BALANCE.search(message) is not None


def says_nothing_is_there(message: str | None) -> bool:
    """Return whether a read was refused because there is no such record. Other refusals say nothing about it."""
    return message is not None and not doubtful(message) and NOTHING_THERE.search(message) is not None
