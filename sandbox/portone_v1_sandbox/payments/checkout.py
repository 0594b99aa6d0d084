"""결제창: the buyer in the payment window, without a browser."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, Literal, TypedDict, cast

from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.base import prepared_differently, wrong_value
from ..merchant.channels import channel_for
from ..merchant.window_rules import default_currency, fitting_order_number
from ..state.cards import TEST_CARDS, read_card
from ..state.channels import Channel
from ..state.pay_methods import PAY_METHODS
from ..state.payments import PaymentRecord
from ..wire.money import require_fitting
from .approval import answered_as, decide
from .charges import require_new_order, require_parts_within
from .posting import post_payment

__all__ = [
    "OPEN_WINDOW",
    "PAY",
    "WindowDetails",
    "open_window",
    "pay",
]

LONGEST_METHOD: Final = 32


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
    channel = channel_for(
        call,
        "payment",
        channel_key=arguments.text("channel_key"),
        pg=arguments.text("pg"),
        sandbox=arguments.boolean("sandbox") if arguments.given("sandbox") else None,
    )
    merchant_uid = fitting_order_number(channel.pg_provider, arguments.need_text("merchant_uid"))
    currency = arguments.text("currency") or default_currency(channel.pg_provider)
    _require_payable(call, currency)
    require_new_order(call, merchant_uid)
    _require_prepared_amount(call, currency)
    return _opened(call, channel, merchant_uid, currency), channel


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
