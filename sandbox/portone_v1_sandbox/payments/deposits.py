"""Payments outside of any window: transfers to virtual accounts, and cash at a convenience store."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.accounts import already_collected, amount_differs, not_collectable, not_waiting_for_deposit
from ..errors.base import already_paid, no_such_payment, wrong_value
from ..merchant.window_rules import profiled
from ..state.payments import PaymentRecord
from ..wire.money import require_fitting, to_wire
from .convenience_store import PAY_METHOD
from .posting import approve

__all__ = ["DEPOSIT", "PAY_AT_STORE", "deposit", "pay_at_store", "require_collectable"]

DEPOSIT: Final = control_operation(
    "deposit",
    "/_sandbox/deposits",
    "Transfer money to a virtual account",
    parameter("imp_uid", required=True),
    parameter("amount", "money"),
    parameter("depositor_name", sensitive=True),
)
PAY_AT_STORE: Final = control_operation(
    "pay_at_store",
    "/_sandbox/store-payments",
    "Pay a number at the counter",
    parameter("imp_uid", required=True),
    parameter("pay_type", "choice", values=("card", "cash")),
)


def deposit(call: Call) -> PaymentRecord:
    """Transfer money. Raises Refusal if the bank returns it: wrong amount, too late, or the account is closed."""
    payment = _find(call)
    again = payment.unlimited and payment.is_paid and call.now <= payment.vbank_date
    if not payment.vbank_issued_at or not (payment.status == "ready" or again):
        raise not_waiting_for_deposit()
    amount = call.arguments.money("amount")
    amount = payment.amount if amount is None else amount
    require_fitting(payment.currency, amount=amount)
    if amount == 0:
        raise wrong_value("amount")
    if not payment.unlimited and amount != payment.amount:
        raise amount_differs()
    _require_first(call, payment)
    name = call.arguments.text("depositor_name") or payment.buyer_name
    shown_as = profiled(payment.pg_provider, "vbank.depositor")
    if shown_as is not None:
        payment.extension[shown_as] = name
    if payment.unlimited:
        _add(call, payment, amount, name)
    else:
        approve(call.state, payment, call.now)
    return payment


def pay_at_store(call: Call) -> PaymentRecord:
    """Collect the payment without asking the merchant. Raises Refusal if the store does not accept the number."""
    payment = require_collectable(call)
    approve(call.state, payment, call.now)
    return payment


def require_collectable(call: Call) -> PaymentRecord:
    """Return the payment of the number. Raises Refusal if the store does not accept the number."""
    payment = _find(call)
    if payment.pay_method == PAY_METHOD and payment.paid_at:
        raise already_collected()
    if payment.pay_method != PAY_METHOD or payment.status != "ready":
        raise not_collectable()
    _require_first(call, payment)
    return payment


def _find(call: Call) -> PaymentRecord:
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    return payment


def _require_first(call: Call, payment: PaymentRecord) -> None:
    """Refuse a deposit if the order is paid: several accounts may wait for one order, but it is paid once."""
    others = (p for p in call.state.attempts(call.tier, payment.merchant_uid) if p is not payment)
    if any(other.paid_at for other in others):
        raise already_paid()


def _add(call: Call, payment: PaymentRecord, amount: Decimal, name: str | None) -> None:
    """Add a deposit. The payment's amount becomes the sum of its deposits."""
    number = len(payment.deposit_history) + 1
    entry = {
        "amount": to_wire(amount),
        "deposited_at": call.now,
        "depositor_name": name,
        "pg_tid": f"{payment.pg_tid}D{number}",
    }
    payment.deposit_history.append(entry)
    if number == 1:
        payment.amount = amount
        approve(call.state, payment, call.now)
        return
    payment.amount += amount
    payment.updated_at = call.now
    call.state.record("charge", payment, amount)
    call.state.notify(payment, "paid")
