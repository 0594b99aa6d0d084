"""에스크로 배송정보: shipments of escrow payments."""

from __future__ import annotations

from typing import Final

from portone_v1_generated.operations import OperationInfo

from ..dispatch.arguments import check_arguments
from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.accounts import escrow_not_offered
from ..errors.base import no_such_payment, wrong_value
from ..errors.receipts import no_shipment, shipment_already_registered, shipment_not_editable, takes_no_shipment
from ..merchant.pg_rules import check_rules_of
from ..merchant.pg_support import pgs_of
from ..merchant.window_rules import rule_of
from ..state.payments import PaymentRecord
from ..state.receipts import ShipmentRecord, shipment_to_wire
from ..wire.json_types import is_object
from .inicis_escrow import SHIPPED, escrow_changed, is_inicis_escrow

__all__: list[str] = []

COURIERS: Final = frozenset(
    {
        "CJGLS",
        "DAESIN",
        "DONGBU",
        "EPOST",
        "HANARO",
        "HANJIN",
        "HYUNDAI",
        "KGB",
        "SAGAWA",
        "YELLOWCAP",
    }
)
"""Codes of the vendor's old table. Later codes are not known; any other becomes `ETC`, which is documented."""
MERGED: Final = {"KOREX": "CJGLS", "LOGEN": "KGB"}
"""Couriers that use the code of another one."""

LOGIS: Final[OperationInfo] = control_operation(
    "escrow_logis",
    "/escrows/logis/{imp_uid}",
    "The object `logis`",
    parameter("company", required=True),
    parameter("invoice", required=True),
    parameter("sent_at", "time", required=True),
)


@handles(
    "escrow_get",
    Evidence(documented="409 where nothing is registered; 404", assumed="words; no delay before ksnet shows it"),
)
def get(call: Call) -> Answer:
    payment = _payment(call)
    return Answer(shipment_to_wire(_registered(call, payment)))


@handles(
    "escrow_register",
    Evidence(
        documented="409 where it is registered or cannot be; couriers, others are `ETC`; INICIS tells, a switch: "
        "`webhook_escrow`",
        observed="the words for a payment without escrow and for a PG without it",
        assumed="which payments cannot have one; what follows what at INICIS, and that a whole refund ends it",
    ),
)
def register(call: Call) -> Answer:
    payment = _payment(call)
    shipment = _sent(call, payment)
    if payment.imp_uid in call.state.shipments:
        raise shipment_already_registered()
    if not payment.escrow or not payment.is_paid:
        raise takes_no_shipment()
    if is_inicis_escrow(payment):
        escrow_changed(call.state, payment, SHIPPED, call.now)
    return _keep(call, payment, shipment)


@handles(
    "escrow_update",
    Evidence(documented="409 where it cannot be changed, nice_v2 never", assumed="ksnet after 30 minutes; words"),
)
def update(call: Call) -> Answer:
    payment = _payment(call)
    shipment = _sent(call, payment)
    known = call.state.shipments.get(payment.imp_uid)
    rule = rule_of(payment.pg_provider, "escrow.change")
    if known is None or not payment.is_paid or rule.get("possible") is False:
        raise shipment_not_editable()
    if call.now - known.applied_at < rule.get("after_minutes", 0) * 60:
        raise shipment_not_editable()
    return _keep(call, payment, shipment)


def _payment(call: Call) -> PaymentRecord:
    payment = call.state.find_payment(call.tier, call.arguments.need_text("imp_uid"))
    if payment is None:
        raise no_such_payment()
    # The table of changes lacks a PG only because that PG never changes a shipment: a conflict, not a bad request.
    if payment.pg_provider not in pgs_of("escrow_register"):
        raise escrow_not_offered()
    return payment


def _registered(call: Call, payment: PaymentRecord) -> ShipmentRecord:
    shipment = call.state.shipments.get(payment.imp_uid)
    if shipment is None:
        raise no_shipment()
    return shipment


def _sent(call: Call, payment: PaymentRecord) -> ShipmentRecord:
    for name in ("sender", "receiver", "logis"):
        if not is_object(call.arguments.nested(name)):
            raise wrong_value(name)
    arguments = check_arguments(LOGIS, {"body": call.arguments.mapping("logis")})
    check_rules_of(payment.pg_provider, call)
    company = arguments.need_text("company").upper()
    company = MERGED.get(company, company)
    return ShipmentRecord(
        company=company if company in COURIERS else "ETC",
        invoice=arguments.need_text("invoice"),
        sent_at=arguments.integer("sent_at") or 0,
        applied_at=call.now,
    )


def _keep(call: Call, payment: PaymentRecord, shipment: ShipmentRecord) -> Answer:
    call.state.shipments[payment.imp_uid] = shipment
    return Answer(shipment_to_wire(shipment))
