"""Explain the state of a payment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from portone_v1.models import Payment
from portone_v1.results import cancellable_amount

from ..writes.prompts import money, plain_money
from .findings import Finding, explain_text

__all__ = ["explain_payment"]

CANCEL: Final = "portone-v1 payments cancel"


def explain_payment(payment: Payment) -> list[Finding]:
    """Return what happened to a payment and what to do about it."""
    return [*_state(payment), *_notes(payment)]


def _state(payment: Payment) -> Iterator[Finding]:
    currency = payment.currency or "KRW"
    left = cancellable_amount(payment)
    if payment.status == "ready":
        waiting = payment.pay_method == "vbank"
        yield Finding(
            "가상계좌 입금을 기다리고 있습니다."
            if waiting
            else "구매자가 결제를 끝내지 않았습니다. 아직 결제되지 않았습니다.",
            "Waiting for the deposit to the virtual account."
            if waiting
            else "The buyer has not completed the payment. Nothing is charged yet.",
            "기다리세요. 결제되면 웹훅이 옵니다.",
            "Wait: a webhook arrives when it is paid.",
        )
    elif payment.status == "failed":
        yield Finding(
            "결제에 실패했습니다. 지금까지 결제된 금액은 없습니다. 일부 PG는 나중에 승인할 수 있습니다.",
            "The payment failed. Nothing is charged as of now; some PGs may still approve it later.",
            "아래 사유를 확인하세요. 새로 결제하기 전에 이 결제를 다시 조회하세요.",
            "See the reason below. Read this payment again before you start a new one.",
        )
        yield from explain_text(payment.fail_reason or "")
    elif payment.status in ("paid", "cancelled") and not left:
        yield Finding(
            "전액취소된 결제입니다.",
            "The payment is fully refunded.",
            "더 취소할 금액이 없습니다. 카드 결제의 환불은 카드사에서 며칠 걸릴 수 있습니다.",
            "Nothing is left to refund. A card company may take days to pay the money out to the buyer.",
        )
    elif payment.status in ("paid", "cancelled"):  # V1 reports `cancelled` after a partial refund, too
        part = bool(payment.cancel_amount)
        yield Finding(
            f"결제되었습니다. 취소 가능 금액은 {money(left, currency)}입니다."
            + (" 일부는 취소되었습니다." if part else ""),
            f"Paid. Refundable: {plain_money(left, currency)}." + (" Part of it is refunded." if part else ""),
            f"취소하려면: {CANCEL} --imp-uid {payment.imp_uid} --amount full (일부만: --amount 금액 --key 취소_이름)",
            f"To refund: {CANCEL} --imp-uid {payment.imp_uid} --amount full (a part: --amount AMOUNT --key REFUND_ID)",
        )


def _notes(payment: Payment) -> Iterator[Finding]:
    if payment.sandbox:
        yield Finding(
            "테스트 채널의 결제이며 매출이 아닙니다. 일부 PG사는 카드를 승인했다가 나중에 돈을 돌려줍니다.",
            "A test channel's payment, no sale. Some PGs charge the card and give the money back later.",
            "상품을 제공하지 마세요.",
            "Do not deliver.",
        )
