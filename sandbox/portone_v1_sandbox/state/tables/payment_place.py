"""The part of a payment that the indexes store, and what they ask the file about payments that are not loaded."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from ..payments import PaymentRecord

__all__ = ["Moment", "OlderPayments", "Place", "place_of"]

Moment = tuple[int, int, str]
"""A time, and the serial number and uid of the payment, so that no two are equal."""


class Place(NamedTuple):
    """The part of a payment that the indexes store. The file has it in columns."""

    tier: str | None
    merchant_uid: str
    status: str
    started: int
    paid: int
    updated: int
    cancelled: int
    failed: int
    serial: int
    deadline: int
    customer: str | None
    number: str | None
    """The account or payment number that a buyer of an open payment pays into."""

    def moment(self, key: str, uid: str) -> Moment:
        return getattr(self, key), self.serial, uid


def place_of(payment: PaymentRecord) -> Place:
    number = payment.extension.get("barcode") or payment.vbank_num
    return Place(
        payment.tier,
        payment.merchant_uid,
        payment.status,
        payment.started_at,
        payment.paid_at,
        payment.updated_at,
        payment.cancelled_at,
        payment.failed_at,
        payment.serial,
        payment.vbank_date or payment.expires_at,
        payment.customer_uid,
        number if payment.status == "ready" else None,
    )


class OlderPayments(Protocol):
    """The payments of the file as they were at the last commit, for the indexes."""

    @abstractmethod
    def place(self, uid: str) -> Place | None:
        """Return the place of a payment, None for an unknown one."""

    @abstractmethod
    def moments(self, tier: str | None, status: str | None, key: str) -> list[Moment]:
        """Return a time of each payment of a tier and, if one is given, of a status."""

    @abstractmethod
    def waits(self) -> Mapping[str, int]:
        """Return the longest time from the start of a payment to its status, by status, as it was at the start."""

    @abstractmethod
    def attempts(self, tier: str | None, merchant_uid: str) -> Sequence[str]:
        """Return the uids of an order's payments, the first one first."""

    @abstractmethod
    def of_customer(self, tier: str | None, customer_uid: str) -> Sequence[str]:
        """Return the uids of the payments that name a billing key, the first one first."""

    @abstractmethod
    def tiers_of(self, name: str) -> Sequence[str | None]:
        """Return the tiers that have payments of an order, or of a billing key, of this name."""

    @abstractmethod
    def waiting_for(self, number: str) -> Sequence[str]:
        """Return the uids of the open payments that a buyer pays into by this account or payment number."""

    @abstractmethod
    def sought(self) -> Iterable[tuple[str, int, float, str, bytes]]:
        """Iterate over every payment: its uid, and what `Sought` has of it."""

    @abstractmethod
    def deadlines(self) -> Iterable[tuple[str, Place]]:
        """Iterate over the open payments that expire."""
