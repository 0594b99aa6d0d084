"""이니시스 에스크로: states of an escrow payment at INICIS, which V1 shows in webhooks only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ..dispatch.control_handlers import handles_control
from ..dispatch.control_operations import control_operation, parameter
from ..errors.accounts import pg_not_offered
from ..errors.base import no_such_payment
from ..errors.receipts import escrow_out_of_turn
from ..merchant.window_rules import profiled
from ..state.notifications import ESCROW_CHANGED, Notification

if TYPE_CHECKING:
    from ..dispatch.handlers import Call
    from ..state.payments import PaymentRecord
    from ..state.state import State

__all__ = ["CANCELLED", "DENIED", "INICIS_EVENT", "SHIPPED", "escrow_changed", "is_inicis_escrow"]

SHIPPED: Final = "2"
DENIED: Final = "4"
CANCELLED: Final = "8"
EVENTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "purchase_confirmed": ("3", (SHIPPED,)),
    "purchase_confirmed_automatically": ("31", (SHIPPED,)),
    "purchase_confirmed_by_force": ("32", (SHIPPED, DENIED)),
    "purchase_denied": (DENIED, (SHIPPED,)),
    "denial_accepted": ("10", (DENIED,)),
}
"""Event → the `escrow_status` that it leads to (documented) and those that it may follow (assumed)."""
WITHOUT_REASON: Final = "구매거절"

INICIS_EVENT: Final = control_operation(
    "inicis_event",
    "/_sandbox/inicis/events",
    "Apply an event to an escrow payment at INICIS",
    parameter("imp_uid", required=True),
    parameter("event", "choice", required=True, values=tuple(EVENTS)),
    parameter("denied_reason", max_length=200, sensitive=True),
)


@handles_control(INICIS_EVENT)
def happen(call: Call) -> dict[str, Any]:
    """Apply an event and return the escrow status afterwards."""
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    if not _tells_of_escrow(payment):
        raise pg_not_offered()
    what = call.arguments.need_text("event")
    becomes, follows = EVENTS[what]
    if call.state.notes_of(payment).escrow_status not in follows:
        raise escrow_out_of_turn(what)
    reason = call.arguments.text("denied_reason") or WITHOUT_REASON
    escrow_changed(call.state, payment, becomes, call.now, denied_reason=reason if becomes == DENIED else None)
    return {"escrow_status": becomes, "imp_uid": payment.imp_uid}


def is_inicis_escrow(payment: PaymentRecord) -> bool:
    return payment.escrow and _tells_of_escrow(payment)


def _tells_of_escrow(payment: PaymentRecord) -> bool:
    event: str | None = profiled(payment.pg_provider, "escrow.event")
    return event == ESCROW_CHANGED


def escrow_changed(
    state: State, payment: PaymentRecord, escrow_status: str, now: int, *, denied_reason: str | None = None
) -> None:
    """Record the new status, and send a webhook if the merchant has requested these."""
    state.pg_notes[payment.imp_uid] = replace(state.notes_of(payment), escrow_status=escrow_status)
    if not state.webhooks.escrow:
        return
    # The reason of a denial is documented; the value for other events is not.
    reason = {} if denied_reason is None else {"denied_reason": denied_reason}
    state.notifications.append(
        Notification(
            imp_uid=payment.imp_uid,
            merchant_uid=payment.merchant_uid,
            status=payment.status,
            cancellation_id=None,
            notice_urls=payment.notice_urls,
            at=now,
            event=ESCROW_CHANGED,
            extra={"escrow_status": escrow_status, "changed_at": now, **reason},
        )
    )
