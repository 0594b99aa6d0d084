"""결제건: payments as records, and their form in a response."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any, Literal

from ..wire.money import to_wire

__all__ = ["CancelRecord", "PaymentRecord", "PendingRefund", "PreparedRecord", "payment_to_wire", "prepared_to_wire"]

Status = Literal["ready", "paid", "cancelled", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRecord:
    """One refund."""

    pg_tid: str
    amount: Decimal
    cancelled_at: int
    reason: str | None
    cancellation_id: str
    receipt_url: str | None
    tax_free: Decimal
    vat_amount: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRefund:
    """An accepted refund. The payment does not show it before it is paid out."""

    imp_uid: str
    amount: Decimal
    reason: str | None = field(repr=False)
    tax_free: Decimal
    vat_amount: Decimal | None
    asked_at: int


@dataclass(slots=True, kw_only=True, repr=False)
class PaymentRecord:
    """One payment: first the fields of a response under V1's names, then those of the sandbox alone."""

    imp_uid: str
    merchant_uid: str
    pay_method: str
    channel: Literal["pc", "mobile", "api"]
    pg_provider: str
    pg_id: str
    sandbox: bool
    amount: Decimal
    currency: str
    status: Status
    started_at: int
    emb_pg_provider: str | None = None
    pg_tid: str | None = None
    escrow: bool = False
    apply_num: str | None = None
    bank_code: str | None = None
    bank_name: str | None = None
    card_code: str | None = None
    card_name: str | None = None
    card_issuer_code: str | None = None
    card_issuer_name: str | None = None
    card_publisher_code: str | None = None
    card_publisher_name: str | None = None
    card_quota: int | None = 0
    card_number: str | None = None
    card_type: int | None = None
    vbank_code: str | None = None
    vbank_name: str | None = None
    vbank_num: str | None = None
    vbank_holder: str | None = None
    vbank_date: int = 0
    vbank_issued_at: int = 0
    name: str | None = None
    cancel_amount: Decimal = Decimal(0)
    buyer_name: str | None = None
    buyer_email: str | None = None
    buyer_tel: str | None = None
    buyer_addr: str | None = None
    buyer_postcode: str | None = None
    custom_data: str | None = None
    user_agent: str | None = None
    paid_at: int = 0
    failed_at: int = 0
    cancelled_at: int = 0
    fail_reason: str | None = None
    cancel_reason: str | None = None
    receipt_url: str | None = None
    cancel_history: list[CancelRecord] = field(default_factory=list[CancelRecord])
    deposit_history: list[Any] = field(default_factory=list[Any])
    cancel_receipt_urls: list[str] = field(default_factory=list[str])
    cash_receipt_issued: bool = False
    customer_uid: str | None = None
    customer_uid_usage: str | None = None
    promotion: None = None

    tier: str | None = None
    serial: int = 0
    updated_at: int = 0
    tax_free: Decimal = Decimal(0)
    vat_amount: Decimal | None = None
    extension: dict[str, Any] = field(default_factory=dict[str, Any])
    notice_urls: tuple[str, ...] = ()
    """URLs that receive its webhooks instead of the merchant's own URL."""
    confirm_url: str | None = None
    """URL that confirms before a convenience store takes the money."""
    expires_at: int = 0
    """Deadline for a payment at a convenience store, 0 for none."""
    unlimited: bool = False
    """A fixed virtual account that takes any number of deposits, of any amount."""

    @property
    def remaining(self) -> Decimal:
        """The refundable balance: 취소 가능 금액."""
        return self.amount - self.cancel_amount

    @property
    def shown_status(self) -> str:
        """The status, or `partial`: V1 shows a partly refunded payment as `cancelled` or `paid`."""
        return "partial" if self.amount > self.cancel_amount > 0 else self.status

    @property
    def is_paid(self) -> bool:
        """Whether money of it is still with the merchant, whatever `status` says after a partial refund."""
        return self.status == "paid" or (self.status == "cancelled" and self.remaining > 0)

    def __repr__(self) -> str:
        return f"<PaymentRecord {self.imp_uid} {self.status}>"


PRIVATE_FIELDS = {
    "tier",
    "serial",
    "updated_at",
    "tax_free",
    "vat_amount",
    "extension",
    "notice_urls",
    "confirm_url",
    "expires_at",
    "unlimited",
}
PUBLIC_FIELDS = sorted(set(PaymentRecord.__slots__) - PRIVATE_FIELDS)
PUBLIC_VALUES = attrgetter(*PUBLIC_FIELDS)


def payment_to_wire(payment: PaymentRecord, *, extension: bool = False) -> dict[str, Any]:
    """Return all fields of a Payment in V1's alphabetical order; `extension` only on request."""
    shown: dict[str, Any] = dict(zip(PUBLIC_FIELDS, PUBLIC_VALUES(payment), strict=True))
    shown["amount"], shown["cancel_amount"] = to_wire(payment.amount), to_wire(payment.cancel_amount)
    shown["cancel_history"] = [_cancel_to_wire(cancel) for cancel in payment.cancel_history]
    shown["cancel_receipt_urls"] = list(payment.cancel_receipt_urls)
    shown["deposit_history"] = list(payment.deposit_history)
    if extension:
        shown["extension"] = payment.extension
        shown = dict(sorted(shown.items()))
    return shown


def _cancel_to_wire(cancel: CancelRecord) -> dict[str, Any]:
    return {
        "amount": to_wire(cancel.amount),
        "cancellation_id": cancel.cancellation_id,
        "cancelled_at": cancel.cancelled_at,
        "pg_tid": cancel.pg_tid,
        "reason": cancel.reason,
        "receipt_url": cancel.receipt_url,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRecord:
    """The amount that a payment window has to use."""

    merchant_uid: str
    amount: Decimal
    currency: str | None


def prepared_to_wire(prepared: PreparedRecord) -> dict[str, Any]:
    return {
        "amount": to_wire(prepared.amount),
        "currency": prepared.currency,
        "merchant_uid": prepared.merchant_uid,
    }
