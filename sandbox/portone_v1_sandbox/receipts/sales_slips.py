"""하위 상점 거래등록: sub-merchants on a sales slip."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from ..dispatch.arguments import Arguments, check_arguments
from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import missing, no_such_payment, wrong_value
from ..errors.pgs import payment_not_paid, pg_not_supported, slip_exceeds_payment
from ..merchant.pg_support import pgs_of
from ..payments.charges import require_parts_within
from ..wire.json_types import is_list, is_object
from ..wire.money import require_fitting

__all__: list[str] = []

PART: Final = control_operation(
    "partner_part",
    "/partners/receipts/{imp_uid}",
    "One of `data`",
    parameter("business_registration_number", required=True),
    parameter("company_name", required=True),
    parameter("amount", "money", required=True),
    parameter("tax_free", "money"),
    parameter("vat_amount", "money"),
)


@handles(
    "partners_register_receipt",
    Evidence(
        documented="501 for other PGs than html5_inicis, 400 for unpaid payments and missing fields, 404",
        assumed="the parts together may not exceed the payment; registering anew is allowed; words and codes",
    ),
)
def register_receipt(call: Call) -> Answer:
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    if payment.pg_provider not in pgs_of(call.operation.id):
        raise pg_not_supported()
    if not payment.is_paid:
        raise payment_not_paid(400)
    if sum((_amount(part) for part in _parts(call)), Decimal(0)) > payment.remaining:
        raise slip_exceeds_payment()
    return Answer({"receipt_url": f"https://receipts.example.com/partners/{payment.imp_uid}"})


def _parts(call: Call) -> list[Arguments]:
    sent = call.arguments.nested("data")
    if not is_list(sent) or not all(is_object(item) for item in sent):
        raise wrong_value("data")
    if not sent:
        raise missing(["data"])
    return [check_arguments(PART, {"body": item}) for item in sent]


def _amount(part: Arguments) -> Decimal:
    amount, tax_free, vat = part.need_money("amount"), part.money("tax_free"), part.money("vat_amount")
    require_fitting("KRW", amount=amount, tax_free=tax_free, vat_amount=vat)
    require_parts_within(amount, tax_free, vat)
    if not re.fullmatch(r"[0-9]{3}-[0-9]{2}-[0-9]{5}", part.need_text("business_registration_number")):
        raise wrong_value("business_registration_number")
    return amount
