"""Indexes of the payments: by order, by billing key, by account number, and sorted by time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from sortedcontainers import SortedList

from .found import Begun, Found
from .payment_place import Moment, OlderPayments, Place

__all__ = ["PaymentIndex", "SortKey"]

SortKey = Literal["started", "paid", "updated"]
COUNTED: Final = {"ready": "started", "paid": "paid", "cancelled": "cancelled", "failed": "failed"}
"""Status → the time by which its payments are searched."""
ALL: Final = "all"
FEW: Final = 1000
"""The most payments of a period that are sorted. Of more, only those that a page needs are searched for."""


class PaymentIndex:
    """Index all payments. A sorted list is built when a search first needs it, and kept from then on.

    Payments of the file are looked up there until they are read or changed, so a start loads none of them.
    """

    def __init__(self, older: OlderPayments | None = None) -> None:
        self._older = older
        self._not_older: set[str] = set()
        """Payments that are new or removed, so that the file is not asked about them."""
        self._places: dict[str, Place] = {}
        self._attempts: dict[tuple[str | None, str], list[str]] = {}
        self._by_customer: dict[tuple[str | None, str], dict[str, None]] = {}
        self._by_number: dict[str, set[str]] = {}
        self._by_time: dict[tuple[str | None, str, str], SortedList[Moment]] = {}
        self._changes = 0
        self._last_search: tuple[object, Sequence[Moment]] | None = None
        self._longest_wait: dict[str, int] = {}
        """The longest time from the start of a payment to its status, by status."""

    def expect(self, uid: str) -> None:
        """Note that a payment is new."""
        if self._older is not None:
            self._not_older.add(uid)

    def put(self, uid: str, now: Place) -> Place | None:
        """Add a payment, or update a changed one. Return the place that it had before."""
        known = self._places.get(uid)
        before = known if known is not None else self._place(uid)
        if known == now:
            return before
        self._places[uid] = now
        wait: int = getattr(now, COUNTED.get(now.status, "started")) - now.started
        if wait > self._longest_wait.get(now.status, 0):
            self._longest_wait[now.status] = wait
        if before is None:
            self._attempts.setdefault((now.tier, now.merchant_uid), []).append(uid)
        if before != now:
            self._changes += 1
            self._put_in_order(uid, before, now)
        if known is not None and known.customer is not None:
            self._by_customer[known.tier, known.customer].pop(uid)
        if now.customer is not None:
            self._by_customer.setdefault((now.tier, now.customer), {})[uid] = None
        if known is not None and known.number is not None:
            self._by_number[known.number].discard(uid)
        if now.number is not None:
            self._by_number.setdefault(now.number, set()).add(uid)
        return before

    def _place(self, uid: str) -> Place | None:
        place = self._places.get(uid)
        if place is None and self._older is not None and uid not in self._not_older:
            return self._older.place(uid)
        return place

    def discard(self, uid: str) -> None:
        """Forget a payment."""
        before = self._place(uid)
        known = self._places.pop(uid, None)
        self.expect(uid)
        if before is None:
            return
        self._changes += 1
        attempts = self._attempts.get((before.tier, before.merchant_uid), [])
        if uid in attempts:
            attempts.remove(uid)
        for (tier, status, key), rows in self._by_time.items():
            if _belongs(before, tier, status):
                rows.remove(before.moment(key, uid))
        if known is not None and known.customer is not None:
            self._by_customer[known.tier, known.customer].pop(uid)
        if known is not None and known.number is not None:
            self._by_number[known.number].discard(uid)

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
        new = self._attempts.get((tier, merchant_uid), ())
        if self._older is None:
            return new
        older = [uid for uid in self._older.attempts(tier, merchant_uid) if uid not in self._not_older]
        return [*dict.fromkeys((*older, *new))]

    def of_customer(self, tier: str | None, customer_uid: str) -> list[str]:
        """Return the uids of the payments that name a billing key."""
        loaded = self._by_customer.get((tier, customer_uid), {})
        if self._older is None:
            return list(loaded)
        older = [uid for uid in self._older.of_customer(tier, customer_uid) if uid in loaded or self._only_older(uid)]
        return [*dict.fromkeys((*older, *loaded))]

    def tiers(self) -> set[str | None]:
        """Return the tiers of all payments, except of those that are only in the file."""
        return {place.tier for place in self._places.values()}

    def waiting_for(self, number: str) -> list[str]:
        """Return the uids of the open payments that a buyer pays into by this account or payment number."""
        loaded = self._by_number.get(number, set())
        older = () if self._older is None else self._older.waiting_for(number)
        return [*loaded, *(uid for uid in older if self._only_older(uid))]

    def deadlines(self) -> Iterator[tuple[str, Place]]:
        """Iterate over the open payments that expire."""
        if self._older is not None:
            yield from ((uid, place) for uid, place in self._older.deadlines() if self._only_older(uid))
        for uid, place in self._places.items():
            if place.status == "ready" and place.deadline:
                yield uid, place

    def _only_older(self, uid: str) -> bool:
        return uid not in self._places and uid not in self._not_older

    def search(
        self, tier: str | None, status: str, since: int, until: int, sort_key: SortKey, *, descending: bool
    ) -> Sequence[Moment]:
        """Return the payments whose status has its time in the period, in the order of the sort key."""
        parts = [self._period(tier, one, since, until) for one in (COUNTED if status == ALL else (status,))]
        if len(parts) == 1 and COUNTED.get(status) == sort_key:
            return Found(*parts[0], descending=descending)
        if all(last - first == len(rows) for rows, first, last in parts):
            whole = self._list(tier, status, sort_key)
            return Found(whole, 0, len(whole), descending=descending)
        total = sum(last - first for _, first, last in parts)
        if total <= FEW:
            uids = (row[2] for rows, first, last in parts for row in rows[first:last])
            moments = sorted(place.moment(sort_key, uid) for uid in uids if (place := self._place(uid)) is not None)
            return Found(moments, 0, len(moments), descending=descending)
        wanted = (tier, status, since, until, sort_key, descending, self._changes)
        if self._last_search is None or self._last_search[0] != wanted:
            rows = self._in_order(tier, status, (since, until), sort_key, descending=descending)
            chosen = (row for row in rows if self._counts_in(row[2], since, until))
            self._last_search = wanted, Begun(chosen, total)
        return self._last_search[1]

    def _in_order(
        self, tier: str | None, status: str, period: tuple[int, int], sort_key: SortKey, *, descending: bool
    ) -> Iterator[Moment]:
        """Iterate in order over the payments that include those of the period."""
        rows, (since, until) = self._list(tier, status, sort_key), period
        # A payment is started before the time that counts, and paid before it was cancelled; it is updated last.
        if descending:
            last = len(rows) if sort_key == "updated" else rows.bisect_left((until + 1, -1, ""))
            return rows.islice(0, last, reverse=True)
        if sort_key == "paid" and status not in ("paid", "cancelled"):
            return iter(rows)  # unpaid payments come first
        earliest = since if sort_key == "updated" else since - self._wait(status)
        return rows.islice(rows.bisect_left((earliest, -1, "")))

    def _wait(self, status: str) -> int:
        """Return the longest time from the start of a payment of a status to that status."""
        if self._older is not None:
            for one, wait in self._older.waits().items():
                self._longest_wait[one] = max(wait, self._longest_wait.get(one, 0))
        waits = self._longest_wait
        return max(waits.values(), default=0) if status == ALL else waits.get(status, 0)

    def _counts_in(self, uid: str, since: int, until: int) -> bool:
        place = self._place(uid)
        return place is not None and since <= getattr(place, COUNTED.get(place.status, "started")) <= until

    def _period(self, tier: str | None, status: str, since: int, until: int) -> tuple[SortedList[Moment], int, int]:
        rows = self._list(tier, status, COUNTED.get(status, "started"))
        return (rows, rows.bisect_left((since, -1, "")), rows.bisect_left((until + 1, -1, "")))

    def _list(self, tier: str | None, status: str, key: str) -> SortedList[Moment]:
        found = self._by_time.get((tier, status, key))
        if found is None:
            loaded = (place.moment(key, uid) for uid, place in self._places.items() if _belongs(place, tier, status))
            older: list[Moment] = []
            if self._older is not None:
                rows = self._older.moments(tier, None if status == ALL else status, key)
                older = [row for row in rows if self._only_older(row[2])] if self._places or self._not_older else rows
            found = SortedList([*older, *loaded])
            self._by_time[tier, status, key] = found
        return found


def _belongs(place: Place, tier: str | None, status: str) -> bool:
    return place.tier == tier and status in (ALL, place.status)
