"""Entries of a schedule: each is checked like a charge, then stored until it is due."""

from __future__ import annotations

from typing import Any, Final

from portone_v1_generated.operations import OperationInfo

from ..dispatch.arguments import check_arguments
from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.base import missing, wrong_value
from ..errors.schedules import already_scheduled, time_has_passed
from ..payments.charges import require_chargeable, require_new_order
from ..state.billing_keys import BillingKeyRecord
from ..state.channels import Channel
from ..state.schedules import ScheduleRecord
from ..state.timeline import schedule_charge
from ..wire.json_types import is_list, is_object

__all__ = ["keep_entry", "read_entries", "require_future"]

ENTRY: Final[OperationInfo] = control_operation(
    "schedule_entry",
    "/subscribe/payments/schedule",
    "One entry of `schedules`",
    parameter("merchant_uid", required=True, max_length=40),
    parameter("schedule_at", "time", required=True, minimum=1, maximum=9_999_999_999),
    parameter("amount", "money", required=True),
    parameter("currency", whole_units=("KRW", "JPY")),
    parameter("name", max_length=40),
    parameter("buyer_name", max_length=16),
    parameter("buyer_email", max_length=64),
    parameter("buyer_tel", max_length=16),
    parameter("buyer_addr", max_length=128),
    parameter("buyer_postcode", max_length=8),
    parameter("custom_data"),
    parameter("notice_url", "texts"),
    parameter("tax_free", "money"),
    parameter("vat_amount", "money"),
    parameter("card_quota", "integer"),
    parameter("promotion_id"),
)


def read_entries(call: Call) -> list[Call]:
    """Return a call for every entry, checked like a charge. Raises Refusal before anything is stored."""
    sent: Any = call.arguments.nested("schedules")
    if not is_list(sent) or not all(is_object(item) for item in sent):
        raise wrong_value("schedules")
    if not sent:
        raise missing(["schedules"])
    entries = [
        Call(ENTRY, check_arguments(ENTRY, {"body": item}), call.state, call.settings, call.now, call.tier)
        for item in sent
    ]
    seen: set[str] = set()
    for entry in entries:
        merchant_uid = entry.arguments.need_text("merchant_uid")
        require_future(entry)
        require_chargeable(entry)
        require_new_order(entry)
        known = (call.tier, merchant_uid) in call.state.schedules and not call.settings.assumptions.schedules_again
        if merchant_uid in seen or known:
            raise already_scheduled(merchant_uid)
        seen.add(merchant_uid)
    return entries


def keep_entry(call: Call, entry: Call, key: BillingKeyRecord, channel: Channel) -> ScheduleRecord:
    arguments = entry.arguments
    record = ScheduleRecord(
        merchant_uid=arguments.need_text("merchant_uid"),
        customer_uid=key.customer_uid,
        amount=arguments.need_money("amount"),
        currency=arguments.text("currency") or "KRW",
        schedule_at=arguments.need_integer("schedule_at"),
        pg_provider=channel.pg_provider,
        pg_id=channel.pg_id,
        serial=call.state.next_serial(),
        customer_id=key.customer_id,
        name=arguments.text("name"),
        custom_data=arguments.text("custom_data"),
        promotion_id=arguments.text("promotion_id"),
        tier=call.tier,
        channel_key=call.arguments.text("channel_key") or None,
        tax_free=arguments.money("tax_free"),
        vat_amount=arguments.money("vat_amount"),
        card_quota=arguments.integer("card_quota"),
        notice_urls=tuple(arguments.texts("notice_url")),
        buyer_name=arguments.text("buyer_name") or key.customer_name,
        buyer_email=arguments.text("buyer_email") or key.customer_email,
        buyer_tel=arguments.text("buyer_tel") or key.customer_tel,
        buyer_addr=arguments.text("buyer_addr") or key.customer_addr,
        buyer_postcode=arguments.text("buyer_postcode") or key.customer_postcode,
    )
    call.state.schedules[record.key] = record
    schedule_charge(call.state, record)
    return record


def require_future(call: Call) -> None:
    """Refuse a planned time in the past."""
    if call.arguments.need_integer("schedule_at") <= call.now:
        raise time_has_passed()
