"""베네피아: welfare points, through KCP."""

from __future__ import annotations

import hmac
from decimal import Decimal

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.pgs import benepia_refused
from ..merchant.pg_support import choose_listed_channel
from ..payments.charges import new_payment, require_chargeable, require_new_order
from ..payments.posting import post_payment
from ..state.payments import payment_to_wire
from ..state.pg_members import BenepiaMember
from ..wire.money import to_wire

__all__ = ["points_left"]


@handles("benepia_get_point", Evidence(documented="kcp only; 500 for a wrong login", assumed="words"))
def get_point(call: Call) -> Answer:
    choose_listed_channel(call)
    return Answer({"point": to_wire(points_left(call, _member(call, "조회")))})


@handles(
    "benepia_pay",
    Evidence(
        documented="kcp only; 500 where it fails; a test without `benepia_member_code`",
        assumed="a test costs no points and shows as `sandbox`; words",
    ),
)
def pay(call: Call) -> Answer:
    channel = choose_listed_channel(call)
    require_new_order(call)
    require_chargeable(call)
    member = _member(call, "결제")
    if call.arguments.need_money("amount") > points_left(call, member):
        raise benepia_refused("결제", "포인트 부족")
    urls = tuple(call.arguments.texts("notice_url"))
    payment = new_payment(call, channel, None, None, urls, pay_method="point")
    if call.arguments.text("benepia_member_code"):
        member.spent.append(payment.imp_uid)
    else:
        payment.sandbox = True
    return Answer(payment_to_wire(post_payment(call.state, payment, call.now)))


def points_left(call: Call, member: BenepiaMember) -> Decimal:
    """Return the granted points minus those spent and not refunded."""
    spent = [call.state.payments[imp_uid].remaining for imp_uid in member.spent]
    return member.point - sum(spent, Decimal(0))


def _member(call: Call, what: str) -> BenepiaMember:
    member = call.state.benepia_members.get(call.arguments.need_text("benepia_user"))
    given = call.arguments.need_text("benepia_password")
    if member is None or not hmac.compare_digest(given.encode(), member.password.encode()):
        raise benepia_refused(what, "비밀번호 불일치")
    return member
