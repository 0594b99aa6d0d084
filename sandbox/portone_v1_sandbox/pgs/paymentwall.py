"""페이먼트월 배송등록: Paymentwall's own result is in the payload, whatever the envelope's code."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.pgs import other_pg, payment_not_paid, payment_unknown
from ..merchant.pg_support import pgs_of

__all__: list[str] = []

STEPS: Final = ("order_placed", "order_shipped", "delivering", "delivered")
PHYSICAL: Final = (
    "carrier_tracking_id",
    "carrier_type",
    "shipping_address_country",
    "shipping_address_city",
    "shipping_address_zip",
    "shipping_address_state",
    "shipping_address_street",
    "shipping_address_phone",
    "shipping_address_firstname",
    "shipping_address_lastname",
)
INVALID: Final = 3000


@handles(
    "paymentwall_register_delivery",
    Evidence(
        documented="refusals are in `response.error_code`, `code` may be 0; physical goods need carrier and address",
        assumed="the error number; a delivery never goes back; PortOne's own refusals with HTTP 200",
    ),
)
def register_delivery(call: Call) -> Answer:
    arguments = call.arguments
    payment = call.state.find_payment(call.tier, arguments.need_text("imp_uid"))
    if payment is None or payment.merchant_uid != arguments.text("merchant_uid"):
        raise payment_unknown()
    if payment.pg_provider not in pgs_of(call.operation.id):
        raise other_pg()
    if not payment.paid_at:
        raise payment_not_paid(200)
    notes = call.state.notes_of(payment)
    status = arguments.need_text("status")
    notifications: list[str] = []
    if arguments.text("type") == "physical":
        notifications += [f"{name} is required" for name in PHYSICAL if not arguments.text(name)]
    if notes.delivery_status and STEPS.index(status) < STEPS.index(notes.delivery_status):
        notifications.append(f"status is {notes.delivery_status} already")
    if notifications:
        return Answer({"error": "Invalid delivery data", "error_code": INVALID, "notices": notifications})
    call.state.pg_notes[payment.imp_uid] = replace(notes, delivery_status=status)
    return Answer({"success": 1})
