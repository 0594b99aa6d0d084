"""네이버페이 구매자: what Naver's side does to an order - the order itself, deliveries, claims, reviews."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final, Literal, cast

from ._checks import Arguments, check_arguments
from ._naver_actions import give_back, orders_of
from ._naver_records import ProductOrderRecord, ReviewRecord, product_order_on_wire, review_on_wire
from ._plain import is_list, is_object
from ._plays import parameter, play
from ._records import PaymentRecord, payment_on_wire
from ._refusals import missing, wrong_value
from ._refusals_naver import buyer_cannot, no_naver_channel, no_such_product_order
from ._registry import Call
from ._staged import staged
from ._window import PAY, pay

__all__ = ["EVENT", "EVENTS", "ORDER", "REVIEW", "happen", "order", "review"]

KOREA: Final = timezone(timedelta(hours=9))
THREE_DAYS: Final = 3 * 24 * 60 * 60

ORDER: Final = play(
    "naver_order",
    "/_sandbox/naver/orders",
    "A buyer orders and pays by order-type Naver Pay",
    parameter("merchant_uid", required=True, max_length=40),
    parameter("products", "models", required=True),
    parameter("buyer_name", max_length=16, sensitive=True),
    parameter("buyer_tel", max_length=16, sensitive=True),
    parameter("buyer_addr", max_length=128, sensitive=True),
    parameter("buyer_postcode", max_length=8, sensitive=True),
    parameter("shipping_memo", max_length=200, sensitive=True),
)
PRODUCT: Final = play(
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


@staged(ORDER)
def order(call: Call) -> dict[str, Any]:
    """Answers the payment and its product orders."""
    sent = call.arguments.nested("products")
    if not is_list(sent) or not all(is_object(item) for item in sent):
        raise wrong_value("products")
    if not sent:
        raise missing(["products"])
    if all(channel.pg_provider != "naverco" for channel in call.settings.channels):
        raise no_naver_channel()
    products = [check_arguments(PRODUCT, {"body": item}) for item in sent]
    total = sum((p.need_money("product_amount") + (p.money("delivery_amount") or 0) for p in products), Decimal(0))
    names = ("merchant_uid", "buyer_name", "buyer_tel", "buyer_addr", "buyer_postcode")
    given = {name: call.arguments.text(name) for name in names}
    paid = {"amount": total, "pg": "naverco", "name": products[0].need_text("product_name")[:40]}
    fields = {name: value for name, value in (given | paid).items() if value is not None}
    payment = pay(replace(call, operation=PAY, arguments=Arguments(fields)))
    for number, product in enumerate(products, 1):
        record = _record(call, payment, product, number)
        call.state.product_orders[record.product_order_id] = record
    made = [product_order_on_wire(record) for record in orders_of(call, payment)]
    return {"payment": payment_on_wire(payment), "product_orders": made}


def _record(call: Call, payment: PaymentRecord, product: Arguments, number: int) -> ProductOrderRecord:
    day = datetime.fromtimestamp(call.now, KOREA).strftime("%Y%m%d")
    quantity = product.integer("quantity")
    return ProductOrderRecord(
        product_order_id=f"{day}{payment.serial:06d}{number:02d}",
        imp_uid=payment.imp_uid,
        product_id=product.need_text("product_id"),
        product_name=product.need_text("product_name"),
        product_amount=product.need_money("product_amount"),
        delivery_amount=product.money("delivery_amount") or Decimal(0),
        quantity=1 if quantity is None else quantity,
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


def _deliver(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> bool:
    if order.claim_status == "EXCHANGE_REDELIVERING":
        order.claim("EXCHANGE", "EXCHANGE_DONE")
        order.product_order_status = "EXCHANGED"
        return True
    if order.product_order_status != "DELIVERING":
        return False
    order.product_order_status = "DELIVERED"
    return True


def _decide(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> bool:
    if order.product_order_status not in ("DELIVERING", "DELIVERED") or order.open_claim:
        return False
    order.product_order_status = "PURCHASE_DECIDED"
    return True


def _want_cancel(call: Call, payment: PaymentRecord, order: ProductOrderRecord) -> bool:
    if order.product_order_status != "PAYED" or order.open_claim:
        return False
    if order.placed:
        order.claim("CANCEL", "CANCEL_REQUEST")  # that the shop's consent is needed from here on is documented
        return True
    return give_back(call, payment, order, "구매자 환불 요청") is None


def _want(kind: Literal["RETURN", "EXCHANGE"]) -> Event:
    def want(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> bool:
        if order.product_order_status != "DELIVERED" or order.open_claim:
            return False
        order.claim(kind, f"{kind}_REQUEST")
        return True

    return want


def _withdraw(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> bool:
    if order.open_claim is None or order.claim_status == "EXCHANGE_REDELIVERING":
        return False
    order.claim(None, None)
    order.withheld = False
    return True


def _arrive(_call: Call, _payment: PaymentRecord, order: ProductOrderRecord) -> bool:
    if order.open_claim != "RETURN" or order.claim_status == "COLLECT_DONE":
        return False
    order.claim("RETURN", "COLLECT_DONE")
    return True


Event = Callable[[Call, PaymentRecord, ProductOrderRecord], bool]
"""Does it, or answers False and does nothing."""

EVENTS: Final[dict[str, Event]] = {
    "delivered": _deliver,
    "purchase_decided": _decide,
    "cancel_requested": _want_cancel,
    "return_requested": _want("RETURN"),
    "exchange_requested": _want("EXCHANGE"),
    "claim_withdrawn": _withdraw,
    "return_collected": _arrive,
}
EVENT: Final = play(
    "naver_event",
    "/_sandbox/naver/events",
    "Something happens to a product order at Naver",
    parameter("product_order_id", required=True),
    parameter("event", "choice", required=True, values=tuple(EVENTS)),
)
REVIEW: Final = play(
    "naver_review",
    "/_sandbox/naver/reviews",
    "A buyer writes a review at Naver",
    parameter("product_order_id", required=True),
    parameter("score", required=True),
    parameter("title", required=True),
    parameter("content"),
    parameter("review_type", "choice", values=("general", "premium")),
)


@staged(EVENT)
def happen(call: Call) -> dict[str, Any]:
    """Answers the product order as it then stands."""
    record = _find(call)
    what = call.arguments.need_text("event")
    if not EVENTS[what](call, call.state.payments[record.imp_uid], record):
        raise buyer_cannot(what)
    return product_order_on_wire(record)


@staged(REVIEW)
def review(call: Call) -> dict[str, Any]:
    """Answers the review."""
    record = _find(call)
    arguments = call.arguments
    written = ReviewRecord(
        review_id=f"RV-{call.state.next_serial():08d}",
        review_type=cast("Literal['general', 'premium']", arguments.text("review_type") or "general"),
        product_order_id=record.product_order_id,
        score=arguments.need_text("score"),
        title=arguments.need_text("title"),
        content=arguments.text("content"),
        created_at=call.now,
        tier=call.tier,
    )
    call.state.reviews[written.review_id] = written
    return review_on_wire(written, record)


def _find(call: Call) -> ProductOrderRecord:
    record = call.state.product_orders.get(call.arguments.need_text("product_order_id"))
    if record is None or record.tier != call.tier:
        raise no_such_product_order()
    return record
