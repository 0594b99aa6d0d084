"""Refusals of operations of a single PG. Grades as in `base`; the texts in brackets are the PG's, and assumed."""

from __future__ import annotations

from collections.abc import Iterable

from .base import PG, PORTONE, Refusal

__all__: list[str] = []


def not_for_pg(argument: str, pg: str) -> Refusal:
    """Refuse an argument that this PG does not have. It is documented which PGs are listed, but not the response."""
    return Refusal(400, PORTONE, f"{argument} 값을 확인해 주세요. {pg}에서 지원되지 않습니다.")


def needed_by_pg(argument: str, pg: str) -> Refusal:
    """Refuse a call that lacks an argument of its PG. It is documented as required, but not the response."""
    return Refusal(400, PORTONE, f"{argument} 파라메터가 누락되었습니다({pg} 필수).")


def refund_not_at_pg(finding: str) -> Refusal:
    """Refuse a refund that this PG cannot make. The rule is documented; how V1 words the refusal is not known."""
    return Refusal(200, PG, f"결제취소에 실패하였습니다. {finding}")


def other_pg() -> Refusal:
    return Refusal(200, PORTONE, "지원되지 않는 PG사입니다.")


def pg_not_supported() -> Refusal:
    """Refuse an operation that is not for this PG. The status is documented."""
    return Refusal(501, PORTONE, "지원하지 않는 PG사입니다.")


def payment_unknown() -> Refusal:
    """Refuse a payment that does not exist. For operations whose document declares no 404."""
    return Refusal(200, PORTONE, "존재하지 않는 결제정보입니다.")


def payment_not_paid(status: int) -> Refusal:
    """Refuse a payment that is not paid. The status 400 is documented for sales slips."""
    return Refusal(status, PORTONE, "결제가 완료되지 않은 거래입니다.")


def slip_exceeds_payment() -> Refusal:
    return Refusal(400, PORTONE, "하위 상점 금액의 합이 결제금액보다 클 수 없습니다.")


def payco_refuses_status(status: str, known: Iterable[str]) -> Refusal:
    """Refuse a status that PAYCO does not have. Observed: V1 passes the value on, and these are PAYCO's words."""
    words = f"orderProductStatus field reject, expected OrderProductStatusType{{{','.join(known)}}}, but [{status}]"
    return Refusal(200, PG, f"파라미터 정보가 유효하지 않습니다. {words}")


def payco_is_final() -> Refusal:
    return Refusal(200, PG, "주문상품 상태 변경에 실패하였습니다.(변경할 수 없는 상태입니다)")


def service_ended() -> Refusal:
    return Refusal(200, PG, "지원이 종료된 API입니다.")


def benepia_refused(what: str, reason: str) -> Refusal:
    """Refuse a call about Benepia's points. The status is documented."""
    return Refusal(500, PG, f"베네피아 포인트 {what}에 실패하였습니다.({reason})")


def not_kcp_quick() -> Refusal:
    """Refuse a channel that is not KCP Quick's. The status is documented for the release of biometrics."""
    return Refusal(400, PORTONE, "KCP 퀵페이 채널이 아닙니다.")


def no_such_member(status: int) -> Refusal:
    """Refuse a member of KCP Quick who does not exist. The status 404 is documented for the deletion."""
    return Refusal(status, PORTONE, "등록되지 않은 구매자입니다.")


def kcp_prepared_before() -> Refusal:
    """Refuse to prepare an order number twice. The status is documented."""
    return Refusal(409, PORTONE, "이미 사전등록된 merchant_uid입니다.")


def kcp_not_prepared() -> Refusal:
    """Refuse an order number that was not prepared. The status is documented."""
    return Refusal(404, PORTONE, "사전등록된 정보가 존재하지 않습니다.")


def no_pin_check() -> Refusal:
    """Refuse prepaid money without a PIN check. It is documented that the check has to come first."""
    return Refusal(200, PG, "선불머니 결제에 실패하였습니다.(PIN 인증 내역이 없습니다)")


def too_little_money() -> Refusal:
    return Refusal(200, PG, "선불머니 결제에 실패하였습니다.(잔액부족)")


def no_autopay_key(status: int) -> Refusal:
    """Refuse an autopay key that does not exist. The status 404 is documented for the deletion."""
    return Refusal(status, PORTONE, "등록된 자동결제 키를 찾을 수 없습니다.")


def fido_not_released() -> Refusal:
    """Refuse to release biometrics. It is documented that KCP's own code, such as C210, accompanies the message."""
    return Refusal(
        200, PG, "생체인증 해제에 실패하였습니다.", error={"code": "C210", "message": "등록된 거래가 없습니다."}
    )
