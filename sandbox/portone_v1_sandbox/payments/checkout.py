"""결제창: the buyer in the payment window, without a browser."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, Literal, TypedDict, cast

from portone_v1 import pg_profiles

from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.base import prepared_differently, wrong_value
from ..merchant.channels import choose_channel
from ..state.bank_codes import BANKS
from ..state.cards import TEST_CARDS, Card, read_card
from ..state.channels import Channel
from ..state.payments import PaymentRecord
from ..wire.money import require_fitting
from .billing_keys import CUSTOMER_FIELDS, keep_key
from .charges import require_new_order, require_parts_within
from .declines import take_decline
from .posting import post_payment, put_card

__all__ = ["PAY", "PAY_METHODS", "WindowDetails", "answered_as", "decide", "open_window", "pay"]

PAY_METHODS: Final = (
    "card",
    "trans",
    "vbank",
    "phone",
    "point",
    "samsung",
    "kakaopay",
    "naverpay",
    "payco",
    "tosspay",
    "ssgpay",
    "lpay",
    "applepay",
    "paypal",
    "cultureland",
    "culturegift",
    "smartculture",
    "booknlife",
)
SEVEN_DAYS: Final = 7 * 24 * 60 * 60


class WindowDetails(TypedDict, total=False):
    """Optional arguments of `request_pay`."""

    pg: str | None
    channel: Literal["pc", "mobile"]
    name: str | None
    buyer_name: str | None
    buyer_email: str | None
    buyer_tel: str | None
    buyer_addr: str | None
    buyer_postcode: str | None
    custom_data: str | dict[str, Any] | None
    customer_uid: str | None
    """Store the card as a billing key as well."""
    emb_pg_provider: str | None
    """The wallet that the buyer chose inside the PG's window."""
    card_number: str | None
    """Number of a test card. Default: the card that always works."""
    fail_reason: str | None
    tax_free: int | Decimal | None
    vat_amount: int | Decimal | None
    extension: dict[str, Any]
    escrow: bool
    notice_url: str | list[str] | None
    """URLs that receive the webhooks instead of the merchant's own URL."""


PAY: Final = control_operation(
    "pay",
    "/_sandbox/payments",
    "Pay in the payment window",
    parameter("merchant_uid", required=True, max_length=40),
    parameter("amount", "money", required=True),
    parameter("pay_method", "choice", values=PAY_METHODS),
    parameter("status", "choice", values=("ready", "paid", "failed")),
    parameter("currency"),
    parameter("channel_key", max_length=55),
    parameter("pg", max_length=80),
    parameter("sandbox", "boolean"),
    parameter("channel", "choice", values=("pc", "mobile")),
    parameter("name", max_length=40),
    parameter("buyer_name", max_length=16),
    parameter("buyer_email", max_length=64),
    parameter("buyer_tel", max_length=16),
    parameter("buyer_addr", max_length=128),
    parameter("buyer_postcode", max_length=8),
    parameter("custom_data"),
    parameter("customer_uid", max_length=80),
    parameter("emb_pg_provider"),
    parameter("card_number"),
    parameter("fail_reason"),
    parameter("tax_free", "money"),
    parameter("vat_amount", "money"),
    parameter("extension", "object"),
    parameter("escrow", "boolean"),
    parameter("notice_url", "texts"),
)


def pay(call: Call) -> PaymentRecord:
    """Open the window for an order and leave it `ready`, `paid` or `failed`.

    Raises Refusal if `request_pay` is stopped before it reaches the PG: the amount differs from the prepared one, or
    the order is paid already. Nothing is stored then.
    """
    payment, channel = _asked_for(call)
    answered_as(payment, payment.pay_method)
    number = call.arguments.text("card_number") or TEST_CARDS["ordinary"].number
    card = read_card(number) if payment.pay_method == "card" else None
    payment.status = cast("Literal['ready', 'paid', 'failed']", call.arguments.text("status") or "paid")
    decide(call, payment, channel, card)
    return post_payment(call.state, payment, call.now)


def open_window(call: Call) -> tuple[PaymentRecord, Channel]:
    """Open the window without a choice of the payment method. Raises Refusal like `pay`."""
    payment, channel = _asked_for(call)
    return post_payment(call.state, payment, call.now), channel


def _asked_for(call: Call) -> tuple[PaymentRecord, Channel]:
    arguments = call.arguments
    channel = choose_channel(
        call.settings.channels,
        "payment",
        channel_key=arguments.text("channel_key"),
        pg=arguments.text("pg"),
        sandbox=arguments.boolean("sandbox") if arguments.given("sandbox") else None,
    )
    _require_payable(call)
    require_new_order(call)
    _require_prepared_amount(call)
    return _opened(call, channel), channel


def answered_as(payment: PaymentRecord, pay_method: str) -> None:
    """Set the means that this PG reports for the one that was asked for: KakaoPay is `card` or `point`, and so on."""
    payment.pay_method = pay_method
    profile = pg_profiles.find(payment.pg_provider)
    for entry in profile.answered if profile is not None else ():
        asked = entry.get("asked")
        if "chosen" in entry or (asked is not None and pay_method not in asked):
            continue
        if pay_method not in entry["pay_method"]:
            payment.pay_method = entry["pay_method"][0]
            wallet = entry.get("emb_pg_provider")
            payment.emb_pg_provider = payment.emb_pg_provider or (pay_method if wallet == "the wallet" else wallet)
        return


def decide(call: Call, payment: PaymentRecord, channel: Channel, card: Card | None) -> None:
    """Let the card decide about an approval; derive the payment method and a billing key from it."""
    if card is not None and payment.status == "paid" and card.test_card.behaviour != "works":
        payment.status, payment.fail_reason = "failed", card.test_card.reason
    declined = take_decline(call.state, card, channel, payment.customer_uid) if payment.status == "paid" else None
    if declined is not None:
        payment.status, payment.fail_reason = "failed", declined.message
    if payment.status == "failed":
        payment.fail_reason = (
            payment.fail_reason or call.arguments.text("fail_reason") or "구매자가 결제를 취소하였습니다."
        )
    _fill_means(payment, card, call.now)
    if payment.customer_uid and payment.status == "paid":
        payment.customer_uid_usage = "issue"  # observed with KakaoPay money, too
    if payment.customer_uid and card is not None and payment.status == "paid":
        customer = {name: getattr(payment, name.replace("customer_", "buyer_")) for name in CUSTOMER_FIELDS}
        keep_key(call, payment.customer_uid, card, channel, customer)


def _require_payable(call: Call) -> None:
    arguments = call.arguments
    amount = arguments.need_money("amount")
    tax_free, vat = arguments.money("tax_free"), arguments.money("vat_amount")
    require_fitting(arguments.text("currency") or "KRW", amount=amount, tax_free=tax_free, vat_amount=vat)
    require_parts_within(amount, tax_free, vat)
    if amount == 0 and not arguments.text("customer_uid"):
        raise wrong_value("amount")  # Only issuing a billing key is free of charge.


def _require_prepared_amount(call: Call) -> None:
    arguments = call.arguments
    prepared = call.state.prepared.get((call.tier, arguments.need_text("merchant_uid")))
    if prepared is None:
        return
    currency = arguments.text("currency") or "KRW"
    if prepared.amount != arguments.need_money("amount") or prepared.currency not in (None, currency):
        raise prepared_differently()


def _opened(call: Call, channel: Channel) -> PaymentRecord:
    arguments = call.arguments
    return PaymentRecord(
        imp_uid=call.state.new_imp_uid("imp", call.now),
        merchant_uid=arguments.need_text("merchant_uid"),
        pay_method=arguments.text("pay_method") or "card",
        channel=cast("Literal['pc', 'mobile']", arguments.text("channel") or "pc"),
        pg_provider=channel.pg_provider,
        pg_id=channel.pg_id,
        sandbox=channel.sandbox,
        amount=arguments.need_money("amount"),
        currency=arguments.text("currency") or "KRW",
        status="ready",
        started_at=call.now,
        name=arguments.text("name"),
        buyer_name=arguments.text("buyer_name"),
        buyer_email=arguments.text("buyer_email"),
        buyer_tel=arguments.text("buyer_tel"),
        buyer_addr=arguments.text("buyer_addr"),
        buyer_postcode=arguments.text("buyer_postcode"),
        custom_data=arguments.text("custom_data"),
        customer_uid=arguments.text("customer_uid") or None,
        emb_pg_provider=arguments.text("emb_pg_provider"),
        user_agent="Mozilla/5.0 (sandbox of portone-v1)",
        tier=call.tier,
        tax_free=arguments.money("tax_free") or Decimal(0),
        vat_amount=arguments.money("vat_amount"),
        extension=arguments.mapping("extension"),
        escrow=arguments.boolean("escrow"),
        notice_urls=tuple(arguments.texts("notice_url")),
    )


def _fill_means(payment: PaymentRecord, card: Card | None, now: int) -> None:
    if card is not None:
        put_card(payment, card)
        payment.card_quota = 0
    elif payment.pay_method == "trans":
        payment.bank_code, payment.bank_name = "088", BANKS["088"]
    elif payment.pay_method == "vbank" and payment.status != "failed":
        payment.vbank_code, payment.vbank_name = "004", BANKS["004"]
        payment.vbank_num = f"5620{payment.imp_uid.removeprefix('imp_')[-10:]}"
        payment.vbank_holder = "샌드박스"
        payment.vbank_date, payment.vbank_issued_at = now + SEVEN_DAYS, now
