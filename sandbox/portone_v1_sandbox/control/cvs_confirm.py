"""편의점 수납: a payment at the counter, which the merchant may have to confirm first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors.accounts import shop_does_not_collect
from ..payments.deposits import PAY_AT_STORE, pay_at_store, require_collectable
from ..state.notifications import CVS_CONFIRM, Notification
from ..state.payments import PaymentRecord, payment_to_wire
from ..webhooks.confirmations import enqueue_confirmation, request_confirmation

if TYPE_CHECKING:
    from ..dispatch.handlers import Call
    from ..engine.engine import Engine
    from ..state.deliveries import Delivery

__all__ = ["pay_with_confirmation"]


def pay_with_confirmation(engine: Engine, body: Mapping[str, Any], tier: str | None) -> dict[str, Any]:
    """Return the payment afterwards. Call it outside of a transaction. Raises Refusal if the store rejects it."""
    confirmation = _begin(engine, body, tier)
    confirmed = None if confirmation is None else request_confirmation(engine, confirmation)
    with engine.transaction():
        call = _call(engine, body, tier)
        if confirmed is not None and confirmed.status != 200:
            reason = confirmed.attempts[-1].error if confirmed.attempts else None
            raise shop_does_not_collect(confirmed.status, reason)
        # The state may have changed while the merchant confirmed, so everything is checked again.
        return payment_to_wire(pay_at_store(call))


def _begin(engine: Engine, body: Mapping[str, Any], tier: str | None) -> Delivery | None:
    with engine.transaction():
        call = _call(engine, body, tier)
        payment = require_collectable(call)
        return None if payment.confirm_url is None else enqueue_confirmation(engine.state, _confirmation(call, payment))


def _call(engine: Engine, body: Mapping[str, Any], tier: str | None) -> Call:
    engine.catch_up()
    return engine.call(PAY_AT_STORE, {"body": body}, tier)


def _confirmation(call: Call, payment: PaymentRecord) -> Notification:
    pay_type = call.arguments.text("pay_type") or "cash"
    return Notification(
        imp_uid=payment.imp_uid,
        merchant_uid=payment.merchant_uid,
        status=payment.status,
        cancellation_id=None,
        notice_urls=(payment.confirm_url or "",),
        at=call.now,
        event=CVS_CONFIRM,
        extra={"barcode": payment.extension["barcode"], "payType": pay_type},
    )
