"""Late approvals: the PG approves a payment that V1 shows as `failed`."""

from __future__ import annotations

from typing import Final

from portone_v1 import pg_profiles

from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.base import no_such_payment
from ..errors.checkout import stays_as_it_is
from ..state.payments import PaymentRecord
from .posting import approve, pg_number

__all__ = ["LATE", "approve_late", "may_be_paid_later"]

LATE: Final = control_operation(
    "approve_late",
    "/_sandbox/payments/late",
    "Approve a payment at the PG after V1 has reported otherwise",
    parameter("imp_uid", required=True),
)


def approve_late(call: Call) -> PaymentRecord:
    """Mark the payment as paid, and send the webhook. Raises Refusal if the status is final by the PG's profile."""
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    if not may_be_paid_later(payment):
        raise stays_as_it_is(payment.pg_provider, payment.status)
    payment.fail_reason, payment.failed_at = None, 0
    payment.updated_at = call.now
    payment.pg_tid = payment.pg_tid or pg_number(payment, call.now)
    approve(call.state, payment, call.now)
    return payment


def may_be_paid_later(payment: PaymentRecord) -> bool:
    """Return whether this PG may still approve it, without a deposit and without any action of the shop."""
    if payment.status == "ready":
        return not payment.vbank_issued_at
    profile = pg_profiles.find(payment.pg_provider)
    # What the page received may be wrong as well, and the record follows later.
    misreports = payment.status == "failed" and any(
        change.of == "callback" and "paid" in change.may_become
        for change in (profile.finality if profile is not None else ())
    )
    later = pg_profiles.may_become(payment.pg_provider, payment.status, payment.pay_method)
    return misreports or (payment.status == "failed" and "paid" in later)
