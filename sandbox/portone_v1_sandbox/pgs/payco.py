"""페이코: progress of an order."""

from __future__ import annotations

from dataclasses import replace

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.pgs import other_pg, payco_is_final, payment_not_paid, payment_unknown
from ..merchant.pg_support import pgs_of

__all__: list[str] = []

FINAL = frozenset({"PURCHASE_DECISION", "CANCELED"})


@handles(
    "payco_update_order_status",
    Evidence(
        documented="payco only; the answer repeats the status; no money moves",
        assumed="paid payments only; nothing after PURCHASE_DECISION or CANCELED; refusals with HTTP 200",
    ),
)
def update_order_status(call: Call) -> Answer:
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise payment_unknown()
    if payment.pg_provider not in pgs_of(call.operation.id):
        raise other_pg()
    if not payment.paid_at:
        raise payment_not_paid(200)
    notes = call.state.notes_of(payment)
    wanted = call.arguments.need_text("status")
    if notes.payco_status in FINAL and wanted != notes.payco_status:
        raise payco_is_final()
    call.state.pg_notes[payment.imp_uid] = replace(notes, payco_status=wanted)
    return Answer({"status": wanted})
