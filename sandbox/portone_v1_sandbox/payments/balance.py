"""결제 상세내역: how a PAYCO payment's amount is made up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import balance_not_offered, no_such_payment
from ..merchant.pg_support import pgs_of
from ..state.payments import PaymentRecord
from ..wire.money import to_wire

__all__: list[str] = []


@handles(
    "payments_balance",
    Evidence(
        documented="405 for other PGs; refunds count off",
        observed="PAYCO and KCP, paid or cancelled; the words",
        assumed="all of it in the primary means of payment; VAT of one eleventh",
    ),
)
def balance(call: Call) -> Answer:
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    if payment.pg_provider not in pgs_of(call.operation.id) or payment.status not in {"paid", "cancelled"}:
        raise balance_not_offered()
    histories = _histories(payment)
    now = histories[-1] if histories else _buckets(Decimal(0), Decimal(0), None)
    parts = {name: value for name, value in now.items() if name != "created"}
    return Answer({"amount": to_wire(payment.amount), "histories": histories, **parts})


def _histories(payment: PaymentRecord) -> list[dict[str, Any]]:
    if not payment.paid_at:
        return []
    left, tax_free, vat = payment.amount, payment.tax_free, payment.vat_amount
    histories = [_buckets(left, tax_free, vat) | {"created": payment.paid_at}]
    for cancel in payment.cancel_history:
        left -= cancel.amount
        tax_free = min(left, max(Decimal(0), tax_free - cancel.tax_free))
        if vat is not None:
            vat = min(left - tax_free, max(Decimal(0), vat - (cancel.vat_amount or 0)))
        histories.append(_buckets(left, tax_free, vat) | {"created": cancel.cancelled_at})
    return histories


def _buckets(amount: Decimal, tax_free: Decimal, vat: Decimal | None) -> dict[str, Any]:
    """Put the whole amount under the primary payment method: the sandbox's PAYCO has no points and no discounts."""
    taxable = amount - tax_free
    if vat is None:
        vat = (taxable / 11).quantize(Decimal(1), ROUND_HALF_UP)
    none = _bucket(Decimal(0), Decimal(0), Decimal(0))
    primary = _bucket(tax_free, taxable - vat, vat)
    return {"cash_receipt": none, "discount": none, "primary": primary, "secondary": none}


def _bucket(tax_free: Decimal, supply: Decimal, vat: Decimal) -> dict[str, Any]:
    return {"service": 0, "supply": to_wire(supply), "tax_free": to_wire(tax_free), "vat": to_wire(vat)}
