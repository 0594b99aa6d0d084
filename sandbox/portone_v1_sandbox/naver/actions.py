"""네이버페이 주문형: one action on many product orders, each of which may be refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from ..dispatch.handlers import Answer, Call, Evidence
from ..errors.base import missing, no_such_payment
from ..errors.naver import naver_refused, not_order_type
from ..merchant.pg_support import pgs_of
from ..payments.refunds import pay_back
from ..state.naver import ProductOrderRecord, product_order_to_wire
from ..state.payments import PaymentRecord, PendingRefund

__all__ = ["ACTION", "REFUND", "Change", "each_order", "give_back", "order_payment", "orders_of", "require_parcel"]

Change = Callable[[Call, PaymentRecord, ProductOrderRecord], str | None]
"""Apply the action and return None, or return Naver's reason and change nothing."""

ACTION: Final = Evidence(
    documented="naverco only; 200 all, 207 some, 500 none, and only the successes are listed; no ids mean all of them",
    assumed="which states allow it and lead where; Naver's words; no delay before a state shows",
)
REFUND: Final = Evidence(
    documented=ACTION.documented,
    assumed=f"{ACTION.assumed}; the refund shows in the payment at once, its delivery fee included",
)


def order_payment(call: Call) -> PaymentRecord:
    """Return the payment. Raises Refusal for one of another kind: 400, or 404 for reads, which declare no 400."""
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    if payment.pg_provider not in pgs_of(call.operation.id):
        raise no_such_payment() if call.operation.safe else not_order_type()
    return payment


def orders_of(call: Call, payment: PaymentRecord) -> list[ProductOrderRecord]:
    return list(call.state.product_orders.found(payment.imp_uid))


def give_back(
    call: Call, payment: PaymentRecord, order: ProductOrderRecord, reason: str, *, kind: str = "CANCEL"
) -> str | None:
    """Refund a product order and close its claim, if the payment's balance allows it."""
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


def require_parcel(call: Call, method: str) -> None:
    if call.arguments.text("delivery_method") == method:
        absent = [name for name in ("delivery_company", "tracking_number") if not call.arguments.text(name)]
        if absent:
            raise missing(absent)


def each_order(call: Call, what: str, change: Change) -> Answer:
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
    return Answer([product_order_to_wire(order) for order in done], 200 if len(done) == len(asked) else 207)
