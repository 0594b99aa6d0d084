"""The tabs of the dashboard: where their records are, how they are found, and how they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..evidence.log import CALLS
from ..state.schedules import LISTED
from ..state.tables.found import Arrivals
from ..state.tables.sought import words_of
from ..wire.money import to_wire
from . import rows
from .by_name import events_named, of_tier_and_uid, webhook_name, webhooks_named
from .payment_search import statuses_of_payments

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..evidence.events import Event
    from ..state.billing_keys import BillingKeyRecord
    from ..state.payments import PaymentRecord
    from ..state.schedules import ScheduleRecord
    from .by_name import Webhook
    from .query import Conditions

__all__ = ["TABLES", "Table"]

SCHEDULE_STATUSES: Final = ("scheduled", "executed", "revoked")


@dataclass(frozen=True, slots=True)
class Table:
    """One tab. Its records are a sequence, the newest last; the cursors of the pages are places in it."""

    keys: Callable[[Engine], Sequence[Any]]
    read: Callable[[Engine, Any], Any]
    """The record of a key, None if it is gone."""
    name: Callable[[Any], str]
    """The name by which a page asks for a row again."""
    row: Callable[[Engine, Any], dict[str, Any]]
    words: Callable[[Any], tuple[object, ...]]
    """The texts that are searched."""
    status: Callable[[Any], str]
    at: Callable[[Any], float]
    total: Callable[[Engine], int]
    named: Callable[[Engine, str], Iterable[Any]]
    """The records that have a name."""
    statuses: Callable[[Engine], dict[str, int] | None] = lambda _engine: None
    """The number of records by status, None if only a search can count them."""
    of_status: Callable[[Engine, str], Sequence[Any]] | None = None
    """The keys of a status, if an index has them."""
    fits: Callable[[Any, Conditions], bool] = lambda _record, _wanted: True
    """Whether a record meets the conditions that only this tab has."""
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


def _schedules(engine: Engine, status: str | None = None) -> Sequence[ScheduleRecord]:
    """Return the past schedules, then the open ones, the soonest at the end; or only those of a status."""
    return engine.state.schedules.with_late_groups().found((LISTED,) if status is None else (LISTED, status))


def _schedule_statuses(engine: Engine) -> dict[str, int]:
    schedules = engine.state.schedules.with_late_groups()
    counts = {status: schedules.count((LISTED, status)) for status in SCHEDULE_STATUSES}
    return {status: count for status, count in counts.items() if count}


def _issued(engine: Engine) -> dict[str, int]:
    count = len(engine.state.billing_keys)
    return {"issued": count} if count else {}


def _payment_statuses(engine: Engine) -> dict[str, int] | None:
    payments = engine.state.payments
    return statuses_of_payments(payments.sought()) if payments.is_sought else None


def _schedule_words(one: ScheduleRecord) -> tuple[object, ...]:
    return one.merchant_uid, one.customer_uid, one.name, one.imp_uid, to_wire(one.amount), one.schedule_status, one.tier


def _webhook_words(webhook: Webhook) -> tuple[object, ...]:
    notification, delivery = webhook
    sent = () if delivery is None else (delivery.url, delivery.state, delivery.status, f"#{delivery.number}")
    return notification.merchant_uid, notification.imp_uid, notification.status, notification.event, *sent


def _webhook_state(webhook: Webhook) -> str:
    return "none" if webhook[1] is None else webhook[1].state


def _journal(engine: Engine) -> list[Event]:
    return [event for event in engine.evidence if event.kind in CALLS]


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
        named=lambda engine, uid: [engine.state.payments.get_clean(uid)] if uid in engine.state.payments else [],
        statuses=_payment_statuses,
        fits=_fits,
    ),
    "billing_keys": Table(
        keys=lambda engine: Arrivals(engine.state.billing_keys),
        read=_itself,
        name=lambda key: f"{key.tier or ''}/{key.customer_uid}",
        row=lambda _engine, key: rows.billing_key_row(key),
        words=_key_words,
        status=lambda _key: "issued",
        at=lambda key: key.inserted,
        total=lambda engine: len(engine.state.billing_keys),
        named=lambda engine, name: of_tier_and_uid(engine.state.billing_keys, name),
        statuses=_issued,
        of_status=lambda engine, status: Arrivals(engine.state.billing_keys if status == "issued" else {}),
    ),
    "schedules": Table(
        keys=_schedules,
        read=_itself,
        name=lambda schedule: f"{schedule.tier or ''}/{schedule.merchant_uid}",
        row=lambda engine, schedule: rows.schedule_row(engine.state, schedule),
        words=_schedule_words,
        status=lambda schedule: str(schedule.schedule_status),
        at=lambda schedule: schedule.schedule_at,
        total=lambda engine: len(engine.state.schedules),
        named=lambda engine, name: of_tier_and_uid(engine.state.schedules, name),
        statuses=_schedule_statuses,
        of_status=_schedules,
    ),
    "webhooks": Table(
        keys=lambda engine: engine.webhooks.of(engine.state),
        read=_itself,
        name=webhook_name,
        row=lambda _engine, webhook: rows.webhook_row(*webhook),
        words=_webhook_words,
        status=_webhook_state,
        at=lambda webhook: webhook[0].at,
        total=lambda engine: max(len(engine.state.notifications), len(engine.state.deliveries)),
        named=webhooks_named,
        statuses=lambda engine: engine.webhooks.of(engine.state).statuses(),
        whole=lambda engine: engine.webhooks.of(engine.state).is_whole,
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
        named=events_named,
    ),
}
