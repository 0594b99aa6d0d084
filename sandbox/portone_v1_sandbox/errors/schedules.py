"""Refusals of scheduled charges. Grades as in `base`."""

from __future__ import annotations

from .base import PG, PORTONE, Refusal

__all__ = [
    "already_approved",
    "already_executed",
    "already_revoked",
    "already_scheduled",
    "checking_failed",
    "no_customer_to_schedule",
    "no_such_schedule",
    "not_executed_yet",
    "nothing_to_unschedule",
    "retry_key_gone",
    "retry_not_offered",
    "span_backwards",
    "span_too_long",
    "time_has_passed",
]


def no_such_schedule() -> Refusal:
    """The status is documented."""
    return Refusal(404, PORTONE, "존재하지 않는 결제예약입니다.")


def no_customer_to_schedule() -> Refusal:
    """Observed."""
    return Refusal(200, PORTONE, "등록된 고객정보가 없습니다.")


def nothing_to_unschedule() -> Refusal:
    """Observed."""
    return Refusal(200, PORTONE, "취소할 예약결제 기록이 존재하지 않습니다.")


def already_scheduled(merchant_uid: str) -> Refusal:
    """It is documented that each entry needs its own order number."""
    return Refusal(200, PORTONE, f"이미 예약된 merchant_uid({merchant_uid})입니다.")


def checking_failed(reason: str) -> Refusal:
    return Refusal(200, PG, f"카드정보 확인을 위한 결제에 실패하였습니다. {reason}")


def time_has_passed() -> Refusal:
    """The status is documented."""
    return Refusal(400, PORTONE, "예약시각은 현재시각 이후여야 합니다.")


def already_executed() -> Refusal:
    """The status is documented."""
    return Refusal(400, PORTONE, "이미 실행된 결제예약입니다.")


def already_revoked() -> Refusal:
    """The status is documented."""
    return Refusal(400, PORTONE, "이미 취소된 결제예약입니다.")


def not_executed_yet() -> Refusal:
    """The status is documented."""
    return Refusal(400, PORTONE, "아직 실행되지 않은 결제예약입니다.")


def already_approved() -> Refusal:
    """The status is documented."""
    return Refusal(400, PORTONE, "이미 승인된 결제예약입니다.")


def retry_key_gone() -> Refusal:
    """The status is assumed: the billing key of the retry no longer exists."""
    return Refusal(404, PORTONE, "등록되지 않은 구매자입니다.")


def retry_not_offered() -> Refusal:
    """The status is documented."""
    return Refusal(500, PG, "결제 재시도를 지원하지 않는 PG사입니다.")


def span_backwards() -> Refusal:
    return Refusal(400, PORTONE, "조회 종료시각이 시작시각보다 빠릅니다.")


def span_too_long() -> Refusal:
    """The limit is documented."""
    return Refusal(400, PORTONE, "조회 기간은 최대 3개월입니다.")
