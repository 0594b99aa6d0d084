"""네이버페이 주문형: deliveries, claims and reviews, which happen at Naver and not through V1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, cast

from ..dispatch.control_handlers import handles_control
from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.naver import buyer_cannot, no_such_product_order
from ..state.naver import ProductOrderRecord, ReviewRecord, product_order_to_wire, review_to_wire
from ..state.payments import PaymentRecord
from .actions import give_back

__all__ = ["EVENT", "REVIEW"]


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
        order.claim("CANCEL", "CANCEL_REQUEST")  # From this state on, the merchant has to consent: documented.
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
"""Apply the event and return True, or return False and change nothing."""

EVENTS: Final[dict[str, Event]] = {
    "delivered": _deliver,
    "purchase_decided": _decide,
    "cancel_requested": _want_cancel,
    "return_requested": _want("RETURN"),
    "exchange_requested": _want("EXCHANGE"),
    "claim_withdrawn": _withdraw,
    "return_collected": _arrive,
}
EVENT: Final = control_operation(
    "naver_event",
    "/_sandbox/naver/events",
    "Apply an event to a product order at Naver",
    parameter("product_order_id", required=True),
    parameter("event", "choice", required=True, values=tuple(EVENTS)),
)
REVIEW: Final = control_operation(
    "naver_review",
    "/_sandbox/naver/reviews",
    "Write a review at Naver",
    parameter("product_order_id", required=True),
    parameter("score", required=True),
    parameter("title", required=True),
    parameter("content"),
    parameter("review_type", "choice", values=("general", "premium")),
)


@handles_control(EVENT)
def happen(call: Call) -> dict[str, Any]:
    """Apply an event. Return the product order afterwards."""
    record = _find(call)
    what = call.arguments.need_text("event")
    if not EVENTS[what](call, call.state.payments[record.imp_uid], record):
        raise buyer_cannot(what)
    return product_order_to_wire(record)


@handles_control(REVIEW)
def review(call: Call) -> dict[str, Any]:
    """Write a review and return it."""
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
    return review_to_wire(written, record)


def _find(call: Call) -> ProductOrderRecord:
    record: ProductOrderRecord | None = call.state.product_orders.get(call.arguments.need_text("product_order_id"))
    if record is None or record.tier != call.tier:
        raise no_such_product_order()
    return record
