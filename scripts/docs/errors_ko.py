"""The Korean text of each class of error, above the English docstring on the Korean page."""

from __future__ import annotations

from typing import Final

__all__ = ["ERRORS_KO"]

ERRORS_KO: Final = {
    "ApiError": ("V1이 오류로 응답했습니다. 이 호출로 실행된 것은 없습니다."),
    "AuthenticationError": (
        "인증에 실패했습니다(HTTP 401). 실행된 것은 없습니다. REST API 키와 Secret, 콘솔의 허용 IP를 확인하세요."
    ),
    "ConfigurationError": ("클라이언트 설정이 올바르지 않습니다. 보내지 않았습니다. 설정을 고치세요."),
    "DeadlineError": ("남은 시간이 쓰기를 하기에 모자랍니다. 보내지 않았습니다. 다시 호출하세요."),
    "DoublePaymentError": ("한 주문에 결제가 두 건 이상 있습니다. 한 건만 남기고 `imp_uid`로 취소하세요."),
    "InProgressError": (
        "같은 주문이나 결제의 앞선 요청이 아직 확정되지 않았습니다. "
        "이 호출은 보내지 않았습니다. "
        "다른 카드를 안내하지 말고, 나중에 같은 호출을 다시 하거나 `client.settle_all`로 확인하세요."
    ),
    "IntentStoreError": (
        "저널을 읽거나 쓸 수 없습니다. 쓰기 전에 발생하므로 보내지 않았습니다. 저장소를 복구한 뒤 다시 호출하세요."
    ),
    "InvalidRequestError": (
        "요청이 올바르지 않습니다(HTTP 4xx, PG사가 지원하지 않으면 501). 실행된 것은 없습니다. 요청을 고치세요."
    ),
    "KeyConflictError": (
        "같은 주문번호나 키를 다른 금액, 통화, 결제에 썼습니다. 보내지 않았습니다. 새 취소에는 새 키를 쓰세요."
    ),
    "NoAnswerError": ("조회에 응답이 없습니다. 다시 조회하세요."),
    "NotFoundError": (
        "찾을 수 없습니다(HTTP 404). "
        "테스트 결제는 `include_sandbox=True`로 조회합니다. "
        "404만으로 결제되지 않았다고 판단하지 말고 주문번호로도 조회하세요."
    ),
    "NotSentError": ("요청을 보내지 못했습니다. 실행되지 않은 것이 확실하므로 다시 호출하세요."),
    "OutcomeUnknownError": (
        "결과를 알 수 없습니다. "
        "**돈이 움직였을 수 있습니다.** 다시 호출하지 말고 [결과를 확인하세요](tasks/unknown-outcomes.md)."
    ),
    "PortOneError": "이 패키지가 일으키는 모든 오류의 기반 클래스입니다.",
    "RateLimitError": ("요청이 너무 많습니다(HTTP 429). 실행된 것은 없습니다. 나중에 다시 호출하세요."),
    "RefusedError": (
        "포트원이나 PG사가 거절했습니다. "
        "이 호출로 실행된 것은 없습니다. "
        "원문은 `message`이며 구매자에게 그대로 보여 주세요."
    ),
    "ResponseFormatError": ("조회의 응답을 해석할 수 없습니다. 다시 조회하세요."),
    "ServerError": ("조회에 V1 서버가 5xx로 응답했습니다. 다시 조회하세요."),
    "UndecidedError": (
        "결과를 아직 알 수 없습니다. "
        "**돈이 움직였을 수 있습니다.** 저널에 기록되어 있어 `settle_all`이 확인합니다. "
        '"실패"가 아니라 "확인 중"으로 보여 주고 다른 카드를 안내하지 마세요.'
    ),
    "VerificationError": (
        "결제는 있지만 주문과 다릅니다. 상품을 제공하지 마세요. 다른 항목은 `mismatches`에 있습니다."
    ),
    "WrongShopError": (
        "다른 API 키, 호스트, 하위 상점의 기록입니다. 조회하지 않았습니다. 기록한 상점의 클라이언트를 쓰세요."
    ),
}
