"""결제금액 사전등록: the amount that the payment window of an order must use."""

from __future__ import annotations

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import already_prepared, not_prepared
from ..state.payments import PreparedRecord, prepared_to_wire
from ..wire.money import require_fitting

__all__: list[str] = []


@handles(
    "prepare_create",
    Evidence(
        documented="one amount for each order, the window is held to it",
        observed="the words for an order that is registered",
        assumed="it can be registered after a payment",
    ),
)
def create(call: Call) -> Answer:
    record = _asked(call)
    if (call.tier, record.merchant_uid) in call.state.prepared:
        raise already_prepared()
    return _keep(call, record)


@handles("prepare_update", Evidence(documented="404", observed="the words"))
def update(call: Call) -> Answer:
    record = _asked(call)
    if (call.tier, record.merchant_uid) not in call.state.prepared:
        raise not_prepared()
    return _keep(call, record)


@handles("prepare_get", Evidence(observed="the words", assumed="404"))
def get(call: Call) -> Answer:
    record = call.state.prepared.get((call.tier, call.arguments.need_text("merchant_uid")))
    if record is None:
        raise not_prepared()
    return Answer(prepared_to_wire(record))


def _asked(call: Call) -> PreparedRecord:
    amount = call.arguments.need_money("amount")
    currency = call.arguments.text("currency") or None
    if currency is not None:
        require_fitting(currency, amount=amount)
    return PreparedRecord(merchant_uid=call.arguments.need_text("merchant_uid"), amount=amount, currency=currency)


def _keep(call: Call, record: PreparedRecord) -> Answer:
    call.state.prepared[call.tier, record.merchant_uid] = record
    return Answer(prepared_to_wire(record))
