"""결제창 in a browser: the buyer's choice completes an open window."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, cast

from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.accounts import deadline_has_passed
from ..errors.base import already_paid, wrong_value
from ..errors.checkout import window_is_closed
from ..state.cards import TEST_CARDS, read_card
from ..state.channels import Channel
from ..state.pay_methods import PAY_METHODS, WALLETS
from ..state.payments import PaymentRecord
from ..state.state import State
from .approval import answered_as, decide
from .posting import finalize

__all__ = ["FINISH", "finish_window", "require_open"]

FINISH: Final = control_operation(
    "finish_window",
    "/_sandbox/windows",
    "Approve or decline in a window that is open",
    parameter("imp_uid", required=True),
    parameter("status", "choice", required=True, values=("paid", "failed")),
    parameter("pay_method", required=True),
    parameter("card_number", sensitive=True),
    parameter("card_quota", "integer"),
    parameter("card_code"),
    parameter("vbank_due", "time"),
    parameter("fail_reason"),
)


def require_open(state: State, tier: str | None, imp_uid: str) -> PaymentRecord:
    """Return the payment of the window. Raises Refusal if it cannot be approved any more."""
    payment = state.find_payment(tier, imp_uid)
    if payment is None or payment.status != "ready" or payment.vbank_issued_at:
        raise window_is_closed()
    if any(attempt.paid_at for attempt in state.attempts(tier, payment.merchant_uid)):
        raise already_paid()
    return payment


def finish_window(call: Call, channel: Channel) -> PaymentRecord:
    """Apply the result of an open window. A payment with an issued virtual account stays `ready`.

    Raises Refusal if the window is closed, or the order was paid in another window meanwhile.
    """
    arguments = call.arguments
    payment = require_open(call.state, call.tier, arguments.need_text("imp_uid"))
    pay_method = arguments.need_text("pay_method")
    if pay_method not in (*PAY_METHODS, payment.pay_method):
        raise wrong_value("pay_method")
    number = arguments.text("card_number") or TEST_CARDS["ordinary"].number
    answered_as(payment, pay_method)
    card = replace(read_card(number), company=arguments.text("card_code")) if payment.pay_method == "card" else None
    if payment.pay_method in WALLETS and pay_method != payment.pg_provider:
        payment.emb_pg_provider = pay_method
    payment.status = cast("Literal['paid', 'failed']", arguments.need_text("status"))
    if payment.status == "paid" and payment.pay_method == "vbank":
        payment.status = "ready"
    due = arguments.integer("vbank_due")
    if payment.status == "ready" and due is not None and due <= call.now:
        payment.status, payment.fail_reason = "failed", deadline_has_passed("vbank_due").message
    decide(call, payment, channel, card)
    if card is not None:
        payment.card_quota = arguments.integer("card_quota") or 0
    if payment.vbank_date and due is not None:
        payment.vbank_date = due
    return finalize(call.state, payment, call.now)
