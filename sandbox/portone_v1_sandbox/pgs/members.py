"""Members of KCP Quick and of Benepia, who join outside of V1."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from ..dispatch.control_handlers import handles_control
from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.pgs import no_such_member, not_kcp_quick
from ..merchant.pg_support import pgs_of
from ..payments.billing_keys import CUSTOMER_FIELDS, keep_key
from ..state.cards import TEST_CARDS, read_card
from ..state.channels import Channel
from ..state.pg_members import BenepiaMember, KcpMember
from ..wire.money import to_wire
from .kcp_quick import money_left

__all__ = ["AUTOPAY_KEY", "BENEPIA_MEMBER", "KCP_MEMBER", "PIN_CHECK"]

KCP_MEMBER: Final = control_operation(
    "kcp_member",
    "/_sandbox/kcp-quick/members",
    "Join KCP Quick",
    parameter("member_id", required=True, max_length=80),
    parameter("money", "money"),
    parameter("partner_type", max_length=80),
    parameter("partner_subtype", max_length=80),
    parameter("fido", "boolean"),
)
PIN_CHECK: Final = control_operation(
    "kcp_pin_check",
    "/_sandbox/kcp-quick/pin-checks",
    "Enter the PIN in the payment window",
    parameter("member_id", required=True, max_length=80),
)
AUTOPAY_KEY: Final = control_operation(
    "kcp_autopay_key",
    "/_sandbox/kcp-quick/autopay-keys",
    "Allow the shop to charge a card",
    parameter("customer_uid", required=True, max_length=80),
    parameter("card_number", sensitive=True),
)
BENEPIA_MEMBER: Final = control_operation(
    "benepia_member",
    "/_sandbox/benepia/members",
    "Grant welfare points",
    parameter("benepia_user", required=True, sensitive=True),
    parameter("benepia_password", required=True, sensitive=True),
    parameter("point", "money", required=True),
)


@handles_control(KCP_MEMBER)
def join(call: Call) -> dict[str, Any]:
    """Register a member; an existing one is replaced."""
    arguments = call.arguments
    member = KcpMember(
        member_id=arguments.need_text("member_id"),
        pg_id=_channel(call).pg_id,
        partner_type=arguments.text("partner_type") or "PT01",
        partner_subtype=arguments.text("partner_subtype") or "PS01",
        inserted=call.now,
        money=arguments.money("money") or Decimal(0),
        fido=arguments.boolean("fido"),
    )
    call.state.kcp_members[call.tier, member.member_id] = member
    return {
        "member_id": member.member_id,
        "money": to_wire(money_left(call, member)),
        "partner_subtype": member.partner_subtype,
        "partner_type": member.partner_type,
        "site_code": member.pg_id,
    }


@handles_control(PIN_CHECK)
def check_pin(call: Call) -> dict[str, Any]:
    member = call.state.kcp_members.get((call.tier, call.arguments.need_text("member_id")))
    if member is None:
        raise no_such_member(404)
    imp_uid = call.state.new_imp_uid("imp", call.now)
    call.state.next_serial()  # The next payment must not get the same number.
    member.pins.append(imp_uid)
    return {"imp_uid": imp_uid}


@handles_control(AUTOPAY_KEY)
def issue_autopay_key(call: Call) -> dict[str, Any]:
    channel = _channel(call)
    card = read_card(call.arguments.text("card_number") or TEST_CARDS["ordinary"].number)
    customer_uid = call.arguments.need_text("customer_uid")
    nobody: dict[str, str | None] = dict.fromkeys(CUSTOMER_FIELDS)
    key = keep_key(call, customer_uid, card, channel, nobody)
    call.state.billing_keys[call.tier, customer_uid] = replace(key, autopay=True)
    return {"customer_uid": customer_uid}


@handles_control(BENEPIA_MEMBER)
def give_points(call: Call) -> dict[str, Any]:
    """Register a member with points; an existing one is replaced."""
    arguments = call.arguments
    point = arguments.need_money("point")
    member = BenepiaMember(password=arguments.need_text("benepia_password"), point=point)
    call.state.benepia_members[arguments.need_text("benepia_user")] = member
    return {"point": to_wire(point)}


def _channel(call: Call) -> Channel:
    channel = next((c for c in call.settings.channels if c.pg_provider in pgs_of("kcp_quick_prepare")), None)
    if channel is None:
        raise not_kcp_quick()
    return channel
