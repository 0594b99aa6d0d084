"""Refusals of Naver Pay. Grades as in `base`; the texts in brackets are Naver's, and assumed."""

from __future__ import annotations

from .base import PG, PORTONE, Refusal

__all__: list[str] = []


def naver_refused(what: str, reason: str) -> Refusal:
    """Refuse an action on a product order, for a reason of Naver. The status is documented."""
    return Refusal(500, PG, f"{what}에 실패하였습니다.({reason})")


def not_order_type() -> Refusal:
    return Refusal(400, PORTONE, "네이버페이 주문형 거래가 아닙니다.")


def not_payment_type() -> Refusal:
    """Refuse a payment other than Naver Pay's payment type. The status is documented for cash receipts."""
    return Refusal(400, PORTONE, "네이버페이 결제형 거래가 아닙니다.")


def no_such_product_order() -> Refusal:
    """Refuse a product order that does not exist. The status is documented."""
    return Refusal(404, PORTONE, "존재하지 않는 상품주문입니다.")


def no_naver_channel() -> Refusal:
    return Refusal(400, PORTONE, "네이버페이 주문형 채널을 찾을 수 없습니다.")


def buyer_cannot(what: str) -> Refusal:
    """Refuse an event that cannot follow the state of a product order. Only control calls are refused so."""
    return Refusal(400, PORTONE, f"지금 상태의 상품주문에는 할 수 없습니다({what}).")
