"""결제내역: look-ups by uid and by order number."""

from __future__ import annotations

from typing import Final

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import missing_either, no_such_payment, too_many
from ..state.payments import PaymentRecord, payment_to_wire
from .search import one_page, sort_payments

__all__: list[str] = []

MOST_AT_ONCE: Final = 100


@handles(
    "payments_get",
    Evidence(
        documented="404; test payments only with `include_sandbox`; `extension` on request",
        observed="the words; the order of the fields",
        assumed="content of `extension`",
    ),
)
def get(call: Call) -> Answer:
    arguments = call.arguments
    payment = call.state.find_payment(call.tier, arguments.need_text("imp_uid"))
    if payment is None or (payment.sandbox and not arguments.boolean("include_sandbox")):
        raise no_such_payment()
    return Answer(payment_to_wire(payment, extension=arguments.boolean("extension")))


@handles(
    "payments_get_many",
    Evidence(
        documented="100 at most; 200, 207 or 404",
        observed="the opposite order",
        assumed="an order number means every attempt",
    ),
)
def get_many(call: Call) -> Answer:
    sent = [call.arguments.texts(name) for name in ("imp_uid[]", "merchant_uid[]")]
    if not any(sent):
        raise missing_either(["imp_uid[]", "merchant_uid[]"])
    if sum(map(len, sent)) > MOST_AT_ONCE:
        raise too_many("imp_uid[], merchant_uid[]", MOST_AT_ONCE)
    imp_uids, merchant_uids = map(dict.fromkeys, sent)
    by_uid = [call.state.find_payment(call.tier, imp_uid) for imp_uid in imp_uids]
    by_order = [call.state.attempts(call.tier, merchant_uid) for merchant_uid in merchant_uids]
    found = {p.imp_uid: p for p in by_uid if p is not None}
    found |= {p.imp_uid: p for attempts in by_order for p in attempts}
    if not found:
        raise no_such_payment()
    complete = None not in by_uid and all(by_order)
    # V1 was seen to respond in the opposite order; any order keeps callers from relying on it.
    return Answer([payment_to_wire(p) for p in reversed(found.values())], 200 if complete else 207)


@handles(
    "payments_find",
    Evidence(documented="first of six orders; 404", observed="the status may be left off the path; the words"),
)
def find(call: Call) -> Answer:
    return Answer(payment_to_wire(_attempts(call)[0]))


@handles(
    "payments_find_all",
    Evidence(
        documented="pages, six orders; 400, 404",
        observed="the status may be left off the path",
        assumed="a status that no attempt has is 404, too",
    ),
)
def find_all(call: Call) -> Answer:
    return Answer(one_page(call, _attempts(call), payment_to_wire))


def _attempts(call: Call) -> list[PaymentRecord]:
    arguments = call.arguments
    wanted = arguments.text("payment_status")
    attempts = call.state.attempts(call.tier, arguments.need_text("merchant_uid"))
    found = [attempt for attempt in attempts if wanted in (None, attempt.status)]
    if not found:
        raise no_such_payment()
    return sort_payments(found, arguments.text("sorting"))
