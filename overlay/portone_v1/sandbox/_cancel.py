"""결제취소: refunds, in whole or in part."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ._charges import require_parts_within
from ._money import require_fitting
from ._records import CancelRecord, PaymentRecord, payment_on_wire
from ._refusals import (
    already_cancelled,
    cancel_too_much,
    checksum_differs,
    missing_either,
    not_paid_yet,
    nothing_deposited,
    nothing_to_cancel,
    refund_account_missing,
)
from ._registry import Answer, Call, handles

__all__: list[str] = []

REFUND_ACCOUNT: Final = ("refund_holder", "refund_bank", "refund_account")
WANTS_TELEPHONE: Final = frozenset({"smartro", "smartro_v2"})


@handles("payments_cancel")
def cancel(call: Call) -> Answer:
    arguments = call.arguments
    payment = _find(call)
    _require_refundable(payment)
    checksum = arguments.money("checksum")
    if checksum is not None and checksum != payment.remaining:
        raise checksum_differs()
    amount = arguments.money("amount") or payment.remaining  # V1 takes 0 for all that is left, too
    tax_free, vat = arguments.money("tax_free"), arguments.money("vat_amount")
    require_fitting(payment.currency, amount=amount, tax_free=tax_free, vat_amount=vat)
    if amount > payment.remaining:
        raise cancel_too_much()
    require_parts_within(amount, tax_free, vat)
    _require_refund_account(call, payment)
    _refund(call, payment, amount, tax_free or Decimal(0), vat)
    return Answer(payment_on_wire(payment))


def _find(call: Call) -> PaymentRecord:
    imp_uid = call.arguments.text("imp_uid") or None
    merchant_uid = call.arguments.text("merchant_uid") or None
    if imp_uid is not None:
        payment = call.state.find_payment(call.tier, imp_uid)
    elif merchant_uid is not None:
        attempts = call.state.attempts(call.tier, merchant_uid)
        payment = next((p for p in attempts if p.paid_at), attempts[-1] if attempts else None)
    else:
        raise missing_either(["imp_uid", "merchant_uid"])
    if payment is None:
        raise nothing_to_cancel()
    return payment


def _require_refundable(payment: PaymentRecord) -> None:
    if payment.status == "ready" and payment.pay_method == "vbank":
        raise nothing_deposited()
    if not payment.paid_at:
        raise not_paid_yet()
    if payment.remaining == 0:
        raise already_cancelled()


def _require_refund_account(call: Call, payment: PaymentRecord) -> None:
    if payment.pay_method != "vbank":
        return
    needed = [*REFUND_ACCOUNT, *(["refund_tel"] if payment.pg_provider in WANTS_TELEPHONE else [])]
    absent = [name for name in needed if not call.arguments.text(name)]
    if absent:
        raise refund_account_missing(absent)


def _refund(call: Call, payment: PaymentRecord, amount: Decimal, tax_free: Decimal, vat: Decimal | None) -> None:
    number = len(payment.cancel_history) + 1
    name = f"{payment.imp_uid.replace('_', '-')}-{number}"
    entry = CancelRecord(
        pg_tid=f"{payment.pg_tid}C{number}",
        amount=amount,
        cancelled_at=call.now,
        reason=call.arguments.text("reason"),
        cancellation_id=f"cancellation-{name}",
        receipt_url=f"https://receipts.example.com/refunds/{name}",
        tax_free=tax_free,
        vat_amount=vat,
    )
    payment.cancel_history.append(entry)
    payment.cancel_receipt_urls.append(entry.receipt_url)
    payment.cancel_amount += amount
    payment.cancelled_at = payment.updated_at = call.now
    payment.cancel_reason = entry.reason
    payment.status = "cancelled" if payment.remaining == 0 else call.settings.partial_cancel_status
    call.state.record("refund", payment, amount)
