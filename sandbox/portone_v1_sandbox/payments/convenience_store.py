"""편의점 결제: payment numbers that the buyer pays at the counter of a convenience store."""

from __future__ import annotations

from typing import Final

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.accounts import already_collected, deadline_has_passed, not_collectable, number_taken
from ..errors.base import no_such_payment, wrong_value
from ..merchant.pg_support import choose_listed_channel
from ..state.payments import PaymentRecord, payment_to_wire
from ..wire.money import require_fitting
from .charges import new_payment, require_new_order
from .posting import post_payment

__all__ = ["PAY_METHOD"]

PAY_METHOD: Final = "cvs"
SEVEN_DAYS: Final = 7 * 24 * 60 * 60
"""Placeholder for the agreement between the merchant and Galaxia."""


@handles(
    "cvs_issue",
    Evidence(
        documented="galaxia only; own or given number, expiry; `confirm_url` is called",
        assumed="where the number shows; seven days; `confirm_url` has five seconds, and after a no it stays `ready`",
    ),
)
def issue(call: Call) -> Answer:
    arguments = call.arguments
    channel = choose_listed_channel(call)
    require_new_order(call)
    amount = arguments.need_money("amount")
    require_fitting("KRW", amount=amount)
    if amount == 0:
        raise wrong_value("amount")
    given = arguments.integer("expired_at")
    if given is not None and given <= call.now:
        raise deadline_has_passed("expired_at")
    number = arguments.text("barcode")
    if number and _is_taken(call, number):
        raise number_taken()
    payment = new_payment(call, channel, None, None, tuple(arguments.texts("notice_url")), pay_method=PAY_METHOD)
    payment.status = "ready"
    payment.confirm_url = arguments.text("confirm_url") or None
    payment.expires_at = call.now + SEVEN_DAYS if given is None else given
    # Payment has no field for the number; where V1 shows it is not known.
    payment.extension["barcode"] = number or f"88{payment.imp_uid.removeprefix('imps_')}"
    return Answer(payment_to_wire(post_payment(call.state, payment, call.now)))


@handles(
    "cvs_revoke",
    Evidence(documented="galaxia only", assumed="while nobody has paid, 400 and 404 else; `failed` afterwards; words"),
)
def revoke(call: Call) -> Answer:
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    _require_waiting(payment)
    payment.status = "failed"
    payment.failed_at = payment.updated_at = call.now
    payment.fail_reason = "수납번호가 말소되었습니다."
    return Answer(payment_to_wire(payment))


def _require_waiting(payment: PaymentRecord) -> None:
    if payment.pay_method == PAY_METHOD and payment.paid_at:
        raise already_collected()
    if payment.pay_method != PAY_METHOD or payment.status != "ready":
        raise not_collectable()


def _is_taken(call: Call, number: str) -> bool:
    return any(payment.pay_method == PAY_METHOD for payment in call.state.payments.waiting_for(number))
