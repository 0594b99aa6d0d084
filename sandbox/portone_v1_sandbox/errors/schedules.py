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
    """Refuse a schedule that does not exist. The status is documented."""
    return Refusal(404, PORTONE, "존재하지 않는 결제예약입니다.")


def no_customer_to_schedule() -> Refusal:
    """Refuse to schedule a charge without a billing key and without card data. Observed."""
    return Refusal(200, PORTONE, "등록된 고객정보가 없습니다.")


def nothing_to_unschedule() -> Refusal:
    """Refuse to revoke schedules where there are none. Observed."""
    return Refusal(200, PORTONE, "취소할 예약결제 기록이 존재하지 않습니다.")


def already_scheduled(merchant_uid: str) -> Refusal:
    """Refuse to schedule an order number twice. It is documented that each entry needs its own order number."""
    return Refusal(200, PORTONE, f"이미 예약된 merchant_uid({merchant_uid})입니다.")


def checking_failed(reason: str) -> Refusal:
    return Refusal(200, PG, f"카드정보 확인을 위한 결제에 실패하였습니다. {reason}")


def time_has_passed() -> Refusal:
    """Refuse to schedule a charge for a time in the past. The status is documented."""
    return Refusal(400, PORTONE, "예약시각은 현재시각 이후여야 합니다.")


def already_executed() -> Refusal:
    """Refuse to change a schedule that was executed. The status is documented."""
    return Refusal(400, PORTONE, "이미 실행된 결제예약입니다.")


def already_revoked() -> Refusal:
    """Refuse to change a schedule that was revoked. The status is documented."""
    return Refusal(400, PORTONE, "이미 취소된 결제예약입니다.")


def not_executed_yet() -> Refusal:
    """Refuse to retry a schedule that was not executed yet. The status is documented."""
    return Refusal(400, PORTONE, "아직 실행되지 않은 결제예약입니다.")


def already_approved() -> Refusal:
    """Refuse to retry a schedule whose charge was approved. The status is documented."""
    return Refusal(400, PORTONE, "이미 승인된 결제예약입니다.")


def retry_key_gone() -> Refusal:
    """Refuse to retry a schedule whose billing key no longer exists. The status is assumed."""
    return Refusal(404, PORTONE, "등록되지 않은 구매자입니다.")


def retry_not_offered() -> Refusal:
    """Refuse to retry a schedule of a PG that does not offer it. The status is documented."""
    return Refusal(500, PG, "결제 재시도를 지원하지 않는 PG사입니다.")


def span_backwards() -> Refusal:
    return Refusal(400, PORTONE, "조회 종료시각이 시작시각보다 빠릅니다.")


def span_too_long() -> Refusal:
    """Refuse to list schedules of a longer period. The limit is documented."""
    return Refusal(400, PORTONE, "조회 기간은 최대 3개월입니다.")
