"""빌링키: stored cards under the merchant's `customer_uid`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import (
    card_not_issued,
    no_such_billing_key,
    no_such_billing_keys,
    not_imitated,
    number_not_issued,
    too_many,
)
from ..merchant.channels import channel_for
from ..state.billing_keys import BillingKeyRecord, billing_key_to_wire
from ..state.cards import Card, has_expired, read_card, require_cvc
from ..state.channels import Channel
from ..state.payments import payment_to_wire
from .search import one_page, sort_payments

__all__ = ["CUSTOMER_FIELDS", "card_to_issue", "keep_key"]

CUSTOMER_FIELDS: Final = (
    "customer_name",
    "customer_tel",
    "customer_email",
    "customer_addr",
    "customer_postcode",
)
MOST_AT_ONCE: Final = 100


@handles(
    "billing_keys_issue",
    Evidence(
        documented="replaces without a word; separators do not matter; an unknown `pg` means the default channel",
        observed="words of a refused card and of a missing channel",
        assumed="expiry is checked, birth and password are not; no smart-routing groups",
    ),
)
def issue(call: Call) -> Answer:
    arguments = call.arguments
    if arguments.text("channel_group_id"):
        raise not_imitated("smart-routing groups")
    channel = channel_for(
        call,
        "api_payment",
        channel_key=arguments.text("channel_key"),
        pg=arguments.text("pg"),
    )
    card = card_to_issue(call)
    customer = {name: arguments.text(name) for name in CUSTOMER_FIELDS}
    key = keep_key(
        call,
        arguments.need_text("customer_uid"),
        card,
        channel,
        customer,
        customer_id=arguments.text("customer_id"),
    )
    return Answer(billing_key_to_wire(key))


def card_to_issue(call: Call) -> Card:
    """Read the card of the call. Raises Refusal if no PG would issue a billing key for it."""
    require_cvc(call.arguments.text("cvc"))
    expired = has_expired(call.arguments.need_text("expiry"), call.now)
    card = read_card(call.arguments.need_text("card_number"), number_not_issued)
    if expired:
        raise card_not_issued("[SB04] 유효기간 만료카드")
    if card.test_card.behaviour == "not_issued":
        raise card_not_issued(card.test_card.reason or "")
    return card


def keep_key(
    call: Call,
    customer_uid: str,
    card: Card,
    channel: Channel,
    customer: Mapping[str, str | None],
    *,
    customer_id: str | None = None,
    pay_method: str = "card",
) -> BillingKeyRecord:
    """Store the card. It replaces an older one of the same `customer_uid`."""
    key = BillingKeyRecord(
        customer_uid=customer_uid,
        card=card,
        channel_key=channel.channel_key,
        pg_provider=channel.pg_provider,
        pg_id=channel.pg_id,
        sandbox=channel.sandbox,
        inserted=call.now,
        updated=call.now,
        customer_id=customer_id,
        tier=call.tier,
        autopay=False,
        pay_method=pay_method,
        **customer,
    )
    call.state.billing_keys[call.tier, customer_uid] = key
    return key


def _find(call: Call, missing_status: int) -> BillingKeyRecord:
    customer_uid = call.arguments.need_text("customer_uid")
    key = call.state.billing_keys.get((call.tier, customer_uid))
    if key is None:
        raise no_such_billing_key(customer_uid, missing_status)
    return key


@handles(
    "billing_keys_get",
    Evidence(
        documented="404",
        observed="HTTP 200 and code 1: a switch, `unknown_billing_key_status`; the words",
        assumed="the deleted are unknown",
    ),
)
def get(call: Call) -> Answer:
    return Answer(billing_key_to_wire(_find(call, call.settings.unknown_billing_key_status)))


@handles(
    "billing_keys_get_many", Evidence(documented="200, 207 or 404; foreign uids are left out", assumed="100 at most")
)
def get_many(call: Call) -> Answer:
    sent = call.arguments.texts("customer_uid[]")
    if len(sent) > MOST_AT_ONCE:
        raise too_many("customer_uid[]", MOST_AT_ONCE)
    asked = list(dict.fromkeys(sent))
    keys = call.state.billing_keys
    found = [keys[call.tier, name] for name in asked if (call.tier, name) in keys]
    if not found:
        raise no_such_billing_keys()
    return Answer([billing_key_to_wire(key) for key in found], 200 if len(found) == len(asked) else 207)


@handles(
    "billing_keys_delete",
    Evidence(
        documented="irreversible; 404",
        observed="HTTP 200 and code 1: a switch, `unknown_billing_key_status`; the words",
        assumed="the answer shows what was deleted; schedules stay and fail",
    ),
)
def delete(call: Call) -> Answer:
    key = _find(call, call.settings.unknown_billing_key_status)
    del call.state.billing_keys[call.tier, key.customer_uid]
    return Answer(billing_key_to_wire(key))


@handles(
    "billing_keys_list_payments",
    Evidence(
        documented="pages of 20; 404",
        observed="an empty list for an unknown key (the vendor's Go suite): the switch `unknown_billing_key_status`",
        assumed="newest first; those of a deleted key stay",
    ),
)
def list_payments(call: Call) -> Answer:
    if call.settings.unknown_billing_key_status == 404:
        _find(call, 404)
    customer_uid = call.arguments.need_text("customer_uid")
    charged = call.state.payments.of_customer(call.tier, customer_uid)
    if not charged and (call.tier, customer_uid) not in call.state.billing_keys:
        return Answer({"list": [], "next": 0, "previous": 0, "total": 0})  # for any page: the suite requests page 0
    return Answer(one_page(call, sort_payments(charged), payment_to_wire, beyond_is_refused=False))
