"""What can be listed: the records of each tab, how they are found, and how they are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..state.tables.sought import words_of
from ..wire.money import to_wire
from . import rows

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..evidence.events import Event
    from ..state.billing_keys import BillingKeyRecord
    from ..state.deliveries import Delivery
    from ..state.notifications import Notification
    from ..state.payments import PaymentRecord
    from ..state.schedules import ScheduleRecord
    from .query import Conditions

__all__ = ["TABLES", "Table"]

LATEST: Final = 20_000
"""Webhooks that can be listed."""


@dataclass(frozen=True, slots=True)
class Table:
    """One tab. The records stand in a sequence, the newest last, whose places are the cursors of the pages."""

    keys: Callable[[Engine], Sequence[Any]]
    read: Callable[[Engine, Any], Any]
    """The record of a key, None if it is gone."""
    name: Callable[[Any], str]
    """By which a page asks for a row again."""
    row: Callable[[Engine, Any], dict[str, Any]]
    words: Callable[[Any], tuple[object, ...]]
    """What is searched."""
    status: Callable[[Any], str]
    at: Callable[[Any], float]
    total: Callable[[Engine], int]
    fits: Callable[[Any, Conditions], bool] = lambda _record, _wanted: True
    """Conditions that the others do not have."""
    whole: Callable[[Engine], bool] = lambda _engine: True
    """Whether all records are listed."""


def _itself(_engine: Engine, record: Any) -> Any:
    return record


def _fits(payment: PaymentRecord, wanted: Conditions) -> bool:
    if wanted.pg and payment.pg_provider != wanted.pg:
        return False
    if wanted.method and wanted.method not in (payment.pay_method, payment.emb_pg_provider):
        return False
    if wanted.lowest is not None and payment.amount < wanted.lowest:
        return False
    return wanted.highest is None or payment.amount <= wanted.highest


def _key_words(key: BillingKeyRecord) -> tuple[object, ...]:
    return key.customer_uid, key.customer_name, key.customer_tel, key.customer_email, key.pg_provider, key.tier


def _soonest(engine: Engine) -> list[ScheduleRecord]:
    """Return the past schedules, then the open ones, the soonest at the end of the list."""
    everything = list(engine.state.schedules.values())
    waiting = sorted((s for s in everything if s.schedule_status == "scheduled"), key=lambda s: -s.schedule_at)
    over = sorted((s for s in everything if s.schedule_status != "scheduled"), key=_schedule_time)
    return [*over, *waiting]


def _schedule_time(schedule: ScheduleRecord) -> int:
    return schedule.executed_at or schedule.revoked_at or schedule.schedule_at


def _schedule_words(one: ScheduleRecord) -> tuple[object, ...]:
    return one.merchant_uid, one.customer_uid, one.name, one.imp_uid, to_wire(one.amount), one.schedule_status, one.tier


Webhook = tuple["Notification", "Delivery | None"]


def _webhooks(engine: Engine) -> list[Webhook]:
    state = engine.state
    numbers = range(max(1, len(state.deliveries) - LATEST + 1), len(state.deliveries) + 1)
    deliveries = [delivery for number in numbers if (delivery := state.deliveries.get(number)) is not None]
    sent = {id(delivery.notification) for delivery in deliveries} | {hash(d.notification) for d in deliveries}
    notifications = state.notifications[max(0, len(state.notifications) - LATEST) :]
    alone = [one for one in notifications if id(one) not in sent and hash(one) not in sent]
    found: list[Webhook] = [(delivery.notification, delivery) for delivery in deliveries]
    found += [(notification, None) for notification in alone]
    return sorted(found, key=lambda one: (one[0].at, one[1].number if one[1] else 0))


def _webhook_words(webhook: Webhook) -> tuple[object, ...]:
    notification, delivery = webhook
    sent = () if delivery is None else (delivery.url, delivery.state, delivery.status, f"#{delivery.number}")
    return notification.merchant_uid, notification.imp_uid, notification.status, notification.event, *sent


def _webhook_name(webhook: Webhook) -> str:
    notification, delivery = webhook
    return f"{notification.imp_uid}.{notification.at}" if delivery is None else str(delivery.number)


def _webhook_state(webhook: Webhook) -> str:
    return "none" if webhook[1] is None else webhook[1].state


def _journal(engine: Engine) -> list[Event]:
    return [event for event in engine.evidence if event.kind in ("api", "control", "window")]


def _event_words(event: Event) -> tuple[object, ...]:
    where = f"{event.method} {event.path}"
    names = (*event.imp_uids, *event.merchant_uids, *event.unknown)
    return where, event.what, event.status, event.message, event.fault, *names


def _event_status(event: Event) -> str:
    return "good" if (event.status or 200) < 400 and not event.code else "bad"


TABLES: Final[dict[str, Table]] = {
    "payments": Table(
        keys=lambda engine: engine.state.payments.arrivals(),
        read=lambda engine, uid: engine.state.payments.get_clean(uid) if uid in engine.state.payments else None,
        name=lambda payment: str(payment.imp_uid),
        row=lambda engine, payment: rows.payment_row(engine.state, payment),
        words=words_of,
        status=lambda payment: str(payment.shown_status),
        at=lambda payment: payment.started_at,
        total=lambda engine: len(engine.state.payments),
        fits=_fits,
    ),
    "billing_keys": Table(
        keys=lambda engine: list(engine.state.billing_keys.values()),
        read=_itself,
        name=lambda key: f"{key.tier or ''}/{key.customer_uid}",
        row=lambda _engine, key: rows.billing_key_row(key),
        words=_key_words,
        status=lambda _key: "issued",
        at=lambda key: key.inserted,
        total=lambda engine: len(engine.state.billing_keys),
    ),
    "schedules": Table(
        keys=_soonest,
        read=_itself,
        name=lambda schedule: f"{schedule.tier or ''}/{schedule.merchant_uid}",
        row=lambda engine, schedule: rows.schedule_row(engine.state, schedule),
        words=_schedule_words,
        status=lambda schedule: str(schedule.schedule_status),
        at=lambda schedule: schedule.schedule_at,
        total=lambda engine: len(engine.state.schedules),
    ),
    "webhooks": Table(
        keys=_webhooks,
        read=_itself,
        name=_webhook_name,
        row=lambda _engine, webhook: rows.webhook_row(*webhook),
        words=_webhook_words,
        status=_webhook_state,
        at=lambda webhook: webhook[0].at,
        total=lambda engine: max(len(engine.state.notifications), len(engine.state.deliveries)),
        whole=lambda engine: max(len(engine.state.notifications), len(engine.state.deliveries)) <= LATEST,
    ),
    "journal": Table(
        keys=_journal,
        read=_itself,
        name=lambda event: str(event.id),
        row=lambda _engine, event: rows.event_row(event),
        words=_event_words,
        status=_event_status,
        at=lambda event: event.at,
        total=lambda engine: engine.evidence.calls,
    ),
}
