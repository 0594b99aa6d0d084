"""The webhooks that the dashboard lists, kept in the order of time instead of sorted again."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, overload

from sortedcontainers import SortedList

from ..state.tables.found import NEAR_THE_END

if TYPE_CHECKING:
    from ..state.deliveries import Delivery
    from ..state.notifications import Notification
    from ..state.state import State

    Webhook = tuple[Notification, Delivery | None]

__all__ = ["WebhookList"]

LATEST: Final = 20_000
"""The most notifications, and the most deliveries, that are listed."""
Row = tuple[int, int, int]
"""The time, the number of the delivery, and the place in the log of a notification that has no delivery."""


class WebhookList(Sequence["Webhook"]):
    """The latest deliveries and the latest notifications that have none. It is valid until the state changes."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self, state: State | None = None) -> None:
        self._state: Any = state
        self._log: Any = None if state is None else state.notifications
        self._rows: SortedList[Row] = SortedList()
        self._latest: Sequence[Row] = ()
        self._of_uid: dict[str, list[Row]] = {}
        self._delivered: deque[Row] = deque()
        self._alone: deque[Row] = deque()
        self._open: list[Row] = []
        """Rows of notifications that are not enqueued yet: each may still get a delivery."""
        self._waiting: set[int] = set()
        self._ended: Counter[str] = Counter()
        """Number of deliveries by their last state."""
        self._known = 0
        """Number of notifications whose rows no longer change."""
        self._numbered = 0

    def of(self, state: State) -> WebhookList:
        """Bring the list up to date with the state, and return it."""
        log, deliveries = state.notifications, state.deliveries
        if self._log is not log or self._known > len(log) or self._numbered > len(deliveries):
            self._begin(state)  # The state was emptied or restored.
        while self._open:
            self._remove(self._open.pop())
        first = max(self._known, len(log) - LATEST)
        notifications = log[first:]
        new, sent = self._new_deliveries(deliveries, min((each.at for each in notifications), default=0))
        self._delivered.extend(new)
        for place, notification in enumerate(notifications, first):
            if hash(notification) not in sent:
                row = (notification.at, 0, place)
                new.append(row)
                (self._alone if place < state.outbox.enqueued else self._open).append(row)
        self._known, self._numbered = min(len(log), max(first, state.outbox.enqueued)), len(deliveries)
        self._rows.update(new)
        self._waiting.update(number for _, number, _ in new if number)
        for row in new:
            for uid in self._uids(row):
                self._of_uid.setdefault(uid, []).append(row)
        while self._delivered and self._delivered[0][1] <= len(deliveries) - LATEST:
            self._remove(self._delivered.popleft())
        while self._alone and self._alone[0][2] < len(log) - LATEST:
            self._remove(self._alone.popleft())
        for number in tuple(self._waiting):
            if (ended := deliveries[number].state) != "waiting":
                self._ended[ended] += 1
                self._waiting.remove(number)
        self._latest = self._rows[-NEAR_THE_END:]
        return self

    def statuses(self) -> dict[str, int]:
        """Return the number of webhooks by the state of the delivery, `none` for those without one."""
        alone = len(self._alone) + len(self._open)
        counts = {"waiting": len(self._waiting), **self._ended, "none": alone}
        return {state: count for state, count in counts.items() if count}

    def _new_deliveries(self, deliveries: Mapping[int, Delivery], since: int) -> tuple[list[Row], set[int]]:
        """Return the rows of the new deliveries, and hashes of the notifications since a time that have a delivery."""
        rows: list[Row] = []
        sent: set[int] = set()
        for number in range(len(deliveries), self._numbered, -1):
            delivery = deliveries.get(number)
            if delivery is None:
                continue
            if number > len(deliveries) - LATEST:
                rows.append((delivery.notification.at, number, 0))
            elif delivery.notification.at < since and not delivery.resent:
                break  # The deliveries before it belong to earlier notifications.
            sent.add(hash(delivery.notification))
        return rows[::-1], sent

    @property
    def is_whole(self) -> bool:
        """Whether all webhooks are listed."""
        return max(len(self._log), len(self._state.deliveries)) <= LATEST

    def naming(self, uid: str) -> list[Webhook]:
        """Return the webhooks of a payment or an order, the oldest first."""
        return [self._webhook(row) for row in sorted(self._of_uid.get(uid, ()))]

    def _remove(self, row: Row) -> None:
        self._rows.remove(row)
        number = row[1]
        if number in self._waiting:
            self._waiting.remove(number)
        elif number:
            self._ended[self._state.deliveries[number].state] -= 1
        for uid in self._uids(row):
            self._of_uid[uid].remove(row)
            if not self._of_uid[uid]:
                del self._of_uid[uid]

    def _uids(self, row: Row) -> set[str]:
        notification, _ = self._webhook(row)
        return {notification.imp_uid, notification.merchant_uid}

    def _webhook(self, row: Row) -> Webhook:
        _, number, place = row
        if not number:
            return self._log[place], None
        delivery = self._state.deliveries[number]
        return delivery.notification, delivery

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Webhook: ...
    @overload
    def __getitem__(self, index: slice) -> list[Webhook]: ...
    def __getitem__(self, index: int | slice) -> Webhook | list[Webhook]:
        if isinstance(index, slice):
            return [self._webhook(row) for row in self._rows[index]]
        from_end = len(self._rows) - range(len(self._rows))[index]
        return self._webhook(self._latest[-from_end] if from_end <= len(self._latest) else self._rows[index])
