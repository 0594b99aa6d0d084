"""카드 확인: a small charge that is refunded immediately."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ..dispatch.arguments import Arguments
from ..dispatch.handlers import Call
from ..errors.base import Refusal
from ..errors.schedules import checking_failed
from ..state.cards import Card
from ..state.channels import Channel
from ..state.payments import PendingRefund
from ..wire.money import require_fitting
from .charges import authorise
from .posting import post_payment
from .refunds import pay_back

__all__ = ["check_card"]


def check_card(call: Call, card: Card, channel: Channel, amount: Decimal) -> None:
    """Charge `amount` won and refund it, without a webhook. Raises Refusal if the PG declines."""
    require_fitting("KRW", checking_amount=amount)
    order = {"merchant_uid": f"checking_{call.now}_{call.state.next_serial()}", "amount": amount}
    checking = replace(call, arguments=Arguments(order))
    try:
        payment = authorise(checking, card, channel, call.arguments.text("customer_uid"), None)
    except Refusal as refusal:
        raise checking_failed(refusal.message) from None
    if payment.status == "failed":
        raise checking_failed(payment.fail_reason or "")
    post_payment(call.state, payment, call.now, quietly=True)
    refund = PendingRefund(
        imp_uid=payment.imp_uid,
        amount=amount,
        reason="카드 확인",
        tax_free=Decimal(0),
        vat_amount=None,
        asked_at=call.now,
    )
    pay_back(call.state, call.settings, payment, refund, call.now)
