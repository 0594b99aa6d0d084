"""네이버페이: product orders and reviews as records, and their form in a response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from ..wire.money import to_wire
from .tables.grouped_table import GroupedTable, Groups
from .tables.lock import StateLock

__all__ = [
    "ProductOrderRecord",
    "ProductOrderTable",
    "ReviewRecord",
    "ReviewTable",
    "product_order_table",
    "product_order_to_wire",
    "review_table",
    "review_to_wire",
]


@dataclass(slots=True, kw_only=True, repr=False)
class ProductOrderRecord:
    """One product of an order-type payment, with its own state and claim."""

    product_order_id: str
    imp_uid: str
    product_id: str
    product_name: str
    product_amount: Decimal
    delivery_amount: Decimal
    quantity: int
    product_option_id: str | None = None
    product_option_name: str | None = None
    orderer: Mapping[str, Any]
    shipping_address: Mapping[str, Any]
    shipping_memo: str | None = None
    shipping_due: int = 0
    individual_code: str | None = None
    product_order_status: str = "PAYED"
    claim_type: str | None = None
    claim_status: str | None = None

    tier: str | None = None
    placed: bool = False
    withheld: bool = False

    @property
    def total(self) -> Decimal:
        """The amount that the buyer paid for it."""
        return self.product_amount + self.delivery_amount

    @property
    def open_claim(self) -> str | None:
        """The kind of the claim that is still open."""
        settled = self.claim_status is None or self.claim_status.endswith(("_DONE", "_REJECT"))
        return self.claim_type if self.claim_status == "COLLECT_DONE" or not settled else None

    def claim(self, kind: str | None, status: str | None) -> None:
        self.claim_type, self.claim_status = kind, status

    def __repr__(self) -> str:
        return f"<ProductOrderRecord {self.product_order_id} {self.product_order_status}>"


ProductOrderTable = GroupedTable[str, ProductOrderRecord]


def product_order_table(lock: StateLock | None = None) -> ProductOrderTable:
    """Return a table that finds the product orders of a payment."""
    return GroupedTable(_groups_of_order, lock)


def _groups_of_order(order: ProductOrderRecord) -> Groups:
    return {order.imp_uid: (0, 0)}


ORDER_FIELDS: Final = (
    "claim_status",
    "claim_type",
    "individual_code",
    "orderer",
    "product_id",
    "product_name",
    "product_option_id",
    "product_option_name",
    "product_order_id",
    "product_order_status",
    "quantity",
    "shipping_address",
    "shipping_due",
    "shipping_memo",
)


def product_order_to_wire(order: ProductOrderRecord) -> dict[str, Any]:
    """Return all fields of a NaverProductOrder, in alphabetical order."""
    shown = {name: getattr(order, name) for name in ORDER_FIELDS}
    amounts = {
        "delivery_amount": to_wire(order.delivery_amount),
        "product_amount": to_wire(order.product_amount),
    }
    return dict(sorted((shown | amounts).items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    """A buyer's review of a product order."""

    review_id: str
    review_type: Literal["general", "premium"]
    product_order_id: str
    score: str
    title: str
    content: str | None
    created_at: int
    tier: str | None


ReviewTable = GroupedTable[str, ReviewRecord]


def review_table(lock: StateLock | None = None) -> ReviewTable:
    """Return a table that finds the reviews of a tier and a kind by time."""
    return GroupedTable(_groups_of_review, lock)


def _groups_of_review(review: ReviewRecord) -> Groups:
    return {(review.tier, review.review_type): (review.created_at, 0)}


def review_to_wire(review: ReviewRecord, order: ProductOrderRecord) -> dict[str, Any]:
    """Return all fields of a NaverReview, in alphabetical order."""
    return {
        "content": review.content,
        "created_at": review.created_at,
        "modified_at": 0,
        "product_id": order.product_id,
        "product_name": order.product_name,
        "product_option_name": order.product_option_name,
        "product_order_id": review.product_order_id,
        "review_id": review.review_id,
        "score": review.score,
        "title": review.title,
        "writer": f"buyer-{review.review_id}",
    }
