"""The sentences of a confirmation: what will be done, and what to type to do it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from attrs import frozen
from portone_v1.models import Payment
from portone_v1.operations import OperationInfo
from portone_v1_runtime.unset import ALL, FULL, All

from ..formatting import plain, text_of

__all__ = ["CHARGES", "Prompt", "money", "prompt_for"]

CHARGES: Final = frozenset(
    {
        "subscribe_again",
        "subscribe_onetime",
        "subscribe_retry",
        "kcp_quick_pay_with_money",
        "kcp_quick_pay_with_autopay_key",
        "benepia_pay",
    }
)
IRREVERSIBLE: Final = frozenset(
    {
        "billing_keys_delete",
        "certifications_delete",
        "kcp_quick_delete_autopay_key",
        "kcp_quick_delete_member",
        "tiers_delete",
    }
)
RECEIPTS: Final = frozenset({"receipts_revoke", "receipts_revoke_external"})


@frozen
class Prompt:
    """The action to confirm, in both languages, and the value to type."""

    word: str
    korean: str
    english: str

    @property
    def text(self) -> str:
        return (
            f"{self.korean}: 실행하려면 확인 값 {self.word} 입력 후 Enter. 다른 값이면 보내지 않습니다.\n"
            f"To {self.english}, type {self.word} and press Enter. Anything else sends nothing: "
        )


def prompt_for(
    operation: OperationInfo, arguments: Mapping[str, Any], payment: Payment | None, refundable: Decimal | None
) -> Prompt:
    """Return the verb, the object and the amount to confirm.

    The word to type is the amount, or the id, so that nobody confirms from habit.
    """
    word = _word(operation, arguments, refundable)
    amount, left = arguments.get("amount"), arguments.get("left")
    currency = str(arguments.get("currency") or (payment.currency if payment else None) or "KRW").upper()
    if operation.id == "payments_cancel":
        if isinstance(left, Decimal) and amount is None:
            return Prompt(word, *_refund_down_to(left, payment, refundable, currency))
        return Prompt(word, *_refund(amount, payment, refundable, currency))
    if operation.id in CHARGES and isinstance(amount, Decimal):
        return Prompt(word, f"{money(amount, currency)} 결제", f"charge {plain_money(amount, currency)}")
    if operation.id == "subscribe_unschedule":
        return Prompt(word, *_unschedule(arguments))
    korean, english = operation.name_ko, f"{operation.summary[:1].lower()}{operation.summary[1:]}"
    if operation.id in IRREVERSIBLE:
        return Prompt(word, f"{korean} {word}(되돌릴 수 없음)", f"{english}, which cannot be undone")
    if operation.id in RECEIPTS:
        return Prompt(
            word, "현금영수증 발급취소(결제는 취소되지 않음)", "revoke the cash receipt (the payment is not refunded)"
        )
    if isinstance(amount, Decimal):
        return Prompt(word, f"{korean} {money(amount, currency)}", f"{english} ({plain_money(amount, currency)})")
    return Prompt(word, korean, english)


def money(amount: Decimal, currency: str) -> str:
    """Return `12,000원` or `10.50 USD`."""
    if not isinstance(amount, Decimal):  # pyright: ignore[reportUnnecessaryIsInstance] - V1 sent no number
        return text_of(amount)
    return f"{plain(amount):,}원" if currency == "KRW" else f"{amount:,f} {text_of(currency)}"


def plain_money(amount: Decimal, currency: str) -> str:
    """Return `12,000 KRW`, for English sentences."""
    readable = isinstance(amount, Decimal)  # pyright: ignore[reportUnnecessaryIsInstance]
    return f"{plain(amount):,} KRW" if currency == "KRW" and readable else money(amount, currency)


def _refund(amount: Any, payment: Payment | None, refundable: Decimal | None, currency: str) -> tuple[str, str]:
    if amount is FULL:
        if refundable is None:
            return "취소 가능 금액 전액취소", "refund the full refundable balance"
        return (
            f"취소 가능 금액 {money(refundable, currency)} 전액취소",
            f"refund the full refundable balance of {plain_money(refundable, currency)}",
        )
    if payment is None or payment.amount is None:  # pyright: ignore[reportUnnecessaryComparison]
        return f"{money(amount, currency)} 취소", f"refund {plain_money(amount, currency)}"
    return (
        f"{money(payment.amount, currency)} 중 {money(amount, currency)} 취소",
        f"refund {plain_money(amount, currency)} of {plain_money(payment.amount, currency)}",
    )


def _refund_down_to(
    left: Decimal, payment: Payment | None, refundable: Decimal | None, currency: str
) -> tuple[str, str]:
    korean, english = f"{money(left, currency)}만 남기고", f"so that {plain_money(left, currency)} remain"
    if payment is None or refundable is None:
        return f"{korean} 취소", f"refund {english}"
    refunded, refunded_english = _refund(max(Decimal(0), refundable - left), payment, refundable, currency)
    return f"{korean} {refunded}", f"{refunded_english} {english}"


def _unschedule(arguments: Mapping[str, Any]) -> tuple[str, str]:
    whose = arguments.get("customer_uid")
    listed: list[Any] | All = arguments["merchant_uid"]
    of_whom_ko, of_whom = (f"{whose}의 ", f" of {whose}") if whose else ("", "")
    if listed is ALL:
        return f"{of_whom_ko}결제예약 전체 취소", f"revoke every schedule{of_whom}"
    many = "schedule" if len(listed) == 1 else "schedules"
    return f"{of_whom_ko}결제예약 {len(listed)}건 취소", f"revoke {len(listed)} {many}{of_whom}"


def _word(operation: OperationInfo, arguments: Mapping[str, Any], refundable: Decimal | None) -> str:
    left = arguments.get("left")
    if isinstance(left, Decimal) and refundable is not None:
        return text_of(plain(max(Decimal(0), refundable - left)))
    amount = arguments.get("amount")
    if amount is FULL and refundable is not None:
        amount = refundable
    if isinstance(amount, Decimal):
        return text_of(plain(amount))
    path = [parameter.python_name for parameter in operation.parameters if parameter.location == "path"]
    for name in [*path, "imp_uid", "merchant_uid", "customer_uid"]:
        if isinstance(value := arguments.get(name), str):
            return value
    return "yes"
