"""결제취소: full and partial refunds."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from portone_v1_generated.enums.payments import Requester

from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.accounts import refund_under_way
from ..errors.base import (
    already_cancelled,
    cancel_too_much,
    checksum_differs,
    missing_either,
    not_paid_yet,
    nothing_deposited,
    nothing_to_cancel,
    refund_account_missing,
    wrong_value,
)
from ..merchant.refund_rules import advise_on_refund
from ..state.payments import CancelRecord, PaymentRecord, PendingRefund, payment_to_wire
from ..wire.money import require_fitting
from .charges import require_parts_within
from .refunds import is_deferred_refund, pay_back, refund_in_progress

__all__ = ["CONSOLE", "cancel_in_console"]

REFUND_ACCOUNT: Final = ("refund_holder", "refund_bank", "refund_account")
BY_API: Final = "취소요청api"
"""The reason that V1 stores if none was given: observed in four projects."""
REQUESTERS: Final = tuple(requester.value for requester in Requester)
IN_CONSOLE: Final = "관리자페이지취소"
"""The same for a refund in the merchant's console: observed twice."""

CONSOLE: Final = control_operation(
    "cancel",
    "/_sandbox/cancels",
    "Refund a payment in the merchant's console",
    parameter("imp_uid", required=True),
    parameter("amount", "money"),
    parameter("reason"),
)


@handles(
    "payments_cancel",
    Evidence(
        documented="imp_uid wins; no amount or 0 is all; checksum; refund account; who refunds later",
        observed="the words and stored reasons; `cancelled` after a partial refund, a switch: `partial_cancel_status`",
        assumed="parts above the amount; rules of single PGs are advice in the journal, their deadlines are not kept; "
        "`enable_webhook` also for payments that had no webhook address",
    ),
)
def cancel(call: Call) -> Answer:
    _check_requester(call)
    payment = _find(call)
    refund = _asked(call, payment, BY_API)
    _require_refund_account(call, payment)
    advise_on_refund(call, payment, refund.amount)
    entry = _pay(call, payment, refund)
    if entry is not None and call.arguments.boolean("enable_webhook"):
        # Documented: to the address in the merchant's settings.
        call.state.notify(payment, "cancelled", entry.cancellation_id, by_settings=True)
    return Answer(payment_to_wire(payment))


def _check_requester(call: Call) -> None:
    """Refuse a requester that is no text. A text that the vendor does not list is advice, as in top-level arguments."""
    requester = call.arguments.mapping("extra").get("requester")
    if requester is None or requester in REQUESTERS:
        return
    if not isinstance(requester, str):
        raise wrong_value("extra.requester")
    call.advice.append(f"extra.requester is none of {', '.join(REQUESTERS)}")


def cancel_in_console(call: Call) -> PaymentRecord:
    """Refund in the merchant's console. Unlike a refund by the API, this sends a webhook. Raises Refusal."""
    payment = _find(call)
    entry = _pay(call, payment, _asked(call, payment, IN_CONSOLE))
    if entry is not None:
        call.state.notify(payment, "cancelled", entry.cancellation_id)
    return payment


def _asked(call: Call, payment: PaymentRecord, stored: str) -> PendingRefund:
    arguments = call.arguments
    _require_refundable(payment)
    checksum = arguments.money("checksum")
    seen = payment.remaining if call.arrived is None else call.arrived.remaining
    if checksum is not None and checksum != seen:
        raise checksum_differs()
    pending = refund_in_progress(call.state, payment)
    left = payment.remaining - pending
    amount = arguments.money("amount") or left  # V1 reads 0 as the whole refundable balance.
    tax_free, vat = arguments.money("tax_free"), arguments.money("vat_amount")
    require_fitting(payment.currency, amount=amount, tax_free=tax_free, vat_amount=vat)
    if amount > payment.remaining:
        raise cancel_too_much()
    if left == 0 or amount > left:
        raise refund_under_way()
    require_parts_within(amount, tax_free, vat)
    return PendingRefund(
        imp_uid=payment.imp_uid,
        amount=amount,
        reason=(arguments.text("reason") if call.settings.assumptions.keeps_refund_reason else None) or stored,
        tax_free=tax_free or Decimal(0),
        vat_amount=vat,
        asked_at=call.now,
    )


def _pay(call: Call, payment: PaymentRecord, refund: PendingRefund) -> CancelRecord | None:
    """Pay the refund out and return its entry; return None if it is only accepted for now."""
    if is_deferred_refund(call.state, payment):
        call.state.pending_refunds.append(refund)
        return None
    return pay_back(call.state, call.settings, payment, refund, call.now)


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
    absent = [name for name in REFUND_ACCOUNT if not call.arguments.text(name)]
    if absent:
        raise refund_account_missing(absent)
