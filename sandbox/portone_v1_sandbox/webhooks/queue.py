"""웹훅: the queue of deliveries, as rules over the state. Nothing is sent here."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..errors.control import no_such_delivery
from ..state.deliveries import Attempt, Delivery
from ..state.notifications import Notification
from ..wire.hosts import is_loopback

if TYPE_CHECKING:
    from ..state.state import State

__all__ = [
    "delivery_of",
    "discard",
    "due_deliveries",
    "enqueue_deliveries",
    "reason_against_url",
    "record_attempt",
    "resend",
    "resume",
]


MOST_REPEATS: Final = 5
REPEATED_AFTER: Final = 60
ADDRESS: Final = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?(?:[/?#][^\s\\]*)?")


def reason_against_url(url: str, *, allow_remote: bool, hosts: Container[str] = ()) -> str | None:
    """Return why nothing may be sent to a URL, or None."""
    found = ADDRESS.fullmatch(url)
    if found is None:
        return "not an http or https URL"
    host = found[1].strip("[]").lower()
    if not allow_remote and host not in hosts and not is_loopback(host):
        return "not a loopback address; name its host in webhook_hosts to allow it"
    return None


def enqueue_deliveries(state: State) -> None:
    """Create the deliveries of new notifications. Without a URL there are none."""
    outbox = state.outbox
    for notification in state.notifications[outbox.enqueued :]:
        for url in notification.notice_urls or _own_url(state, notification):
            _put(state, notification, url)
    outbox.enqueued = len(state.notifications)


def _own_url(state: State, notification: Notification) -> tuple[str, ...]:
    payment = state.payments.get(notification.imp_uid)
    tested = payment is not None and payment.sandbox
    url = (state.webhooks.test_url if tested else None) or state.webhooks.url
    return () if url is None else (url,)


def _put(state: State, notification: Notification, url: str, *, resent: bool = False) -> Delivery:
    number = len(state.deliveries) + 1
    delivery = Delivery(
        number=number,
        notification=notification,
        url=url,
        # The form encoding of an event is not known.
        content_type="application/json" if notification.event else state.webhooks.content_type,
        due_at=0 if resent else notification.at,
        resent=resent,
    )
    refused = reason_against_url(url, allow_remote=state.webhooks.allow_remote, hosts=state.webhooks.hosts)
    if refused is not None:
        failure = Attempt(at=notification.at, status=0, error=refused)
        delivery = replace(delivery, state="failed", attempts=(failure,))
    elif state.outbox.discard_next and not resent:
        state.outbox.discard_next -= 1
        delivery = replace(delivery, state="dropped")
    elif not notification.awaits_answer or resent:
        state.outbox.waiting.append(number)
    elif state.outbox.paused:
        delivery = replace(delivery, state="dropped")  # The sender does not wait until it is resumed.
    else:
        state.outbox.confirming.append(number)
    state.deliveries[number] = delivery
    return delivery


def due_deliveries(state: State, now: int, busy: Container[int] = ()) -> list[Delivery]:
    """Return the deliveries that may be sent now, in order."""
    if state.outbox.paused:
        return []
    waiting_numbers = (state.deliveries[number] for number in state.outbox.waiting if number not in busy)
    return [delivery for delivery in waiting_numbers if delivery.due_at <= now]


def record_attempt(state: State, delivery: Delivery, attempt: Attempt) -> Delivery:
    """Record an attempt. After a network error or a 5xx it is repeated, if that is switched on."""
    if state.deliveries.get(delivery.number) != delivery:
        return delivery  # It was discarded or deleted while it was being sent.
    after = replace(delivery, attempts=(*delivery.attempts, attempt))
    repeated = state.webhooks.repeats and not delivery.resent and not delivery.notification.awaits_answer
    repeats = repeated and len(delivery.attempts) < MOST_REPEATS
    if 200 <= attempt.status < 300:
        after = replace(after, state="delivered")
    elif repeats and (attempt.status == 0 or attempt.status >= 500):
        after = replace(after, due_at=attempt.at + REPEATED_AFTER)
    else:
        after = replace(after, state="failed")
    if after.state != "waiting":
        _take_out(state, delivery.number)
    state.deliveries[delivery.number] = after
    return after


def delivery_of(state: State, number: int) -> Delivery:
    """Return a delivery. Raises Refusal if there is none of this number."""
    delivery = state.deliveries.get(number)
    if delivery is None:
        raise no_such_delivery(number)
    return delivery


def resend(state: State, numbers: Iterable[int]) -> list[Delivery]:
    """Queue the same webhooks for the same URLs again, in this order, as the console's button does. Raises Refusal."""
    chosen = [delivery_of(state, number) for number in numbers]
    return [_put(state, delivery.notification, delivery.url, resent=True) for delivery in chosen]


def discard(state: State, numbers: Iterable[int]) -> None:
    """Discard those of these deliveries that still wait. Raises Refusal if there is none of a number."""
    for delivery in [delivery_of(state, number) for number in numbers]:
        if delivery.state == "waiting":
            _take_out(state, delivery.number)
            state.deliveries[delivery.number] = replace(delivery, state="dropped")


def _take_out(state: State, number: int) -> None:
    state.outbox.waiting = [other for other in state.outbox.waiting if other != number]
    state.outbox.confirming = [other for other in state.outbox.confirming if other != number]


def resume(state: State, numbers: Iterable[int] = ()) -> None:
    """Resume sending: these first, in this order, then the others. Raises Refusal."""
    waiting_numbers = state.outbox.waiting
    first = [d.number for d in [delivery_of(state, n) for n in dict.fromkeys(numbers)] if d.number in waiting_numbers]
    state.outbox.waiting = first + [number for number in waiting_numbers if number not in first]
    state.outbox.paused = False
