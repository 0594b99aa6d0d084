"""결제창: the buyer in the payment window, without a browser."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal, TypedDict, cast

from portone_v1 import pg_profiles

from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.base import prepared_differently, too_long, wrong_value
from ..merchant.channels import choose_channel
from ..merchant.window_rules import default_currency, fitting_order_number, longest_order_number, profiled, rule_of
from ..state.bank_codes import BANKS
from ..state.cards import TEST_CARDS, Card, read_card
from ..state.channels import Channel
from ..state.pay_methods import PAY_METHODS, WALLETS
from ..state.payments import PaymentRecord
from ..wire.money import require_fitting
from .billing_keys import CUSTOMER_FIELDS, keep_key
from .charges import require_new_order, require_parts_within
from .declines import take_decline
from .posting import post_payment, put_card

__all__ = [
    "OPEN_WINDOW",
    "PAY",
    "WindowDetails",
    "answered_as",
    "decide",
    "in_shape",
    "open_window",
    "pay",
]

LONGEST_METHOD: Final = 32
USUAL_DAYS: Final = 7
"""For a virtual account, where neither the request nor the profile of the PG has one."""
DAY: Final = 24 * 60 * 60
KST_AHEAD: Final = 9 * 60 * 60
SHAPES: Final = {
    "CODE | text": "{code} | {text}",
    "F0004:text CODE, text": "F0004:PG사 결제요청에 실패하여 중단합니다.({imp_uid}) {code}, {text}",
    "text [CODE]text": "카드사 승인에 실패하였습니다. [{code}]{text}",
}
"""How PGs word a decline, by `errors.shape` of their profile; any other is `[CODE] text`."""


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
    parameter("merchant_uid", required=True),
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

OPEN_WINDOW: Final = control_operation(
    "open_window",
    "/_sandbox/windows",
    "Open the payment window",
    *(each for each in PAY.parameters if each.name != "pay_method"),
    parameter("pay_method", max_length=LONGEST_METHOD),
)
"""A page may name any payment method: V1 has more of them than its lists."""


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
    sent = arguments.need_text("merchant_uid")
    merchant_uid = fitting_order_number(channel.pg_provider, sent)
    if len(merchant_uid) > longest_order_number(channel.pg_provider):
        raise too_long("merchant_uid", longest_order_number(channel.pg_provider))
    currency = arguments.text("currency") or default_currency(channel.pg_provider)
    _require_payable(call, currency)
    require_new_order(call, merchant_uid)
    _require_prepared_amount(call, currency)
    return _opened(call, channel, merchant_uid, currency), channel


def answered_as(payment: PaymentRecord, pay_method: str) -> None:
    """Set the means that this PG reports for the one that was used: KakaoPay is `card` or `point`, and so on.

    The payment shows the requested method. `chosen` of a profile is a wallet inside the window of cards.
    """
    asked, payment.pay_method = payment.pay_method, pay_method
    profile = pg_profiles.find(payment.pg_provider)
    for entry in profile.answered if profile is not None else ():
        if "chosen" in entry:
            applies = asked == "card" and (pay_method == entry["chosen"] or entry["chosen"] == "any wallet")
            applies = applies and pay_method in WALLETS
        else:
            applies = "asked" not in entry or pay_method in entry["asked"]
        if not applies:
            continue
        if pay_method not in entry["pay_method"]:
            payment.pay_method = entry["pay_method"][0]
            wallet = entry.get("emb_pg_provider")
            payment.emb_pg_provider = payment.emb_pg_provider or (pay_method if wallet == "the wallet" else wallet)
            payment.vbank_num = entry.get("vbank_num")
        return


def in_shape(pg: str, reason: str, imp_uid: str) -> str:
    """A reason of the sandbox, `[SB01] …`, in the form that this PG gives its own."""
    code, bracket, text = reason.removeprefix("[").partition("] ")
    shape = SHAPES.get(profiled(pg, "errors.shape") or "")
    if shape is None or not bracket or not reason.startswith("["):
        return reason
    return shape.format(code=code, text=text, imp_uid=imp_uid)


def decide(call: Call, payment: PaymentRecord, channel: Channel, card: Card | None) -> None:
    """Let the card decide about an approval; derive the payment method and a billing key from it."""
    if card is not None and payment.status == "paid" and card.test_card.behaviour != "works":
        payment.status = "failed"
        payment.fail_reason = in_shape(payment.pg_provider, card.test_card.reason or "", payment.imp_uid)
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


def _require_payable(call: Call, currency: str) -> None:
    arguments = call.arguments
    amount = arguments.need_money("amount")
    tax_free, vat = arguments.money("tax_free"), arguments.money("vat_amount")
    require_fitting(currency, amount=amount, tax_free=tax_free, vat_amount=vat)
    require_parts_within(amount, tax_free, vat)
    if amount == 0 and not arguments.text("customer_uid"):
        raise wrong_value("amount")  # Only issuing a billing key is free of charge.


def _require_prepared_amount(call: Call, currency: str) -> None:
    arguments = call.arguments
    prepared = call.state.prepared.get((call.tier, arguments.need_text("merchant_uid")))
    if prepared is None:
        return
    if prepared.amount != arguments.need_money("amount") or prepared.currency not in (None, currency):
        raise prepared_differently()


def _opened(call: Call, channel: Channel, merchant_uid: str, currency: str) -> PaymentRecord:
    arguments = call.arguments
    return PaymentRecord(
        imp_uid=call.state.new_imp_uid("imp", call.now),
        merchant_uid=merchant_uid,
        pay_method=arguments.text("pay_method") or "card",
        channel=cast("Literal['pc', 'mobile']", arguments.text("channel") or "pc"),
        pg_provider=channel.pg_provider,
        pg_id=channel.pg_id,
        sandbox=channel.sandbox,
        amount=arguments.need_money("amount"),
        currency=currency,
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
        payment.vbank_date, payment.vbank_issued_at = _usual_due(payment.pg_provider, now), now
        if payment.vbank_num is not None:
            return  # a word in place of a number: a shop pays at a counter, and there is no bank
        payment.vbank_code, payment.vbank_name = "004", BANKS["004"]
        payment.vbank_num = f"5620{payment.imp_uid.removeprefix('imp_')[-10:]}"
        payment.vbank_holder = None if profiled(payment.pg_provider, "vbank.holder") == "null" else "샌드박스"


def _usual_due(pg: str, now: int) -> int:
    """When an account is due whose request names no time."""
    rule: Mapping[str, Any] = rule_of(pg, "vbank.due")
    due: int = now + rule.get("left_out_days", USUAL_DAYS) * DAY
    if rule.get("date_only") or rule.get("time") == "end of day":
        due += DAY - 1 - (due + KST_AHEAD) % DAY
    return due
