"""결제예약: charges that PortOne makes later."""

from __future__ import annotations

from typing import Any

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import missing, missing_either
from ..errors.schedules import (
    already_approved,
    already_executed,
    already_revoked,
    no_customer_to_schedule,
    no_such_schedule,
    not_executed_yet,
    nothing_to_unschedule,
    retry_key_gone,
    retry_not_offered,
)
from ..merchant.channels import choose_channel
from ..merchant.pg_support import pgs_of
from ..payments.billing_keys import CUSTOMER_FIELDS, card_to_issue, keep_key
from ..payments.card_verification import check_card
from ..state.billing_keys import BillingKeyRecord
from ..state.cards import Card, require_cvc
from ..state.channels import Channel
from ..state.payments import payment_to_wire
from ..state.schedules import ScheduleRecord, schedule_to_wire
from ..state.timeline import schedule_charge
from .charging import execute
from .entries import keep_entry, read_entries, require_future

__all__: list[str] = []


@handles(
    "subscribe_schedule",
    Evidence(
        documented="an order number each; card data issue the key first; `checking_amount` comes back",
        observed="no key and no card; a wrong card number",
        assumed="words; an obstacle to a charge leaves a failed payment",
    ),
)
def schedule(call: Call) -> Answer:
    arguments = call.arguments
    customer_uid = arguments.need_text("customer_uid")
    require_cvc(arguments.text("cvc"))
    entries = read_entries(call)
    key = call.state.billing_keys.get((call.tier, customer_uid))
    chosen = arguments.text("channel_key")
    if key is None:
        if not arguments.text("card_number"):
            raise no_customer_to_schedule()
        if not arguments.text("expiry"):
            raise missing(["expiry"])
        card = card_to_issue(call)
        channel = choose_channel(call.settings.channels, "api_payment", channel_key=chosen)
    else:
        card, channel = key.card, _channel(call, key)
    _check(call, card, channel)
    if key is None:
        nobody: dict[str, str | None] = dict.fromkeys(CUSTOMER_FIELDS)
        customer_id = arguments.text("customer_id")
        key = keep_key(call, customer_uid, card, channel, nobody, customer_id=customer_id)
    made = [keep_entry(call, entry, key, channel) for entry in entries]
    return Answer([_shown(call, record) for record in made])


def _channel(call: Call, key: BillingKeyRecord) -> Channel:
    chosen = call.arguments.text("channel_key")
    if chosen:
        return choose_channel(call.settings.channels, "api_payment", channel_key=chosen)
    return Channel(key.channel_key, key.pg_provider, key.pg_id, "api_payment", sandbox=key.sandbox)


def _check(call: Call, card: Card, channel: Channel) -> None:
    amount = call.arguments.money("checking_amount")
    if amount:
        check_card(call, card, channel, amount)


@handles("subscribe_get_schedule", Evidence(documented="404; the fields"))
def get(call: Call) -> Answer:
    return Answer(_shown(call, _find(call)))


@handles(
    "subscribe_unschedule",
    Evidence(
        documented="by customer, by order or both; rows stay as `revoked`",
        observed="nothing found; one order number as text",
    ),
)
def unschedule(call: Call) -> Answer:
    customer_uid = call.arguments.text("customer_uid") or None
    named = set(call.arguments.texts("merchant_uid"))
    if customer_uid is None and not named:
        raise missing_either(["customer_uid", "merchant_uid"])
    schedules = call.state.schedules
    if customer_uid is None:
        asked = sorted((s for n in named if (s := schedules.get((call.tier, n)))), key=lambda record: record.serial)
    else:
        asked = sorted(schedules.found((call.tier, "customer", customer_uid)), key=lambda record: record.serial)
    revoked = [
        record
        for record in asked
        if record.schedule_status == "scheduled" and (not named or record.merchant_uid in named)
    ]
    if not revoked:
        raise nothing_to_unschedule()
    for record in revoked:
        record.schedule_status, record.revoked_at = "revoked", call.now
    return Answer([_shown(call, record) for record in revoked])


@handles(
    "subscribe_update_schedule",
    Evidence(documented="400 once executed or revoked, or for the past; 404", assumed="words"),
)
def update(call: Call) -> Answer:
    record = _find(call)
    if record.schedule_status == "executed":
        raise already_executed()
    if record.schedule_status == "revoked":
        raise already_revoked()
    require_future(call)
    record.schedule_at = call.arguments.need_integer("schedule_at")
    schedule_charge(call.state, record)
    return Answer(_shown(call, record))


@handles(
    "subscribe_reschedule",
    Evidence(documented="only what failed or was revoked, 400 else; 404", assumed="words; the order number stays"),
)
def reschedule(call: Call) -> Answer:
    record = _find(call)
    _require_open_again(call, record)
    require_future(call)
    record.schedule_at, record.schedule_status = call.arguments.need_integer("schedule_at"), "scheduled"
    record.executed_at, record.revoked_at, record.imp_uid = 0, 0, None
    schedule_charge(call.state, record)
    return Answer(_shown(call, record))


@handles(
    "subscribe_retry",
    Evidence(documented="as `subscribe_reschedule`, at once; 404 without a key; 500 for other PGs", assumed="words"),
)
def retry(call: Call) -> Answer:
    record = _find(call)
    _require_open_again(call, record)
    key = call.state.billing_keys.get((call.tier, record.customer_uid))
    if key is None:
        raise retry_key_gone()
    if key.pg_provider not in pgs_of("subscribe_retry"):
        raise retry_not_offered()
    record.revoked_at = 0
    return Answer(payment_to_wire(execute(call.state, call.settings, record, call.now)))


def _find(call: Call) -> ScheduleRecord:
    record: ScheduleRecord | None = call.state.schedules.get((call.tier, call.arguments.need_text("merchant_uid")))
    if record is None:
        raise no_such_schedule()
    return record


def _require_open_again(call: Call, record: ScheduleRecord) -> None:
    """Refuse to retry a schedule unless it has failed or was revoked."""
    if record.schedule_status == "scheduled":
        raise not_executed_yet()
    payment = call.state.payments.get(record.imp_uid or "")
    if record.schedule_status == "executed" and payment is not None and payment.status != "failed":
        raise already_approved()


def _shown(call: Call, record: ScheduleRecord) -> dict[str, Any]:
    return schedule_to_wire(record, call.state.payments.get(record.imp_uid or ""))
