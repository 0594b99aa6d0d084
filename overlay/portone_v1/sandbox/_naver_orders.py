"""네이버페이 주문형: what a shop does with product orders. Naver is asked for each of them on its own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from ._naver_records import ProductOrderRecord, product_order_on_wire
from ._records import PaymentRecord, PendingRefund
from ._refunds import pay_back
from ._refusals import missing, no_such_payment
from ._refusals_naver import naver_refused, no_such_product_order, not_order_type
from ._registry import Answer, Call, Evidence, handles

__all__ = ["give_back", "order_payment", "orders_of"]

Change = Callable[[Call, PaymentRecord, ProductOrderRecord], str | None]
"""Does it, or says in Naver's words why not and does nothing."""

ACTION: Final = Evidence(
    documented="naverco only; 200 all, 207 some, 500 none, and only the successes are listed; no ids mean all of them",
    assumed="which states allow it and lead where; Naver's words; no delay before a state shows",
)
REFUND: Final = Evidence(
    documented=ACTION.documented,
    assumed=f"{ACTION.assumed}; the refund shows in the payment at once, its delivery fee included",
)
COLLECTABLE: Final = ("EXCHANGE_REQUEST", "COLLECTING")


@handles("naver_list_product_orders", Evidence(documented="naverco only, 404", assumed="no delay"))
def list_product_orders(call: Call) -> Answer:
    return Answer([product_order_on_wire(order) for order in orders_of(call, order_payment(call))])


@handles("naver_get_product_order", Evidence(documented="404", assumed="no delay"))
def get_product_order(call: Call) -> Answer:
    order = call.state.product_orders.get(call.arguments.need_text("product_order_id"))
    if order is None or order.tier != call.tier:
        raise no_such_product_order()
    return Answer(product_order_on_wire(order))


@handles("naver_place", ACTION)
def place(call: Call) -> Answer:
    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.placed:
            return "이미 발주된 상품주문입니다"
        if order.product_order_status != "PAYED" or order.open_claim:
            return "발주할 수 없는 상태입니다"
        order.placed = True
        return None

    return _each(call, "발주 처리", change)


@handles("naver_ship", ACTION)
def ship(call: Call) -> Answer:
    _require_parcel(call, "DELIVERY")

    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.product_order_status == "DELIVERING":
            return "이미 발송된 상품주문입니다"
        if order.product_order_status != "PAYED":
            return "발송할 수 없는 상태입니다"
        if order.open_claim:
            order.claim("CANCEL", "CANCEL_REJECT")  # V1 has no other way to say no to a buyer's refund request
        order.placed, order.product_order_status = True, "DELIVERING"
        return None

    return _each(call, "발송 처리", change)


@handles("naver_cancel", REFUND)
def cancel(call: Call) -> Answer:
    def change(call: Call, payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.product_order_status != "PAYED":
            return "이미 발송된 상품주문입니다" if order.product_order_status == "DELIVERING" else "환불할 수 없는 상태입니다"
        if order.open_claim:
            return "이미 환불 요청된 상품주문입니다"
        return give_back(call, payment, order, call.arguments.text("reason") or "PRODUCT_UNSATISFIED")

    return _each(call, "환불 처리", change)


@handles("naver_approve_cancel", REFUND)
def approve_cancel(call: Call) -> Answer:
    def change(call: Call, payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.claim_status != "CANCEL_REQUEST":
            return "환불 요청 상태가 아닙니다"
        return give_back(call, payment, order, "구매자 환불 요청")

    return _each(call, "환불 승인", change)


@handles("naver_collect_exchanged", ACTION)
def collect_exchanged(call: Call) -> Answer:
    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if order.claim_status not in COLLECTABLE:
            return "교환 요청 상태가 아닙니다"
        order.claim("EXCHANGE", "COLLECT_DONE")
        return None

    return _each(call, "수거완료 처리", change)


@handles("naver_ship_exchanged", ACTION)
def ship_exchanged(call: Call) -> Answer:
    _require_parcel(call, "DELIVERY")

    def change(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> str | None:
        if (order.claim_type, order.claim_status) != ("EXCHANGE", "COLLECT_DONE"):
            return "수거가 완료되지 않았습니다"
        order.claim("EXCHANGE", "EXCHANGE_REDELIVERING")
        return None

    return _each(call, "재발송 처리", change)


def order_payment(call: Call) -> PaymentRecord:
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    if payment.pg_provider != "naverco":
        raise not_order_type()
    return payment


def orders_of(call: Call, payment: PaymentRecord) -> list[ProductOrderRecord]:
    return [order for order in call.state.product_orders.values() if order.imp_uid == payment.imp_uid]


def give_back(
    call: Call, payment: PaymentRecord, order: ProductOrderRecord, reason: str, *, kind: str = "CANCEL"
) -> str | None:
    """Refunds a product order and closes its claim, unless the payment has not that much left."""
    if order.total > payment.remaining:
        return "환불 가능 금액을 초과하였습니다"
    refund = PendingRefund(
        imp_uid=payment.imp_uid,
        amount=order.total,
        reason=reason,
        tax_free=Decimal(0),
        vat_amount=None,
        asked_at=call.now,
    )
    pay_back(call.state, call.settings, payment, refund, call.now)
    order.claim(kind, f"{kind}_DONE")
    order.product_order_status = "CANCELED" if kind == "CANCEL" else "RETURNED"
    return None


def _require_parcel(call: Call, method: str) -> None:
    if call.arguments.text("delivery_method") == method:
        absent = [name for name in ("delivery_company", "tracking_number") if not call.arguments.text(name)]
        if absent:
            raise missing(absent)


def _each(call: Call, what: str, change: Change) -> Answer:
    payment = order_payment(call)
    own = {order.product_order_id: order for order in orders_of(call, payment)}
    asked = list(dict.fromkeys(call.arguments.texts("product_order_id"))) or list(own)
    done: list[ProductOrderRecord] = []
    refusal = "상품주문이 존재하지 않습니다"
    for product_order_id in asked:
        order = own.get(product_order_id)
        reason = "상품주문이 존재하지 않습니다" if order is None else change(call, payment, order)
        if order is not None and reason is None:
            done.append(order)
        else:
            refusal = reason or refusal
    if not done:
        raise naver_refused(what, refusal)
    return Answer([product_order_on_wire(order) for order in done], 200 if len(done) == len(asked) else 207)
