"""One attempt to charge a schedule, when it is due or retried."""

from __future__ import annotations

from typing import Final

from portone_v1_generated.operations import OPERATIONS

from ..dispatch.arguments import Arguments
from ..dispatch.handlers import Call
from ..errors.base import Refusal, unknown_customer
from ..merchant.channels import choose_channel
from ..payments.charges import charge, new_payment, require_new_order
from ..payments.posting import post_payment, put_card
from ..state.billing_keys import BillingKeyRecord
from ..state.channels import Channel
from ..state.conditions.settings import Settings
from ..state.payments import PaymentRecord
from ..state.schedules import ScheduleRecord
from ..state.state import State

__all__ = ["execute"]

AGAIN: Final = OPERATIONS["subscribe_again"]
ORDER: Final = (
    "customer_uid",
    "merchant_uid",
    "amount",
    "currency",
    "name",
    "buyer_name",
    "buyer_email",
    "buyer_tel",
    "buyer_addr",
    "buyer_postcode",
    "custom_data",
    "tax_free",
    "vat_amount",
    "card_quota",
)
USAGE: Final = "payment.scheduled"


def execute(state: State, settings: Settings, schedule: ScheduleRecord, at: int) -> PaymentRecord:
    """Charge the billing key as `subscribe.again` does. Any obstacle results in a failed payment."""
    order = {name: getattr(schedule, name) for name in ORDER}
    arguments = Arguments({name: value for name, value in order.items() if value is not None})
    call = Call(AGAIN, arguments, state, settings, at, schedule.tier)
    key = state.billing_keys.get((schedule.tier, schedule.customer_uid))
    channel = _channel(settings, schedule, key)
    try:
        if key is None:
            raise unknown_customer()
        require_new_order(call)
        urls, means = schedule.notice_urls, key.pay_method
        payment = charge(call, key.card, channel, schedule.customer_uid, USAGE, urls, pay_method=means)
    except Refusal as refusal:
        payment = new_payment(call, channel, schedule.customer_uid, USAGE, schedule.notice_urls)
        payment.status, payment.fail_reason = "failed", refusal.message
        if key is not None and key.pay_method != "card":
            payment.pay_method = key.pay_method
        elif key is not None:
            put_card(payment, key.card)
        post_payment(state, payment, at)
    schedule.schedule_status, schedule.executed_at, schedule.imp_uid = "executed", at, payment.imp_uid
    schedule.pg_provider, schedule.pg_id = channel.pg_provider, channel.pg_id
    if payment.status == "failed":
        state.notify(payment, "failed")  # A failed schedule is the only failure for which V1 sends a webhook.
    return payment


def _channel(settings: Settings, schedule: ScheduleRecord, key: BillingKeyRecord | None) -> Channel:
    if schedule.channel_key:
        return choose_channel(settings.channels, "api_payment", channel_key=schedule.channel_key)
    if key is not None:
        return Channel(key.channel_key, key.pg_provider, key.pg_id, "api_payment", sandbox=key.sandbox)
    # The billing key is deleted: the attempt is recorded under the PG of the schedule.
    made_for = (c for c in settings.channels if (c.pg_provider, c.pg_id) == (schedule.pg_provider, schedule.pg_id))
    unlisted = Channel("", schedule.pg_provider, schedule.pg_id, "api_payment")
    return next(made_for, unlisted)
