"""Record what a transaction has changed as events: states of payments, money, and webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..wire.money import to_wire
from .log import EvidenceLog
from .uids import Uids

if TYPE_CHECKING:
    from ..state.deliveries import Delivery
    from ..state.notifications import Notification
    from ..state.state import Movement, State

__all__ = ["Observer"]


class Observer:
    """Compare the logs of the state with what has been recorded, at the end of each transaction."""

    def __init__(self, log: EvidenceLog, state: State) -> None:
        self._log = log
        self.start_from(state)

    def start_from(self, state: State) -> None:
        """Treat everything in the state as known."""
        self._movements, self._notifications, self._deliveries = _lengths(state)
        self._ledger = state.ledger
        state.payments.moved()

    def observe(self, state: State, at: float) -> None:
        """Record what is new."""
        if self._ledger is not state.ledger:  # It was emptied.
            self._movements = self._notifications = self._deliveries = 0
            self._ledger = state.ledger
        self._movements = min(self._movements, len(state.ledger))
        self._notifications = min(self._notifications, len(state.notifications))
        self._deliveries = min(self._deliveries, len(state.deliveries))
        for uid, before, now in state.payments.moved():
            payment = state.payments.get_clean(uid) if uid in state.payments else None
            if payment is not None:
                about = Uids((uid,), (payment.merchant_uid,))
                facts = {"before": before, "now": now, "reason": payment.fail_reason if now == "failed" else None}
                self._log.add("state", at, "state", about=about, facts=facts)
        movements, notifications, deliveries = _lengths(state)
        if movements > self._movements:
            for movement in state.ledger[self._movements :]:
                self._movement(state, movement, at)
        if notifications > self._notifications or deliveries > self._deliveries:
            self._webhooks(state, at)
        self._movements, self._notifications, self._deliveries = movements, notifications, deliveries

    def _movement(self, state: State, movement: Movement, at: float) -> None:
        payment = state.payments.get_clean(movement.imp_uid) if movement.imp_uid in state.payments else None
        facts = {
            "amount": to_wire(movement.amount),
            "currency": movement.currency,
            "left": None if payment is None else to_wire(payment.remaining),
        }
        about = Uids((movement.imp_uid,), (movement.merchant_uid,))
        self._log.add("ledger", at, movement.kind, about=about, facts=facts)

    def _webhooks(self, state: State, at: float) -> None:
        sent: set[int] = set()
        for number in range(self._deliveries + 1, len(state.deliveries) + 1):
            delivery: Delivery | None = state.deliveries.get(number)
            if delivery is None:
                continue
            sent.add(id(delivery.notification))
            self._webhook(delivery.notification, at, number)
        for notification in state.notifications[self._notifications :]:
            if id(notification) not in sent:
                self._webhook(notification, at, None)

    def _webhook(self, notification: Notification, at: float, number: int | None) -> None:
        about = Uids((notification.imp_uid,), (notification.merchant_uid,))
        facts = {"status": notification.status, "event": notification.event}
        self._log.add("webhook", at, "webhook", about=about, facts=facts, delivery=number)


def _lengths(state: State) -> tuple[int, int, int]:
    return len(state.ledger), len(state.notifications), len(state.deliveries)
