"""네이버페이 주문형: the merchant's actions on product orders."""

from __future__ import annotations

from typing import Final

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.naver import no_such_product_order
from ..state.naver import ProductOrderRecord, product_order_to_wire
from ..state.payments import PaymentRecord
from .actions import ACTION, REFUND, each_order, give_back, order_payment, orders_of, require_parcel

__all__: list[str] = []

COLLECTABLE: Final = ("EXCHANGE_REQUEST", "COLLECTING")


@handles("naver_list_product_orders", Evidence(documented="naverco only, 404", assumed="no delay"))
def list_product_orders(call: Call) -> Answer:
    return Answer([product_order_to_wire(order) for order in orders_of(call, order_payment(call))])


@handles("naver_get_product_order", Evidence(documented="404", assumed="no delay"))
def get_product_order(call: Call) -> Answer:
    order = call.state.product_orders.get(call.arguments.need_text("product_order_id"))
    if order is None or order.tier != call.tier:
        raise no_such_product_order()
    return Answer(product_order_to_wire(order))


@handles("naver_place", ACTION)
def place(call: Call) -> Answer:
    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.placed:
            return "이미 발주된 상품주문입니다"
        if order.product_order_status != "PAYED" or order.open_claim:
            return "발주할 수 없는 상태입니다"
        order.placed = True
        return None

    return each_order(call, "발주 처리", change)


@handles("naver_ship", ACTION)
def ship(call: Call) -> Answer:
    require_parcel(call, "DELIVERY")

    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.product_order_status == "DELIVERING":
            return "이미 발송된 상품주문입니다"
        if order.product_order_status != "PAYED":
            return "발송할 수 없는 상태입니다"
        if order.open_claim:
            order.claim("CANCEL", "CANCEL_REJECT")  # V1 has no other way to reject a buyer's refund request.
        order.placed, order.product_order_status = True, "DELIVERING"
        return None

    return each_order(call, "발송 처리", change)


@handles("naver_cancel", REFUND)
def cancel(call: Call) -> Answer:
    def change(call: Call, payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.product_order_status != "PAYED":
            return (
                "이미 발송된 상품주문입니다"
                if order.product_order_status == "DELIVERING"
                else "환불할 수 없는 상태입니다"
            )
        if order.open_claim:
            return "이미 환불 요청된 상품주문입니다"
        return give_back(call, payment, order, call.arguments.text("reason") or "PRODUCT_UNSATISFIED")

    return each_order(call, "환불 처리", change)


@handles("naver_approve_cancel", REFUND)
def approve_cancel(call: Call) -> Answer:
    def change(call: Call, payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.claim_status != "CANCEL_REQUEST":
            return "환불 요청 상태가 아닙니다"
        return give_back(call, payment, order, "구매자 환불 요청")

    return each_order(call, "환불 승인", change)


@handles("naver_collect_exchanged", ACTION)
def collect_exchanged(call: Call) -> Answer:
    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.claim_status not in COLLECTABLE:
            return "교환 요청 상태가 아닙니다"
        order.claim("EXCHANGE", "COLLECT_DONE")
        return None

    return each_order(call, "수거완료 처리", change)


@handles("naver_ship_exchanged", ACTION)
def ship_exchanged(call: Call) -> Answer:
    require_parcel(call, "DELIVERY")

    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if (order.claim_type, order.claim_status) != ("EXCHANGE", "COLLECT_DONE"):
            return "수거가 완료되지 않았습니다"
        order.claim("EXCHANGE", "EXCHANGE_REDELIVERING")
        return None

    return each_order(call, "재발송 처리", change)
