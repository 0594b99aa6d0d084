"""네이버페이 주문형: returns, from the request to the refund."""

from __future__ import annotations

from ..dispatch.handlers import Answer, Call, handles
from ..state.naver import ProductOrderRecord
from ..state.payments import PaymentRecord
from .actions import ACTION, REFUND, each_order, give_back, require_parcel

__all__: list[str] = []

NO_RETURN = "반품 요청 상태가 아닙니다"


@handles("naver_request_return", ACTION)
def request_return(call: Call) -> Answer:
    require_parcel(call, "RETURN_DELIVERY")

    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.open_claim:
            return "처리 중인 클레임이 있습니다"
        if order.product_order_status != "DELIVERED":
            return "배송 완료 전입니다" if order.product_order_status in ("PAYED", "DELIVERING") else NO_RETURN
        order.claim("RETURN", "RETURN_REQUEST")
        return None

    return each_order(call, "반품 요청", change)


@handles("naver_approve_return", REFUND)
def approve_return(call: Call) -> Answer:
    def change(call: Call, payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.open_claim != "RETURN":
            return NO_RETURN
        if order.withheld:
            return "반품 보류 상태입니다"
        return give_back(call, payment, order, "반품 승인", kind="RETURN")

    return each_order(call, "반품 승인", change)


@handles("naver_reject_return", ACTION)
def reject_return(call: Call) -> Answer:
    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.open_claim != "RETURN":
            return NO_RETURN
        order.claim("RETURN", "RETURN_REJECT")
        order.withheld = False
        return None

    return each_order(call, "반품 거절", change)


@handles("naver_withhold_return", ACTION)
def withhold_return(call: Call) -> Answer:
    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.open_claim != "RETURN":
            return NO_RETURN
        if order.withheld:
            return "이미 보류된 상품주문입니다"
        order.withheld = True
        return None

    return each_order(call, "반품 보류", change)


@handles("naver_resolve_return", ACTION)
def resolve_return(call: Call) -> Answer:
    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if not order.withheld:
            return "보류 상태가 아닙니다"
        order.withheld = False
        return None

    return each_order(call, "반품 보류 해제", change)
