"""편의점 수납: a buyer at the till, where the merchant may be asked before the money is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors.accounts import shop_does_not_collect
from ..payments.deposits import PAY_AT_STORE, pay_at_store, require_collectable
from ..state.notifications import CVS_CONFIRM, Notice
from ..state.payments import PaymentRecord, payment_on_wire
from ..webhooks.confirmations import ask, put_question

if TYPE_CHECKING:
    from ..dispatch.handlers import Call
    from ..engine.engine import Engine
    from ..state.deliveries import Delivery

__all__ = ["pay_at_till"]


def pay_at_till(engine: Engine, body: Mapping[str, Any], tier: str | None) -> dict[str, Any]:
    """Answers the payment as it then stands. Nothing may be locked. Raises Refusal where the till takes no money."""
    question = _begin(engine, body, tier)
    answered = None if question is None else ask(engine, question)
    with engine.transaction():
        call = _call(engine, body, tier)
        if answered is not None and answered.status != 200:
            reason = answered.attempts[-1].error if answered.attempts else None
            raise shop_does_not_collect(answered.status, reason)
        # Much may have happened while the merchant thought, so all of it is looked at again.
        return payment_on_wire(pay_at_store(call))


def _begin(engine: Engine, body: Mapping[str, Any], tier: str | None) -> Delivery | None:
    with engine.transaction():
        call = _call(engine, body, tier)
        payment = require_collectable(call)
        return None if payment.confirm_url is None else put_question(engine.state, _question(call, payment))


def _call(engine: Engine, body: Mapping[str, Any], tier: str | None) -> Call:
    engine.catch_up()
    return engine.call(PAY_AT_STORE, {"body": body}, tier)


def _question(call: Call, payment: PaymentRecord) -> Notice:
    pay_type = call.arguments.text("pay_type") or "cash"
    return Notice(
        imp_uid=payment.imp_uid,
        merchant_uid=payment.merchant_uid,
        status=payment.status,
        cancellation_id=None,
        notice_urls=(payment.confirm_url or "",),
        at=call.now,
        event=CVS_CONFIRM,
        extra={"barcode": payment.extension["barcode"], "payType": pay_type},
    )
