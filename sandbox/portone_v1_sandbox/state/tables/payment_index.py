"""Indexes of the payments: by order, by billing key, by account number, and sorted by time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from sortedcontainers import SortedList

from ..payments import PaymentRecord

__all__ = ["Found", "PaymentIndex", "Place", "SortKey", "place_of"]

SortKey = Literal["started", "paid", "updated"]
Moment = tuple[int, int, str]
"""A time, and the serial number and uid of the payment, so that no two are equal."""

COUNTED: Final = {"ready": "started", "paid": "paid", "cancelled": "cancelled", "failed": "failed"}
"""Which time of a payment counts when payments of its status are searched by period."""
ALL: Final = "all"


class Place(NamedTuple):
    """What the indexes need to know of a payment. The store keeps it in columns."""

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


class Found(NamedTuple):
    """A part of a sorted list."""

    rows: Sequence[Moment]
    first: int
    last: int


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


class PaymentIndex:
    """Index all payments. A sorted list is built when a search first needs it, and kept from then on."""

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}
        self._attempts: dict[tuple[str | None, str], list[str]] = {}
        self._by_customer: dict[tuple[str | None, str], dict[str, None]] = {}
        self._by_number: dict[str, set[str]] = {}
        self._by_time: dict[tuple[str | None, str, str], SortedList[Moment]] = {}
        self._changes = 0
        self._last_search: tuple[object, Found] | None = None

    def put(self, uid: str, now: Place) -> None:
        """Take in a payment, or what has changed of it."""
        before = self._places.get(uid)
        if before == now:
            return
        self._changes += 1
        self._places[uid] = now
        if before is None:
            self._attempts.setdefault((now.tier, now.merchant_uid), []).append(uid)
        if self._by_time:
            self._put_in_order(uid, before, now)
        if before is not None and before.customer is not None:
            self._by_customer[before.tier, before.customer].pop(uid)
        if now.customer is not None:
            self._by_customer.setdefault((now.tier, now.customer), {})[uid] = None
        if before is not None and before.number is not None:
            self._by_number[before.number].discard(uid)
        if now.number is not None:
            self._by_number.setdefault(now.number, set()).add(uid)

    def status_of(self, uid: str) -> str | None:
        """Return the status that was put last, None for an unknown payment."""
        place = self._places.get(uid)
        return None if place is None else place.status

    def discard(self, uid: str) -> None:
        """Forget a payment."""
        before = self._places.pop(uid, None)
        if before is None:
            return
        self._changes += 1
        self._attempts[before.tier, before.merchant_uid].remove(uid)
        for (tier, status, key), rows in self._by_time.items():
            if _belongs(before, tier, status):
                rows.remove(before.moment(key, uid))
        if before.customer is not None:
            self._by_customer[before.tier, before.customer].pop(uid)
        if before.number is not None:
            self._by_number[before.number].discard(uid)

    def _put_in_order(self, uid: str, before: Place | None, now: Place) -> None:
        for (tier, status, key), rows in self._by_time.items():
            old = before.moment(key, uid) if before is not None and _belongs(before, tier, status) else None
            new = now.moment(key, uid) if _belongs(now, tier, status) else None
            if old == new:
                continue
            if old is not None:
                rows.remove(old)
            if new is not None:
                rows.add(new)

    def attempts(self, tier: str | None, merchant_uid: str) -> Sequence[str]:
        """Return the uids of an order's payments, the first one first."""
        return self._attempts.get((tier, merchant_uid), ())

    def of_customer(self, tier: str | None, customer_uid: str) -> list[str]:
        """Return the uids of the payments that name a billing key."""
        return list(self._by_customer.get((tier, customer_uid), ()))

    def waiting_for(self, number: str) -> list[str]:
        """Return the uids of the open payments that a buyer pays into by this account or payment number."""
        return list(self._by_number.get(number, ()))

    def deadlines(self) -> Iterator[tuple[str, Place]]:
        """Iterate over the open payments that expire."""
        return ((uid, place) for uid, place in self._places.items() if place.status == "ready" and place.deadline)

    def search(self, tier: str | None, status: str, since: int, until: int, sort_key: SortKey) -> Found:
        """Return the payments whose status' time is in the period, in the order of the sort key."""
        wanted = (tier, status, since, until, sort_key, self._changes)
        if self._last_search is not None and self._last_search[0] == wanted:
            return self._last_search[1]
        parts = [self._period(tier, one, since, until) for one in (COUNTED if status == ALL else (status,))]
        if len(parts) == 1 and COUNTED.get(status) == sort_key:
            return parts[0]
        if all(part.last - part.first == len(part.rows) for part in parts):
            whole = self._list(tier, status, sort_key)
            return Found(whole, 0, len(whole))
        uids = (moment[2] for part in parts for moment in part.rows[part.first : part.last])
        chosen = sorted(self._places[uid].moment(sort_key, uid) for uid in uids)
        found = Found(chosen, 0, len(chosen))
        self._last_search = wanted, found
        return found

    def _period(self, tier: str | None, status: str, since: int, until: int) -> Found:
        rows = self._list(tier, status, COUNTED.get(status, "started"))
        return Found(rows, rows.bisect_left((since, -1, "")), rows.bisect_left((until + 1, -1, "")))

    def _list(self, tier: str | None, status: str, key: str) -> SortedList[Moment]:
        found = self._by_time.get((tier, status, key))
        if found is None:
            places = self._places.items()
            found = SortedList(place.moment(key, uid) for uid, place in places if _belongs(place, tier, status))
            self._by_time[tier, status, key] = found
        return found


def _belongs(place: Place, tier: str | None, status: str) -> bool:
    return place.tier == tier and status in (ALL, place.status)
