"""The questions: the test, the cost, and what each result means. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrs import field, frozen

__all__ = ["QUESTIONS", "Question", "Reading"]


@frozen
class Question:
    """One experiment."""

    id: str
    korean: str
    english: str
    charges: int
    """Charges for each round."""
    decides: Mapping[str, str]
    """The consequence of each reading."""
    rounds: bool = False
    """Whether it is repeated `--rounds` times."""
    declined: bool = False
    """Whether it also uses the declined billing key, if there is one."""


@frozen
class Reading:
    """The result of an experiment."""

    id: str
    reading: str
    """One of the question's readings, or `undecided`."""
    seen: Mapping[str, Any] = field(factory=dict[str, Any])
    """Counts, seconds and V1's own sentences; no id and no person."""


_ALL: Final = (
    Question(
        "E1",
        "custom_data가 응답에 돌아오는가",
        "does custom_data come back, on a declined attempt too?",
        1,
        {
            "echoed": "a charge is recognized by its mark at once",
            "reencoded": "the mark is there, though not in the same text",
            "lost": "a charge is recognized by its order only: a verdict takes up to 300 s",
        },
        declined=True,
    ),
    Question(
        "E2",
        "취소 사유가 cancel_history에 그대로 남는가",
        "does the reason come back in cancel_history, unshortened?",
        1,
        {
            "kept": "a refund is recognized by its mark at once",
            "shortened": "marks must be at the beginning of the reason",
            "lost": "a refund is recognized by its amount, after 300 s",
        },
    ),
    Question(
        "E3",
        "PG 처리 중인 시도가 조회되는가",
        "is an attempt visible while it is at the PG?",
        1,
        {
            "visible": "an attempt in progress is seen: nothing is charged over it",
            "hidden": "nothing shows that a charge is in progress: wait for `quiet`",
        },
    ),
    Question(
        "E4",
        "쓰기 직후의 조회가 늦는가",
        "how far are reads behind?",
        1,
        {
            "immediate": "a read after a write shows it",
            "behind": "`quiet` must be longer than the lag",
        },
        rounds=True,
    ),
    Question(
        "E5",
        "한 주문의 동시 결제 두 건을 어떻게 처리하는가",
        "two charges of one order at once?",
        1,
        {
            "queue": "the second waits, and is refused: V1 locks the order",
            "refuse": "the second is refused at once: V1 locks the order",
            "race": "both are charged: all writers must share one journal",
        },
        rounds=True,
    ),
    Question(
        "E6",
        "checksum이 같은 동시 부분취소 두 건을 어떻게 처리하는가",
        "two partial refunds with one checksum at once?",
        1,
        {
            "queue": "the second waits, and is refused: V1 locks the payment",
            "refuse": "the second is refused at once: V1 locks the payment",
            "race": "both are refunded: all writers must share one journal",
        },
        rounds=True,
    ),
    Question(
        "E7",
        "요청한 쪽이 연결을 끊어도 실행되는가",
        "is a request executed when its caller goes away?",
        1,
        {
            "executed": "silence is never taken for *not executed* before `quiet`",
            "not_executed": "a connection that was closed early charges nothing, this time",
        },
    ),
    Question(
        "E8",
        "전액취소된 주문번호로 다시 결제되는가",
        "is an order charged again that was fully refunded?",
        2,
        {
            "refused": "a new charge needs a new order number",
            "charged": "V1 does not keep a refunded order from being charged again: the journal must",
        },
    ),
    Question(
        "E9",
        "같은 주문번호로 두 번 예약되는가",
        "is an order number scheduled twice, or after it was revoked?",
        0,
        {
            "refused": "a schedule may be repeated once its absence is certain",
            "twice": "a repeated schedule makes a second one: settle first",
            "after_revoking": "only a revoked number may be scheduled again",
        },
    ),
    Question(
        "E10",
        "승인 거절된 주문번호를 다시 쓸 수 있는가",
        "may an order number be used again after a decline?",
        1,
        {
            "allowed": "another card may be tried under the same order number",
            "refused": "another card needs a new order number",
        },
        declined=True,
    ),
    Question(
        "E11",
        "Date 헤더가 V1의 시각과 같은가",
        "does V1 send Date, and does it agree with getToken.now?",
        0,
        {
            "agrees": "verdicts go by the Date header",
            "differs": "the Date header is a proxy's: verdicts would be wrong",
            "no_date": "no verdict *not executed* is possible",
        },
    ),
    Question(
        "E12",
        "Idempotency-Key를 지키는가",
        "does V1 honour Idempotency-Key?",
        1,
        {
            "honoured": "a refund could be repeated with the same key",
            "ignored": "a repeated refund is refunded twice: nothing is sent again",
        },
    ),
)
QUESTIONS: Final[Mapping[str, Question]] = {question.id: question for question in _ALL}
