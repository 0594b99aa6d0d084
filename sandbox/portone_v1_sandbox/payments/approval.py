"""Approve in the window: the payment method that the PG reports, the card that decides, and a billing key of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from portone_v1 import pg_profiles

from ..dispatch.handlers import Call
from ..merchant.window_rules import profiled, rule_of
from ..state.bank_codes import BANKS
from ..state.cards import TEST_CARDS, Card, read_card
from ..state.channels import Channel
from ..state.pay_methods import WALLETS
from ..state.payments import PaymentRecord
from .billing_keys import CUSTOMER_FIELDS, keep_key
from .declines import take_decline
from .posting import put_card

__all__ = ["answered_as", "decide", "in_shape"]

USUAL_DAYS: Final = 7
"""Days until the deadline of a virtual account, if neither the request nor the profile of the PG has one."""
DAY: Final = 24 * 60 * 60
KST_AHEAD: Final = 9 * 60 * 60
SHAPES: Final = {
    "CODE | text": "{code} | {text}",
    "F0004:text CODE, text": "F0004:PG사 결제요청에 실패하여 중단합니다.({imp_uid}) {code}, {text}",
    "text [CODE]text": "카드사 승인에 실패하였습니다. [{code}]{text}",
}
"""How PGs word a decline, by `errors.shape` of their profile; any other is `[CODE] text`."""


def answered_as(payment: PaymentRecord, pay_method: str) -> None:
    """Set the payment method that this PG reports for the one that was used: KakaoPay reports `card` or `point`.

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
    """Return a reason of the sandbox, `[SB01] …`, in the form in which this PG words its own."""
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
        customer = {name: getattr(payment, name.replace("customer_", "buyer_")) for name in CUSTOMER_FIELDS}
        charged = card or read_card(TEST_CARDS["ordinary"].number)
        keep_key(call, payment.customer_uid, charged, channel, customer, pay_method=payment.pay_method)


def _fill_means(payment: PaymentRecord, card: Card | None, now: int) -> None:
    if card is not None:
        put_card(payment, card)
        payment.card_quota = 0
    elif payment.pay_method == "trans":
        payment.bank_code, payment.bank_name = "088", BANKS["088"]
    elif payment.pay_method == "vbank" and payment.status != "failed":
        payment.vbank_date, payment.vbank_issued_at = _usual_due(payment.pg_provider, now), now
        if payment.vbank_num is not None:
            return  # a word instead of a number: the buyer pays at a counter, without a bank
        payment.vbank_code, payment.vbank_name = "004", BANKS["004"]
        payment.vbank_num = f"5620{payment.imp_uid.removeprefix('imp_')[-10:]}"
        payment.vbank_holder = None if profiled(payment.pg_provider, "vbank.holder") == "null" else "샌드박스"


def _usual_due(pg: str, now: int) -> int:
    """Return the deadline of a virtual account whose request names none."""
    rule: Mapping[str, Any] = rule_of(pg, "vbank.due")
    due: int = now + rule.get("left_out_days", USUAL_DAYS) * DAY
    if rule.get("date_only") or rule.get("time") == "end of day":
        due += DAY - 1 - (due + KST_AHEAD) % DAY
    return due
