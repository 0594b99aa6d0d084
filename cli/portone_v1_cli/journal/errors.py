"""Sentences about the errors of the journal, in both languages. Pure."""

from __future__ import annotations

from typing import Final

from portone_v1.errors import (
    DoublePaymentError,
    InProgressError,
    IntentStoreError,
    KeyConflictError,
    PortOneError,
    WrongShopError,
)

from ..exit_codes import ExitCode

__all__ = ["JOURNAL_ERRORS"]

JOURNAL_ERRORS: Final[tuple[tuple[type[PortOneError], ExitCode, str, str, str], ...]] = (
    (
        InProgressError,
        ExitCode.UNKNOWN,
        "in_progress",
        (
            "이 명령은 보내지 않았습니다. 같은 주문이나 결제의 앞선 요청이 확정되지 않았고, 이미 실행되었을 수 "
            "있습니다. 먼저 확인하세요: portone-v1 intents settle"
        ),
        (
            "Nothing was sent by this command ({facts}): an earlier request on the same order or payment is not "
            "decided and may have been executed. Settle it first: portone-v1 intents settle"
        ),
    ),
    (
        KeyConflictError,
        ExitCode.REFUSED,
        "key_conflict",
        "보내지 않았습니다. 이 주문번호나 키는 다른 금액이나 결제에 이미 썼습니다. 새 취소에는 새 --key를 쓰세요.",
        (
            "Nothing was sent ({facts}): the order number or key was used for another amount or payment. "
            "Use a new --key for a new refund."
        ),
    ),
    (
        DoublePaymentError,
        ExitCode.REFUSED,
        "double_payment",
        "한 주문에 결제가 두 건 이상 있습니다. 한 건만 남기고 imp_uid로 취소하세요.",
        "The order has more than one payment ({facts}). Refund all but one of them by its imp_uid.",
    ),
    (
        WrongShopError,
        ExitCode.REFUSED,
        "wrong_shop",
        "다른 상점이나 하위 상점의 기록입니다. 조회하지 않았습니다. --profile과 --tier를 확인하세요.",
        "The intent belongs to another merchant or sub-merchant, and nothing was read. Check --profile and --tier.",
    ),
    (
        IntentStoreError,
        ExitCode.REFUSED,
        "journal",
        "저널을 읽거나 쓸 수 없습니다. 보내지 않았습니다. 확인하세요: portone-v1 intents doctor",
        "The journal cannot be read or written, and nothing was sent. Check it: portone-v1 intents doctor",
    ),
)
"""Class, exit code, kind, Korean, English."""
