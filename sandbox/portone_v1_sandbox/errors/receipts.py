"""Refusals of cash receipts and of shipments under escrow. Grades as in `base`."""

from __future__ import annotations

from .base import PG, PORTONE, Refusal

__all__ = [
    "escrow_out_of_turn",
    "identifier_refused",
    "no_receipt_by_card",
    "no_receipt_external",
    "no_receipt_of",
    "no_receipt_to_revoke",
    "no_shipment",
    "not_paid_for_receipt",
    "receipt_already_issued",
    "receipt_already_issued_external",
    "receipt_already_revoked",
    "receipts_not_offered",
    "shipment_already_registered",
    "shipment_not_editable",
    "takes_no_shipment",
]


def receipts_not_offered() -> Refusal:
    """Refuse a cash receipt of a PG that issues none. The status is documented."""
    return Refusal(501, PG, "현금영수증 발급을 지원하지 않는 PG사입니다.")


def not_paid_for_receipt() -> Refusal:
    """Refuse a cash receipt for a payment that is not paid. The status is documented."""
    return Refusal(400, PORTONE, "결제완료 상태의 결제건이 아닙니다.")


def no_receipt_by_card() -> Refusal:
    """Refuse a receipt for a card. Documented: receipts are for transfers and deposits; the status is assumed."""
    return Refusal(400, PORTONE, "현금영수증을 발급할 수 없는 결제수단입니다.")


def receipt_already_issued() -> Refusal:
    """Refuse a second cash receipt for a payment. The status is documented."""
    return Refusal(400, PORTONE, "이미 현금영수증이 발급된 결제건입니다.")


def receipt_already_issued_external() -> Refusal:
    """Refuse a second cash receipt for a sale that was paid elsewhere. The status is documented."""
    return Refusal(400, PORTONE, "이미 현금영수증이 발급된 merchant_uid입니다.")


def identifier_refused() -> Refusal:
    """Refuse the number of the recipient. It is documented that a refusal by the PG is a 500."""
    return Refusal(500, PG, "현금영수증 발급에 실패하였습니다.(식별번호 오류)")


def no_receipt_of(imp_uid: str) -> Refusal:
    """Refuse to show a receipt that was not issued. The message is documented for nice_v2, the status for all."""
    return Refusal(404, PG, f"해당 아임포트 고유 번호({imp_uid})로 현금영수증을 발급 한 내역이 존재하지 않습니다.")


def no_receipt_to_revoke() -> Refusal:
    """Refuse to revoke a receipt that was not issued. The status is documented."""
    return Refusal(400, PORTONE, "현금영수증 발급 내역이 존재하지 않습니다.")


def receipt_already_revoked() -> Refusal:
    return Refusal(400, PORTONE, "이미 취소된 현금영수증입니다.")


def no_receipt_external() -> Refusal:
    """Refuse a receipt that was not issued, for a sale that was paid elsewhere. The status is documented."""
    return Refusal(404, PG, "현금영수증 발급 내역이 존재하지 않습니다.")


def no_shipment() -> Refusal:
    """Refuse a shipment that is not registered. The status is documented."""
    return Refusal(409, PORTONE, "등록된 배송정보가 없습니다.")


def shipment_already_registered() -> Refusal:
    """Refuse to register a second shipment. The status is documented."""
    return Refusal(409, PORTONE, "이미 배송정보가 등록된 거래입니다.")


def takes_no_shipment() -> Refusal:
    """Refuse to register a shipment for a payment that can have none. The status is documented."""
    return Refusal(409, PORTONE, "해당거래건은 배송정보를 등록할 수 없습니다.")


def shipment_not_editable() -> Refusal:
    """Refuse to change a shipment that cannot be changed. The status is documented."""
    return Refusal(409, PORTONE, "배송정보를 수정할 수 없는 거래입니다.")


def escrow_out_of_turn(what: str) -> Refusal:
    """Refuse an event that cannot follow the state of an escrow payment. Only control calls are refused so."""
    return Refusal(400, PORTONE, f"지금 상태의 에스크로에는 할 수 없습니다({what}).")
