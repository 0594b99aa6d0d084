"""KCP 퀵페이: members, prepaid money and autopay keys."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import missing, unknown_channel_key, wrong_value
from ..errors.pgs import (
    fido_not_released,
    kcp_not_prepared,
    kcp_prepared_before,
    no_autopay_key,
    no_pin_check,
    no_such_member,
    not_kcp_quick,
    too_little_money,
)
from ..merchant.pg_support import pgs_of
from ..payments.charges import charge, new_payment, require_chargeable, require_new_order
from ..payments.posting import post_payment
from ..state.billing_keys import BillingKeyRecord
from ..state.channels import Channel
from ..state.payments import payment_to_wire
from ..state.pg_members import KcpMember
from ..wire.money import require_fitting

__all__ = ["money_left"]

MOST_PREPAID = 999_999_999
PREPARED = (
    "btid",
    "cust_ip",
    "code_verifier",
    "prepaid_auth_yn",
    "prepaid_amount",
    "vender_type",
    "reward_id",
)


@handles(
    "kcp_quick_delete_member",
    Evidence(documented="removes the row; 404", assumed="404 also where one of the three query values differs"),
)
def delete_member(call: Call) -> Answer:
    arguments = call.arguments
    key = (call.tier, arguments.need_text("member_id"))
    member = call.state.kcp_members.get(key)
    asked = tuple(arguments.need_text(name) for name in ("site_code", "partner_type", "partner_subtype"))
    if member is None or asked != (member.pg_id, member.partner_type, member.partner_subtype):
        raise no_such_member(404)
    del call.state.kcp_members[key]
    shown = {
        "inserted": member.inserted,
        "member_id": member.member_id,
        "pg_id": member.pg_id,
        "pg_provider": pgs_of(call.operation.id)[0],
        "updated": member.inserted,
    }
    return Answer(shown)


@handles(
    "kcp_quick_prepare", Evidence(documented="409 for an order number that is registered, 400", assumed="no payload")
)
def prepare(call: Call) -> Answer:
    if _order(call) in call.state.kcp_prepared:
        raise kcp_prepared_before()
    return _keep(call)


@handles("kcp_quick_update_prepared", Evidence(documented="404, 400", assumed="no payload"))
def update_prepared(call: Call) -> Answer:
    if _order(call) not in call.state.kcp_prepared:
        raise kcp_not_prepared()
    return _keep(call)


@handles(
    "kcp_quick_pay_with_money",
    Evidence(
        documented="needs the imp_uid of a PIN check", assumed="one payment for each check; statuses, words, codes"
    ),
)
def pay_with_money(call: Call) -> Answer:
    arguments = call.arguments
    channel = _channel(call)
    if not arguments.text("imp_uid"):
        raise missing(["imp_uid"])
    member = call.state.kcp_members.get((call.tier, arguments.need_text("member_id")))
    if member is None:
        raise no_such_member(200)
    require_new_order(call)
    require_chargeable(call)
    if arguments.text("imp_uid") not in member.pins:
        raise no_pin_check()
    if arguments.need_money("amount") > money_left(call, member):
        raise too_little_money()
    payment = new_payment(call, channel, None, None, _notice_urls(call), pay_method="point")
    member.pins.remove(arguments.need_text("imp_uid"))
    member.spent.append(payment.imp_uid)
    return Answer(payment_to_wire(post_payment(call.state, payment, call.now)))


@handles(
    "kcp_quick_pay_with_autopay_key",
    Evidence(documented="charges the key in one call", assumed="like `subscribe_again`; statuses, words, codes"),
)
def pay_with_autopay_key(call: Call) -> Answer:
    key = _autopay_key(call, 200)
    require_new_order(call)
    require_chargeable(call)
    channel = Channel(key.channel_key, key.pg_provider, key.pg_id, "payment", sandbox=key.sandbox)
    payment = charge(call, key.card, channel, key.customer_uid, "payment", _notice_urls(call))
    return Answer(payment_to_wire(payment))


@handles(
    "kcp_quick_delete_autopay_key",
    Evidence(documented="404; a sentence in `message` on success", assumed="the sentence; the billing key stays"),
)
def delete_autopay_key(call: Call) -> Answer:
    key = _autopay_key(call, 404)
    call.state.billing_keys[call.tier, key.customer_uid] = replace(key, autopay=False)
    return Answer({"customer_uid": key.customer_uid}, message="자동결제 키가 정상적으로 삭제되었습니다.")


@handles(
    "kcp_quick_release_fido",
    Evidence(
        documented="400 for another channel; KCP's refusal in `error` at HTTP 200; a sentence in `message` on success",
        assumed="the sentences; C210 for a buyer without biometrics",
    ),
)
def release_fido(call: Call) -> Answer:
    _channel(call)
    member = call.state.kcp_members.get((call.tier, call.arguments.need_text("member_id")))
    if member is None or not member.fido:
        raise fido_not_released()
    member.fido = False
    return Answer({"member_id": member.member_id}, message="생체인증 사용이 정상적으로 해제되었습니다.")


def money_left(call: Call, member: KcpMember) -> Decimal:
    """Return the prepaid money minus what was spent and not refunded."""
    spent = [call.state.payments[imp_uid].remaining for imp_uid in member.spent]
    return member.money - sum(spent, Decimal(0))


def _autopay_key(call: Call, missing_status: int) -> BillingKeyRecord:
    key = call.state.billing_keys.get((call.tier, call.arguments.need_text("customer_uid")))
    if key is None or not key.autopay:
        raise no_autopay_key(missing_status)
    return key


def _channel(call: Call) -> Channel:
    key = call.arguments.need_text("channel_key")
    chosen = next((channel for channel in call.settings.channels if channel.channel_key == key), None)
    if chosen is None:
        raise unknown_channel_key()
    if chosen.pg_provider not in pgs_of(call.operation.id):
        raise not_kcp_quick()
    return chosen


def _order(call: Call) -> tuple[str | None, str]:
    return call.tier, call.arguments.need_text("merchant_uid")


def _keep(call: Call) -> Answer:
    amount = call.arguments.money("prepaid_amount")
    if amount is None and call.arguments.text("prepaid_auth_yn") == "Y":
        raise missing(["prepaid_amount"])
    if amount is not None and amount > MOST_PREPAID:
        raise wrong_value("prepaid_amount")
    require_fitting("KRW", prepaid_amount=amount)
    call.state.kcp_prepared[_order(call)] = {name: call.arguments.nested(name) for name in PREPARED}
    return Answer(None)


def _notice_urls(call: Call) -> tuple[str, ...]:
    url = call.arguments.text("notice_url")
    return (url,) if url else ()
