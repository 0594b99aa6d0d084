"""네이버페이 결제형: points, confirmed purchases and the amount of a cash receipt."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import no_such_payment
from ..errors.naver import naver_refused, not_payment_type
from ..merchant.pg_support import pgs_of
from ..state.payments import PaymentRecord
from ..wire.money import to_wire

__all__: list[str] = []

NOT_PAID = "결제가 완료되지 않은 거래입니다"


@handles(
    "naver_deposit_point",
    Evidence(
        documented="naverpay only; 404; 500 with Naver's words", assumed="points come once, for paid payments only"
    ),
)
def deposit_point(call: Call) -> Answer:
    payment = _find(call)
    notes = call.state.notes_of(payment)
    if not payment.is_paid:
        raise naver_refused("포인트 적립", NOT_PAID)
    if notes.points_deposited:
        raise naver_refused("포인트 적립", "이미 적립된 거래입니다")
    call.state.pg_notes[payment.imp_uid] = replace(notes, points_deposited=True)
    return Answer(None)


@handles(
    "naver_confirm",
    Evidence(documented="naverpay only, escrow payments; 404; 500 with Naver's words", assumed="once only"),
)
def confirm(call: Call) -> Answer:
    payment = _find(call)
    notes = call.state.notes_of(payment)
    if not payment.is_paid:
        raise naver_refused("구매확정", NOT_PAID)
    if not payment.escrow:
        raise naver_refused("구매확정", "에스크로 거래가 아닙니다")
    if notes.purchase_confirmed:
        raise naver_refused("구매확정", "이미 구매확정된 거래입니다")
    call.state.pg_notes[payment.imp_uid] = replace(notes, purchase_confirmed=True)
    return Answer(None)


@handles(
    "naver_get_cash_amount",
    Evidence(
        documented="400 for any other payment",
        assumed="nothing for what was paid by card; VAT of one eleventh unless the payment named it",
    ),
)
def cash_amount(call: Call) -> Answer:
    payment = _find(call)
    total = payment.remaining if payment.paid_at and payment.pay_method != "card" else Decimal(0)
    by_points = total if payment.pay_method == "point" else Decimal(0)
    vat = _vat(payment, total)
    amounts = {
        "amount_by_npoint": by_points,
        "amount_by_primary": total - by_points,
        "amount_supply": total - vat,
        "amount_total": total,
        "amount_vat": vat,
    }
    return Answer({name: to_wire(amount) for name, amount in amounts.items()})


def _find(call: Call) -> PaymentRecord:
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    if payment.pg_provider not in pgs_of(call.operation.id):
        raise not_payment_type()
    return payment


def _vat(payment: PaymentRecord, total: Decimal) -> Decimal:
    if payment.vat_amount is not None and total == payment.amount:
        return payment.vat_amount
    taxable = max(Decimal(0), total - payment.tax_free)
    return (taxable / 11).quantize(Decimal(1), ROUND_HALF_UP)
