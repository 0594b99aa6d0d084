"""네이버페이 주문형: orders of a buyer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

from ..dispatch.arguments import Arguments, check_arguments
from ..dispatch.control_handlers import handles_control
from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.base import missing, wrong_value
from ..errors.naver import no_naver_channel
from ..merchant.pg_support import pgs_of
from ..payments.checkout import PAY, pay
from ..state.naver import ProductOrderRecord, product_order_to_wire
from ..state.payments import PaymentRecord, payment_to_wire
from ..wire.json_types import is_list, is_object
from .actions import orders_of

__all__ = ["ORDER"]

KOREA: Final = timezone(timedelta(hours=9))
THREE_DAYS: Final = 3 * 24 * 60 * 60

ORDER: Final = control_operation(
    "naver_order",
    "/_sandbox/naver/orders",
    "Order and pay by order-type Naver Pay",
    parameter("merchant_uid", required=True, max_length=40),
    parameter("products", "models", required=True),
    parameter("buyer_name", max_length=16, sensitive=True),
    parameter("buyer_tel", max_length=16, sensitive=True),
    parameter("buyer_addr", max_length=128, sensitive=True),
    parameter("buyer_postcode", max_length=8, sensitive=True),
    parameter("shipping_memo", max_length=200, sensitive=True),
)
PRODUCT: Final = control_operation(
    "naver_product",
    ORDER.path,
    "One of `products`",
    parameter("product_id", required=True),
    parameter("product_name", required=True),
    parameter("product_amount", "money", required=True),
    parameter("delivery_amount", "money"),
    parameter("quantity", "integer"),
    parameter("product_option_id"),
    parameter("product_option_name"),
    parameter("individual_code", sensitive=True),
)


@handles_control(ORDER)
def order(call: Call) -> dict[str, Any]:
    """Order and pay. Return the payment and its product orders."""
    sent = call.arguments.nested("products")
    if not is_list(sent) or not all(is_object(item) for item in sent):
        raise wrong_value("products")
    if not sent:
        raise missing(["products"])
    pg = next((c.pg_provider for c in call.settings.channels if c.pg_provider in pgs_of("naver_place")), None)
    if pg is None:
        raise no_naver_channel()
    products = [check_arguments(PRODUCT, {"body": item}) for item in sent]
    if any((product.integer("quantity") or 0) < 0 for product in products):
        raise wrong_value("quantity")
    total = sum((p.need_money("product_amount") + (p.money("delivery_amount") or 0) for p in products), Decimal(0))
    names = ("merchant_uid", "buyer_name", "buyer_tel", "buyer_addr", "buyer_postcode")
    given = {name: call.arguments.text(name) for name in names}
    paid = {"amount": total, "pg": pg, "name": products[0].need_text("product_name")[:40]}
    fields = {name: value for name, value in (given | paid).items() if value is not None}
    payment = pay(replace(call, operation=PAY, arguments=Arguments(fields)))
    for number, product in enumerate(products, 1):
        record = _record(call, payment, product, number)
        call.state.product_orders[record.product_order_id] = record
    made = [product_order_to_wire(record) for record in orders_of(call, payment)]
    return {"payment": payment_to_wire(payment), "product_orders": made}


def _record(call: Call, payment: PaymentRecord, product: Arguments, number: int) -> ProductOrderRecord:
    day = datetime.fromtimestamp(call.now, KOREA).strftime("%Y%m%d")
    return ProductOrderRecord(
        product_order_id=f"{day}{payment.serial:06d}{number:02d}",
        imp_uid=payment.imp_uid,
        product_id=product.need_text("product_id"),
        product_name=product.need_text("product_name"),
        product_amount=product.need_money("product_amount"),
        delivery_amount=product.money("delivery_amount") or Decimal(0),
        quantity=product.integer("quantity") or 1,
        product_option_id=product.text("product_option_id"),
        product_option_name=product.text("product_option_name"),
        orderer={"id": "buye****", "name": payment.buyer_name, "tel": payment.buyer_tel},
        shipping_address={
            "base": payment.buyer_addr,
            "detail": None,
            "name": payment.buyer_name,
            "postcode": payment.buyer_postcode,
            "tel1": payment.buyer_tel,
            "tel2": None,
        },
        shipping_memo=call.arguments.text("shipping_memo"),
        shipping_due=call.now + THREE_DAYS,
        individual_code=product.text("individual_code"),
        tier=call.tier,
    )
