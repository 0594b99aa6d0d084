"""Refusals of identity verifications and of sub-merchants. Grades as in `base`."""

from __future__ import annotations

from .base import PG, PORTONE, Refusal

__all__: list[str] = []


def no_such_certification() -> Refusal:
    """Refuse an identity verification that does not exist. Observed, the code included."""
    return Refusal(404, PG, "인증결과가 존재하지 않습니다.")


def no_otp_asked() -> Refusal:
    """Refuse to confirm a one-time code that was not requested. The status is documented."""
    return Refusal(404, PORTONE, "인증 요청 내역이 존재하지 않습니다.")


def already_certified() -> Refusal:
    """Refuse to confirm an identity verification twice. The status is documented."""
    return Refusal(400, PORTONE, "이미 인증이 완료된 요청입니다.")


def wrong_otp() -> Refusal:
    return Refusal(400, PG, "인증번호가 일치하지 않습니다.")


def otp_expired() -> Refusal:
    return Refusal(400, PG, "인증번호의 유효시간이 지났습니다.")


def person_unknown_to_carrier() -> Refusal:
    """Refuse personal data that differ from the carrier's. The status is documented."""
    return Refusal(400, PG, "입력하신 정보가 통신사 정보와 일치하지 않습니다.")


def otp_not_offered() -> Refusal:
    """Refuse a one-time code to a channel without them. It is documented that only some PGs offer them."""
    return Refusal(400, PORTONE, "OTP 본인인증을 지원하지 않는 채널입니다.")


def method_not_offered() -> Refusal:
    """Refuse the method `APP` to a channel without it. It is documented that only kcp_v2 has `APP`."""
    return Refusal(400, PORTONE, "verification_method APP을 지원하지 않는 채널입니다.")


def no_such_tier() -> Refusal:
    """Refuse the code of a sub-merchant that does not exist. The status is documented."""
    return Refusal(404, PORTONE, "등록되지 않은 tier_code입니다.")


def tier_exists() -> Refusal:
    """Refuse a code that another sub-merchant has. The status was documented while the operation was."""
    return Refusal(400, PORTONE, "이미 등록된 tier_code입니다.")
