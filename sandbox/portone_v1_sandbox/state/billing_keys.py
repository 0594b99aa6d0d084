"""Billing keys, and how one looks in an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .cards import Card

__all__ = ["KEY_FIELDS", "BillingKeyRecord", "billing_key_to_wire"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BillingKeyRecord:
    """One card of one customer under the merchant's name for it."""

    customer_uid: str
    card: Card
    channel_key: str
    pg_provider: str
    pg_id: str
    sandbox: bool
    inserted: int
    updated: int
    customer_id: str | None = None
    customer_name: str | None = None
    customer_tel: str | None = None
    customer_email: str | None = None
    customer_addr: str | None = None
    customer_postcode: str | None = None
    tier: str | None = None
    autopay: bool = False
    """Whether an autopay key of KCP Quick stands behind it."""

    def __repr__(self) -> str:
        return f"<BillingKeyRecord {self.customer_uid}>"


KEY_FIELDS = (
    "customer_addr",
    "customer_email",
    "customer_id",
    "customer_name",
    "customer_postcode",
    "customer_tel",
    "customer_uid",
    "inserted",
    "pg_id",
    "pg_provider",
    "sandbox",
    "updated",
)


def billing_key_to_wire(key: BillingKeyRecord) -> dict[str, Any]:
    """All fields of a Customer, in alphabetical order."""
    shown = {name: getattr(key, name) for name in KEY_FIELDS} | key.card.fields()
    return dict(sorted(shown.items()))
