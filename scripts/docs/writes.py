"""The table of all writes: what is read after silence, what proves that one was executed, whether it may be repeated.

Reads and repeats come from the rows of the client; only the words are here, and a write without them stops the build.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, Literal

from portone_v1.intents.writes import ROWS

from .markup import table

HEADS: Final = {
    "en": ("write", "read", "executed if", "may be sent again"),
    "ko": ("쓰기", "조회", "실행된 경우", "다시 보내도 되는가"),
}
READS: Final = {
    "attempts": "`payments.find_all`",
    "payment": "`payments.get`",
    "schedules": "`subscribe.get_schedule`",
    "billing key": "`billing_keys.get`",
    "prepared": "`prepare.get`",
    "receipt": "`receipts.get`",
    "external receipt": "`receipts.get_external`",
    "escrow": "`escrow.get`",
    "tier": "`tiers.get`",
    "certification": "`certifications.get`",
    "product orders": "`naver.list_product_orders`",
    "nothing": "",
}
REPEATS: Final = {
    "yes": ("yes", "예"),
    "when settled": (
        "after `not_done`, `not_charged` or `not_refunded`",
        "`not_done`, `not_charged`, `not_refunded` 뒤에",
    ),
    "no": (
        "**no**: look at the console, then `intents.resolve`",
        "**아니요.** 관리자 화면에서 확인하고 `intents.resolve`",
    ),
}
CHARGED: Final = ("an attempt at the order is paid", "주문에 결제된 시도가 있음")
WORDS: Final = (
    (
        ("payments.cancel",),
        ("the refund is in `cancel_history`, or nothing is left", "`cancel_history`에 있거나 잔액이 없음"),
    ),
    (
        ("subscribe.again", "subscribe.onetime", "subscribe.retry", "kcp_quick.pay_with_money"),
        CHARGED,
    ),
    (("kcp_quick.pay_with_autopay_key", "benepia.pay"), CHARGED),
    (
        ("vbanks.issue", "cvs.issue"),
        ("a new account or barcode of your amount waits", "요청한 금액의 새 계좌나 바코드가 입금 대기 중"),
    ),
    (("vbanks.update",), ("amount and day are yours", "금액과 기한이 요청한 값")),
    (("vbanks.revoke", "cvs.revoke"), ("`failed` or `cancelled`", "`failed` 또는 `cancelled`")),
    (
        ("subscribe.schedule",),
        ("scheduled with your card, amount and time", "요청한 빌링키, 금액, 시각으로 예약되어 있음"),
    ),
    (("subscribe.update_schedule", "subscribe.reschedule"), ("the time is yours", "시각이 요청한 값")),
    (
        ("subscribe.unschedule",),
        (
            "none of the orders is `scheduled`; of `ALL`, those scheduled before the call",
            "그 주문번호가 모두 `scheduled`가 아님. `ALL`이면 호출 전에 예약되어 있던 것",
        ),
    ),
    (("billing_keys.issue",), ("`updated` is not older than the call", "`updated`가 호출보다 오래되지 않음")),
    (("billing_keys.delete",), ("not found", "조회되지 않음")),
    (("prepare.create", "prepare.update"), ("the amount is yours", "금액이 요청한 값")),
    (("receipts.issue",), ("it exists and is not cancelled", "있고 취소되지 않음")),
    (("receipts.issue_external",), ("it exists and is not cancelled", "있고 취소되지 않음")),
    (("receipts.revoke",), ("cancelled", "취소되어 있음")),
    (("receipts.revoke_external",), ("cancelled", "취소되어 있음")),
    (("escrow.register",), ("the invoice number is yours", "운송장 번호가 요청한 값")),
    (("escrow.update",), ("the invoice number is yours", "운송장 번호가 요청한 값")),
    (("tiers.create",), ("found", "조회됨")),
    (("tiers.delete",), ("not found", "조회되지 않음")),
    (("certifications.delete",), ("not found", "조회되지 않음")),
    (("certifications.confirm_otp",), ("`certified`", "`certified`")),
)
FOLLOWS: Final = (
    "every product order has the status that follows; never denied, as Naver is late",
    "상품주문이 모두 다음 상태. 네이버의 반영이 늦으므로 부정하지 않음",
)


LACKING: Final = (
    "for the product orders that lack it, after `intents.resolve`",
    "그 상태가 아닌 상품주문만, `intents.resolve` 뒤에",
)


def writes(_head: Sequence[str], *, language: Literal["en", "ko"] = "en") -> str:
    """Every row of the client's table, those of equal meaning together."""
    place = 0 if language == "en" else 1
    said = {operation: words[place] for operations, words in WORDS for operation in operations}
    together: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for operation, row in ROWS.items():
        if row.shown_by == "product orders":
            proof = FOLLOWS[place]
        elif row.shown_by == "nothing":
            proof = ""
        else:
            proof = said[operation]
        repeat = LACKING if row.shown_by == "product orders" else REPEATS[row.repeat]
        together[READS[row.shown_by], proof, repeat[place]].append(operation)
    rows = [(", ".join(f"`{operation}`" for operation in operations), *cells) for cells, operations in together.items()]
    return table(HEADS[language], rows)
