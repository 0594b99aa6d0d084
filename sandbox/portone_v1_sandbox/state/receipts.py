"""Cash receipts and escrow shipments as records, and their form in a response."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from ..wire.money import to_wire

__all__ = ["ReceiptRecord", "ShipmentRecord", "receipt_to_wire", "shipment_to_wire"]


@dataclass(slots=True, kw_only=True)
class ReceiptRecord:
    """현금영수증, valid until `cancelled_at` is set. The recipient is not kept."""

    number: int
    type: Literal["person", "company"]
    amount: Decimal
    vat: Decimal
    pg_provider: str
    applied_at: int
    cancelled_at: int = 0


def receipt_to_wire(receipt: ReceiptRecord, **uid: str) -> dict[str, Any]:
    """Return all fields of a Receipt, under the given uid."""
    shown = {
        "amount": to_wire(receipt.amount),
        "applied_at": receipt.applied_at,
        "apply_num": f"{receipt.number:09d}",
        "cancelled_at": receipt.cancelled_at,
        "receipt_tid": f"{receipt.pg_provider}cash{receipt.applied_at}{receipt.number:06d}",
        "receipt_url": f"https://receipts.example.com/cash/{receipt.number:09d}",
        "type": receipt.type,
        "vat": to_wire(receipt.vat),
    }
    return dict(sorted((shown | uid).items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentRecord:
    """배송정보 of an escrow payment. The addresses are not kept: no response shows them."""

    company: str
    invoice: str
    sent_at: int
    applied_at: int


def shipment_to_wire(shipment: ShipmentRecord) -> dict[str, Any]:
    return {
        "applied_at": shipment.applied_at,
        "company": shipment.company,
        "invoice": shipment.invoice,
        "sent_at": shipment.sent_at,
    }
