"""Explain an error text or a pasted body. Pure: a text in, findings out, none of which shows the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from attrs import frozen
from portone_v1_runtime import exact_json

__all__ = ["UNKNOWN", "Finding", "explain_text", "imp_uid_in"]


@frozen
class Finding:
    """What happened and what to do, in both languages."""

    korean: str
    english: str
    do_korean: str
    do_english: str

    def to_dict(self) -> dict[str, str]:
        """Return the form of `-o json`."""
        return {"ko": self.korean, "en": self.english, "do_ko": self.do_korean, "do_en": self.do_english}


NOT_FOUND: Final = Finding(
    "이 API 키로는 찾을 수 없습니다. 테스트 채널의 결제이거나, 다른 상점 또는 하위 상점의 결제일 수 있습니다.",
    "Not found with this API key. The payment may belong to a test channel, another merchant or a sub-merchant.",
    "--include-sandbox를 붙이고, --profile과 --tier가 맞는지 확인하세요.",
    "Add --include-sandbox, and check --profile and --tier.",
)
NO_SUCH_PAYMENT: Final = Finding(
    "이 API 키로는 그런 결제가 없습니다. 번호가 틀렸거나 다른 상점 또는 하위 상점의 결제일 수 있습니다.",
    "No such payment with this API key. The id may be wrong, or the payment may belong to another merchant or a"
    " sub-merchant.",
    "imp_uid를 다시 확인하고, --profile과 --tier가 맞는지 확인하세요.",
    "Check the imp_uid, --profile and --tier.",
)
UNKNOWN: Final = Finding(
    "portone-v1이 모르는 문구라 설명할 수 없습니다.",
    "portone-v1 does not know this text and cannot explain it.",
    "imp_uid로 결제를 조회하세요: portone-v1 explain imp_… 연결 문제라면 portone-v1 doctor를 실행하세요.",
    "Look up the payment: portone-v1 explain imp_… For connection problems run portone-v1 doctor.",
)
MILLISECONDS: Final = Finding(
    "밀리초로 보이는 시각이 있습니다. V1은 초 단위 UNIX 시각을 씁니다.",
    "A time looks like milliseconds. V1 uses UNIX seconds.",
    "1000으로 나누어 보내세요(JavaScript: Math.floor(Date.now() / 1000)).",
    "Divide by 1000 (JavaScript: Math.floor(Date.now() / 1000)).",
)
V2_WEBHOOK: Final = Finding(
    "포트원 V2의 웹훅입니다. V1 웹훅에는 imp_uid와 merchant_uid가 있습니다.",
    "A webhook of PortOne V2. V1 webhooks have imp_uid and merchant_uid.",
    "콘솔에서 이 주소의 웹훅 버전을 결제모듈 V1로 바꾸세요.",
    "Set the webhook version of this URL to V1 in the console.",
)
TEST_WEBHOOK: Final = Finding(
    "콘솔의 웹훅 호출 테스트입니다. 결제가 아닙니다.",
    "A test webhook from the console, not a payment.",
    "서버가 200으로 응답하면 됩니다. 주문을 바꾸지 마세요.",
    "Respond with 200 and change no order.",
)
WEBHOOK: Final = Finding(
    "결제 상태가 바뀌었다는 V1 웹훅입니다. 본문은 증거가 아닙니다.",
    "A V1 webhook: the payment's state changed. The body proves nothing.",
    "imp_uid로 결제를 조회해 금액과 상태를 확인하세요.",
    "Read the payment by its imp_uid and verify amount and status.",
)
RULES: Final[tuple[tuple[str, Finding], ...]] = (
    (
        r"outcome unknown|OutcomeUnknown|결과를 알 수 없|결과 미확인",
        Finding(
            "요청이 실행되었는지 알 수 없습니다. 돈이 움직였을 수 있습니다.",
            "It is not known whether the request was executed. Money may have moved.",
            "다시 실행하지 말고 먼저 결제를 조회하세요. 코드에서는 client.settle(error)를 호출하세요.",
            "Do not run it again; read the payment first. In code call client.settle(error).",
        ),
    ),
    (
        r"HTTP 401|인증\s*실패|Unauthorized|authentication failed|AuthenticationError",
        Finding(
            "API 키나 Secret, 또는 액세스 토큰이 맞지 않습니다. 바뀐 것은 없습니다.",
            "The API key and secret, or the access token, are wrong. Nothing was changed.",
            "콘솔의 V1 REST API 키와 Secret을 확인하고 portone-v1 doctor를 실행하세요.",
            "Check the V1 REST API key and secret in the console and run portone-v1 doctor.",
        ),
    ),
    (
        r"이미\s*(전액\s*)?취소|already (cancelled|refunded)",
        Finding(
            "이미 취소된 결제입니다. 응답을 받지 못한 이전 요청, 콘솔 또는 PG사에서 취소되었을 수 있습니다.",
            "The payment is already refunded: by an earlier request without a response, in the console, or at the PG.",
            "먼저 취소 내역을 확인하세요: portone-v1 explain imp_…",
            "Check its refunds before anything else: portone-v1 explain imp_…",
        ),
    ),
    (
        r"F1002|이미\s*(결제|주문)[가이]?\s*(된|이루어진)|동일한 merchant_uid|already paid",
        Finding(
            "같은 주문번호로 이미 결제되었거나 취소되었습니다. 이번 요청으로 결제된 금액은 없습니다.",
            "The order number was already paid or refunded. This request charged nothing.",
            "조회하세요: portone-v1 payments find-all 주문번호. 결제된 주문이면 다시 결제하지 마세요. "
            "취소된 주문이면 새 주문번호를 쓰세요.",
            "Check: portone-v1 payments find-all <order>. If it is paid, do not charge again. "
            "If it was refunded, use a new order number.",
        ),
    ),
    (
        r"checksum|취소\s*(가능|할)\s*(한\s*)?금액|취소가능\s*잔액|환불\s*가능",
        Finding(
            "취소하려는 금액이나 checksum이 취소 가능 금액과 맞지 않습니다. 이번 요청으로 취소된 금액은 없습니다.",
            "The amount or the checksum does not match the refundable balance. This request refunded nothing.",
            "결제를 다시 조회해 취소 가능 금액을 확인하세요.",
            "Read the payment again and check the refundable balance.",
        ),
    ),
    (
        r"(취소|환불)\s*[가는를을]?\s*(불가|실패|거절|거부|한도|기간|할\s*수\s*없)|refund (was )?(refused|failed)",
        Finding(
            "취소가 거절되었습니다. 결제가 거절된 것이 아닙니다.",
            "The refund was refused; this says nothing about the payment itself.",
            "결제를 다시 조회해 취소 가능 금액을 확인하세요. 사유에 따라 PG사에 문의하세요.",
            "Read the payment again and check the refundable balance. Depending on the reason, ask the PG.",
        ),
    ),
    (
        r"한도\s*초과|잔액\s*부족|유효\s*기간|승인\s*거절|거래\s*불가|정지\s*카드|declined|insufficient",
        Finding(
            "카드사나 은행이 승인하지 않았습니다. 결제되지 않았습니다.",
            "The card company or the bank declined. Nothing was charged.",
            "구매자에게 다른 결제수단을 안내하세요. 새 결제에는 새 주문번호를 쓰세요.",
            "Offer the buyer another payment method, with a new order number.",
        ),
    ),
    (
        r"심사|계약\s*(되지|이\s*안)|가맹점\s*미등록|under review",
        Finding(
            "카드사 심사나 PG사 계약이 끝나지 않았습니다.",
            "The card companies' review or the PG contract is not complete.",
            "PG사에 심사 상태를 확인하세요. 그동안 다른 채널을 쓰세요.",
            "Ask the PG about the review; use another channel meanwhile.",
        ),
    ),
    (
        r"HTTP 429|too many requests|rate limited",
        Finding(
            "요청이 너무 많습니다. 실행되지 않았습니다.",
            "Too many requests. Not executed.",
            "잠시 뒤 다시 시도하세요.",
            "Try again later.",
        ),
    ),
    (
        r"could not connect|ConnectError|SSL|certificate|TLS|could not reach|연결할 수 없",
        Finding(
            "V1에 연결하지 못했습니다. 요청은 실행되지 않았습니다.",
            "Could not connect to V1. The request was not executed.",
            "portone-v1 doctor를 실행하세요.",
            "Run portone-v1 doctor.",
        ),
    ),
    (r"HTTP 404|존재하지 않는|not found|찾을 수 없", NOT_FOUND),
)
MILLISECOND: Final = re.compile(r"(?<![\d_])1[5-9]\d{11}(?!\d)")
IMP_UID: Final = re.compile(r"\bimps?_[0-9A-Za-z]{6,30}\b")
ONLY_AN_ID: Final = re.compile(r"imps?_[0-9A-Za-z_-]{1,60}")
TEST_IMP_UID: Final = "imp_1234567890"


def imp_uid_in(text: str) -> str | None:
    """Return the payment that a text names, if it names one. A text that is nothing else may be a wrong id."""
    if ONLY_AN_ID.fullmatch(text.strip()) and text.strip() != TEST_IMP_UID:
        return text.strip()
    found = {uid for uid in IMP_UID.findall(text) if uid != TEST_IMP_UID}
    return found.pop() if len(found) == 1 else None


def explain_text(text: str) -> list[Finding]:
    """Return what is known about an error text or a pasted body."""
    found = [*_of_body(text)] or [finding for pattern, finding in RULES if re.search(pattern, text, re.IGNORECASE)][:1]
    if MILLISECOND.search(text):
        found.append(MILLISECONDS)
    return found


def _of_body(text: str) -> Iterator[Finding]:
    try:
        value = exact_json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(value, dict):
        return
    body = cast("Mapping[str, Any]", value)
    if "tx_id" in body or "payment_id" in body:
        yield V2_WEBHOOK
    elif "imp_uid" in body and "code" not in body:
        yield TEST_WEBHOOK if body["imp_uid"] == TEST_IMP_UID else WEBHOOK
    elif body.get("code") not in (None, 0, "0"):
        yield from explain_text(str(body.get("message") or ""))
