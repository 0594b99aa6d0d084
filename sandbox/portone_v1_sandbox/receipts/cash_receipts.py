"""현금영수증: cash receipts of payments, and of sales that were not paid through PortOne."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, cast

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import no_such_payment, wrong_value
from ..errors.receipts import (
    identifier_refused,
    no_receipt_by_card,
    no_receipt_external,
    no_receipt_of,
    no_receipt_to_revoke,
    not_paid_for_receipt,
    receipt_already_issued,
    receipt_already_issued_external,
    receipt_already_revoked,
    receipts_not_offered,
)
from ..merchant.pg_rules import check_rules_of
from ..merchant.pg_support import choose_listed_channel, pgs_of
from ..payments.charges import require_parts_within
from ..state.payments import PaymentRecord
from ..state.receipts import ReceiptRecord, receipt_to_wire
from ..wire.money import require_fitting

__all__: list[str] = []

UNKNOWN_IDENTIFIER: Final = "0000000000"
"""Placeholder for a number that the tax office does not know."""


@handles(
    "receipts_issue",
    Evidence(
        documented="paid only, once; amount of the payment; 400, 404, 500, 501",
        assumed="not for cards; VAT of one eleventh; words",
    ),
)
def issue(call: Call) -> Answer:
    payment = _payment(call)
    _require_offered(call, payment.pg_provider)
    if not payment.is_paid:
        raise not_paid_for_receipt()
    receipt = call.state.receipts.get(payment.imp_uid)
    if receipt is not None and not receipt.cancelled_at:
        raise receipt_already_issued()
    if payment.pay_method == "card":
        raise no_receipt_by_card()
    check_rules_of(payment.pg_provider, call)
    receipt = _issued(call, payment.remaining, payment.currency, payment.pg_provider)
    call.state.receipts[payment.imp_uid] = receipt
    payment.cash_receipt_issued, payment.updated_at = True, call.now
    return Answer(receipt_to_wire(receipt, imp_uid=payment.imp_uid))


@handles("receipts_get", Evidence(documented="404, with its words for nice_v2"))
def get(call: Call) -> Answer:
    payment = _payment(call)
    receipt = call.state.receipts.get(payment.imp_uid)
    if receipt is None:
        raise no_receipt_of(payment.imp_uid)
    return Answer(receipt_to_wire(receipt, imp_uid=payment.imp_uid))


@handles("receipts_revoke", Evidence(documented="`cancelled_at`; 400, 404, 501", assumed="words"))
def revoke(call: Call) -> Answer:
    payment = _payment(call)
    _require_offered(call, payment.pg_provider)
    receipt = call.state.receipts.get(payment.imp_uid)
    if receipt is None:
        raise no_receipt_to_revoke()
    _revoke(call, receipt)
    payment.cash_receipt_issued, payment.updated_at = False, call.now
    return Answer(receipt_to_wire(receipt, imp_uid=payment.imp_uid))


@handles(
    "receipts_issue_external",
    Evidence(documented="for payments made elsewhere; once; 400, 501", assumed="VAT of one eleventh; words"),
)
def issue_external(call: Call) -> Answer:
    merchant_uid = call.arguments.need_text("merchant_uid")
    channel = choose_listed_channel(call)
    _require_offered(call, channel.pg_provider)
    receipt = call.state.external_receipts.get((call.tier, merchant_uid))
    if receipt is not None and not receipt.cancelled_at:
        raise receipt_already_issued_external()
    amount = call.arguments.need_money("amount")
    if amount == 0:
        raise wrong_value("amount")
    receipt = _issued(call, amount, "KRW", channel.pg_provider)
    call.state.external_receipts[call.tier, merchant_uid] = receipt
    return Answer(receipt_to_wire(receipt, merchant_uid=merchant_uid))


@handles("receipts_get_external", Evidence(documented="404", assumed="words"))
def get_external(call: Call) -> Answer:
    return Answer(receipt_to_wire(_external(call), merchant_uid=call.arguments.need_text("merchant_uid")))


@handles("receipts_revoke_external", Evidence(documented="`cancelled_at`; 404, 501", assumed="words"))
def revoke_external(call: Call) -> Answer:
    receipt = _external(call)
    _require_offered(call, receipt.pg_provider)
    _revoke(call, receipt)
    return Answer(receipt_to_wire(receipt, merchant_uid=call.arguments.need_text("merchant_uid")))


def _payment(call: Call) -> PaymentRecord:
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    return payment


def _external(call: Call) -> ReceiptRecord:
    receipt = call.state.external_receipts.get((call.tier, call.arguments.need_text("merchant_uid")))
    if receipt is None:
        raise no_receipt_external()
    return receipt


def _require_offered(call: Call, pg_provider: str) -> None:
    if pg_provider not in pgs_of(call.operation.id):
        raise receipts_not_offered()


def _issued(call: Call, amount: Decimal, currency: str, pg_provider: str) -> ReceiptRecord:
    arguments = call.arguments
    tax_free = arguments.money("tax_free") or Decimal(0)
    vat = arguments.money("vat_amount")
    vat = arguments.money("vat") if vat is None else vat
    require_fitting(currency, amount=amount, tax_free=tax_free, vat_amount=vat)
    require_parts_within(amount, tax_free, vat)
    identifier = arguments.need_text("identifier").replace("-", "")
    if not (identifier.isascii() and identifier.isdigit()):
        raise wrong_value("identifier")
    if identifier == UNKNOWN_IDENTIFIER:
        raise identifier_refused()
    return ReceiptRecord(
        number=call.state.next_serial(),
        type=cast("Literal['person', 'company']", arguments.text("type") or "person"),
        amount=amount,
        vat=((amount - tax_free) / 11).quantize(Decimal(1), ROUND_HALF_UP) if vat is None else vat,
        pg_provider=pg_provider,
        applied_at=call.now,
    )


def _revoke(call: Call, receipt: ReceiptRecord) -> None:
    if receipt.cancelled_at:
        raise receipt_already_revoked()
    receipt.cancelled_at = call.now
