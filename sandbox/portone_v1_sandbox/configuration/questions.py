"""The open questions about V1 as options, each by the name of its assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields
from typing import Any, Final

from ..state.conditions.assumptions import CONCURRENT_WRITES, Assumptions
from .options import Option

__all__ = ["ASSUMED", "assumptions_of"]

QUESTIONS: Final[Mapping[str, str]] = {
    "echoes_custom_data": "E1: 서버 결제의 custom_data를 돌려줌 · V1 returns the custom_data of a charge by the server",
    "keeps_refund_reason": "E2: 취소 사유를 돌려줌 · V1 returns the reason of a refund",
    "shows_attempts": "E3: PG사가 처리 중인 시도가 조회됨 · An attempt can be read while it is at the PG",
    "read_lag": "E4: 결제 조회가 늦는 시간(초) · Seconds by which reads of payments lag",
    "concurrent_writes": "E5, E6: 첫 번째가 처리 중일 때 온 두 번째 쓰기 · A second write while the first is at the PG",
    "executes_abandoned": "E7: 호출자가 끊은 요청도 실행함 · A request is executed although its caller disconnected",
    "charges_refunded_order": "E8: 취소된 주문을 다시 결제할 수 있음 · A refunded order may be charged again",
    "schedules_again": "E9: 주문번호를 두 번 예약할 수 있음 · An order number may be scheduled twice",
    "charges_declined_order": "E10: 승인 거절된 주문번호를 다시 쓸 수 있음 · A declined order number may be used again",
    "sends_date": "E11: 응답에 Date 헤더가 있음 · Responses have a Date header",
    "honours_idempotency_key": "E12: 같은 Idempotency-Key에 앞선 응답을 돌려줌"
    " · The same Idempotency-Key gets the response of the earlier request",
    "pg_seconds": "PG사가 결제나 취소를 처리하는 시간(초). E3~E7에 필요"
    " · Seconds that a charge or refund is at the PG; E3 to E7 need it",
}


def _assumed(field: Field[Any]) -> Option:
    choices = CONCURRENT_WRITES if field.name == "concurrent_writes" else ()
    default: Any = field.default
    return Option(type(default), default, QUESTIONS[field.name], choices=choices)


ASSUMED: Final[Mapping[str, Option]] = {each.name: _assumed(each) for each in fields(Assumptions)}


def assumptions_of(settings: Mapping[str, Any]) -> Assumptions:
    """Return the answers to the open questions."""
    return Assumptions(**{name: settings[name] for name in ASSUMED})
