"""빌링키: stored cards as records, and their form in a response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .cards import Card

__all__ = ["KEY_FIELDS", "BillingKeyRecord", "billing_key_to_wire", "card_fields"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BillingKeyRecord:
    """A card of a customer, stored under the merchant's `customer_uid`."""

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
    """Whether it is backed by an autopay key of KCP Quick."""
    pay_method: str = "card"
    """What it charges: `point` for a key that was issued by KakaoPay money. `card` decides about declines only then."""

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
    """Return all fields of a Customer, in alphabetical order."""
    shown = {name: getattr(key, name) for name in KEY_FIELDS} | card_fields(key)
    return dict(sorted(shown.items()))


def card_fields(key: BillingKeyRecord) -> dict[str, str | int | None]:
    """Return the fields of the card, all null for a key of other means."""
    fields = key.card.fields(key.pg_provider)
    return fields if key.pay_method == "card" else dict.fromkeys(fields)
