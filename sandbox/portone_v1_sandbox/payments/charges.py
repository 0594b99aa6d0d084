"""비인증 결제: charges by the server, with raw card data or with a stored billing key."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ..dispatch.arguments import require_lengths
from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import (
    already_paid,
    card_refused,
    charge_refused,
    instalments_too_small,
    not_imitated,
    number_refused,
    parts_above_amount,
    unknown_customer,
    wrong_value,
)
from ..merchant.channels import channel_for, choose_channel
from ..merchant.pg_rules import is_refused_by
from ..state.cards import Card, has_expired, read_card, require_cvc
from ..state.channels import Channel
from ..state.payments import PaymentRecord, payment_to_wire
from ..wire.money import require_fitting
from .billing_keys import CUSTOMER_FIELDS, keep_key
from .declines import take_decline
from .posting import post_payment, put_card

__all__ = ["authorise", "charge", "new_payment", "require_chargeable", "require_new_order", "require_parts_within"]

INSTALMENTS_FROM: Final = 50_000


@handles(
    "subscribe_onetime",
    Evidence(
        documented="keeps the card under `customer_uid`, but not for two PGs; a paid order is refused",
        observed="words of a refused card and of a used order; `imps_`; `user_agent` of the caller",
        assumed="words of the other refusals; no smart-routing groups",
    ),
)
def onetime(call: Call) -> Answer:
    arguments = call.arguments
    if arguments.text("channelGroupId"):
        raise not_imitated("smart-routing groups")
    channel = channel_for(call, "api_payment", pg=arguments.text("pg"))
    require_cvc(arguments.text("cvc"))
    expired = has_expired(arguments.need_text("expiry"), call.now)
    require_new_order(call)
    require_chargeable(call)
    card = read_card(arguments.need_text("card_number"), number_refused)
    if expired:
        raise card_refused("[SB04] 유효기간 만료카드")
    if card.test_card.behaviour == "not_issued":
        raise card_refused(card.test_card.reason or "")
    customer_uid = arguments.text("customer_uid") or None
    usage = "issue" if customer_uid else None
    payment = charge(call, card, channel, customer_uid, usage, _notice_urls(call))
    if customer_uid and payment.status == "paid" and not is_refused_by("customer_uid", channel.pg_provider, call):
        customer = {name: arguments.text(name.replace("customer_", "buyer_")) for name in CUSTOMER_FIELDS}
        keep_key(call, customer_uid, card, channel, customer)
    return Answer(payment_to_wire(payment))


@handles(
    "subscribe_again",
    Evidence(
        documented="a paid order is refused; instalments from 50,000 won",
        observed="words for an unknown key, which goes before a long order number, and a used order; `user_agent`",
        assumed="a decline comes as `failed`; as a code where the request does not reach the card company",
    ),
)
def again(call: Call) -> Answer:
    arguments = call.arguments
    customer_uid = arguments.need_text("customer_uid")
    key = call.state.billing_keys.get((call.tier, customer_uid))
    if key is None:
        raise unknown_customer()
    require_lengths(call.operation, arguments)
    chosen = arguments.text("channel_key")
    if chosen:
        channel = choose_channel(call.settings.channels, "api_payment", channel_key=chosen)
    else:
        channel = Channel(key.channel_key, key.pg_provider, key.pg_id, "api_payment", sandbox=key.sandbox)
    require_new_order(call)
    require_chargeable(call)
    urls = _notice_urls(call)
    charged = charge(call, key.card, channel, customer_uid, "payment", urls, pay_method=key.pay_method)
    return Answer(payment_to_wire(charged))


def _notice_urls(call: Call) -> tuple[str, ...]:
    url = call.arguments.text("notice_url")
    return (url,) if url else ()


def charge(
    call: Call,
    card: Card,
    channel: Channel,
    customer_uid: str | None,
    usage: str | None,
    notice_urls: tuple[str, ...] = (),
    *,
    pay_method: str = "card",
) -> PaymentRecord:
    """Charge the card. Raises Refusal if the PG declines with a `code`; then no payment is stored."""
    decided = authorise(call, card, channel, customer_uid, usage, notice_urls, pay_method=pay_method)
    return post_payment(call.state, decided, call.now)


def authorise(
    call: Call,
    card: Card,
    channel: Channel,
    customer_uid: str | None,
    usage: str | None,
    notice_urls: tuple[str, ...] = (),
    *,
    pay_method: str = "card",
) -> PaymentRecord:
    """Return the PG's result, an approved or a failed payment that is not stored yet. Raises Refusal."""
    behaviour = card.test_card.behaviour
    if behaviour == "charge_refused":
        raise charge_refused(card.test_card.reason or "")
    declined = take_decline(call.state, card, channel, customer_uid)
    if declined is not None and declined.outcome == "refused":
        raise charge_refused(declined.message)
    payment = new_payment(call, channel, customer_uid, usage, notice_urls, pay_method=pay_method)
    if declined is not None:
        payment.status, payment.fail_reason = "failed", declined.message
    elif behaviour == "charge_failed":
        payment.status, payment.fail_reason = "failed", card.test_card.reason
    if pay_method == "card":
        put_card(payment, card)
    return payment


def new_payment(
    call: Call,
    channel: Channel,
    customer_uid: str | None,
    usage: str | None,
    notice_urls: tuple[str, ...] = (),
    *,
    pay_method: str = "card",
) -> PaymentRecord:
    """Return a new payment of the API, approved unless its status is changed before it is posted."""
    arguments = call.arguments
    return PaymentRecord(
        imp_uid=call.state.new_imp_uid("imps", call.now),
        merchant_uid=arguments.need_text("merchant_uid"),
        pay_method=pay_method,
        channel="api",
        pg_provider=channel.pg_provider,
        pg_id=channel.pg_id,
        sandbox=channel.sandbox,
        amount=arguments.need_money("amount"),
        currency=arguments.text("currency") or "KRW",
        status="paid",
        started_at=call.now,
        card_quota=arguments.integer("card_quota") or 0,
        name=arguments.text("name"),
        buyer_name=arguments.text("buyer_name"),
        buyer_email=arguments.text("buyer_email"),
        buyer_tel=arguments.text("buyer_tel"),
        buyer_addr=arguments.text("buyer_addr"),
        buyer_postcode=arguments.text("buyer_postcode"),
        custom_data=arguments.text("custom_data") if call.settings.assumptions.echoes_custom_data else None,
        customer_uid=customer_uid,
        customer_uid_usage=usage,
        user_agent=call.user_agent,
        tier=call.tier,
        tax_free=arguments.money("tax_free") or Decimal(0),
        vat_amount=_vat(call),
        notice_urls=notice_urls,
    )


def require_new_order(call: Call, merchant_uid: str | None = None) -> None:
    """Refuse an order number (default: of the call) that was ever paid, whether or not it was refunded."""
    assumed = call.settings.assumptions
    attempts = call.state.attempts(call.tier, merchant_uid or call.arguments.need_text("merchant_uid"))
    if call.arrived is not None:
        attempts = [attempt for attempt in attempts if attempt.imp_uid in call.arrived.paid]
    if assumed.charges_refunded_order:
        attempts = [attempt for attempt in attempts if not attempt.paid_at or attempt.remaining]
    if any(attempt.paid_at or not assumed.charges_declined_order for attempt in attempts):
        raise already_paid()


def require_chargeable(call: Call) -> None:
    arguments = call.arguments
    amount = arguments.need_money("amount")
    currency = arguments.text("currency") or "KRW"
    tax_free, vat = arguments.money("tax_free"), _vat(call)
    require_fitting(currency, amount=amount, tax_free=tax_free, vat_amount=vat)
    if amount == 0:
        raise wrong_value("amount")
    require_parts_within(amount, tax_free, vat)
    quota = arguments.integer("card_quota") or 0
    if quota < 0:
        raise wrong_value("card_quota")
    if quota >= 2 and currency == "KRW" and amount < INSTALMENTS_FROM:
        raise instalments_too_small()


def require_parts_within(amount: Decimal, tax_free: Decimal | None, vat: Decimal | None) -> None:
    if (tax_free or 0) + (vat or 0) > amount:
        raise parts_above_amount()


def _vat(call: Call) -> Decimal | None:
    vat = call.arguments.money("vat_amount")
    return call.arguments.money("vat") if vat is None else vat
