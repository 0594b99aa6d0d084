"""One payment, and everything that happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..evidence.events import Event
from ..lint.payments import rules_at_events
from ..lint.rules import RULES
from ..state.payments import payment_to_wire
from ..wire.money import to_wire
from .next_steps import next_of_event, next_of_payment
from .rows import actions_of, event_row, payment_row
from .text import legible

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..state.payments import PaymentRecord
    from ..state.state import State

__all__ = ["event_line", "events_of", "payment_view", "timeline"]

OVER = ("paid", "cancelled", "failed")


def payment_view(engine: Engine, payment: PaymentRecord) -> dict[str, Any]:
    """Return a payment as V1 shows it, with its actions and the next step."""
    events = events_of(engine, payment)
    others = [one.imp_uid for one in engine.state.attempts(payment.tier, payment.merchant_uid)]
    return {
        "payment": legible(payment_to_wire(payment, extension=True)),
        "row": legible(payment_row(engine.state, payment)),
        "shown_status": payment.shown_status,
        "remaining": to_wire(payment.remaining),
        "actions": actions_of(engine.state, payment),
        "attempts": others if len(others) > 1 else [],
        "webhooks": [event.delivery for event in events if event.delivery],
        "last": events[-1].id if events else 0,
        "next": next_of_payment(engine.state, payment, events),
    }


def events_of(engine: Engine, payment: PaymentRecord) -> list[Event]:
    """Return the events of a payment in order, with the moves of the clock while it was alive."""
    events = engine.evidence.of_payment(payment.imp_uid, payment.merchant_uid)
    last = max((event.id for event in events if event.kind != "clock"), default=0)
    open_still = payment.status not in OVER
    events = [event for event in events if event.kind != "clock" or event.id < last or open_still]
    return [*_before_the_start(payment, events), *events]


def _before_the_start(payment: PaymentRecord, events: list[Event]) -> list[Event]:
    """Return the movements of money that the file has from before this process."""
    if any(event.kind == "ledger" and event.what == "charge" for event in events):
        return []
    since = int(events[0].at) if events else None
    about: dict[str, Any] = {"imp_uids": (payment.imp_uid,), "merchant_uids": (payment.merchant_uid,)}
    return [
        Event(id=0, kind="ledger", at=at, what=kind, facts={"amount": amount, "currency": payment.currency}, **about)
        for kind, at, amount in _movements(payment)
        if since is None or at <= since
    ]


def _movements(payment: PaymentRecord) -> list[tuple[str, int, Any]]:
    charge = [("charge", payment.paid_at, to_wire(payment.amount))] if payment.paid_at else []
    return charge + [("refund", one.cancelled_at, to_wire(one.amount)) for one in payment.cancel_history]


def event_line(state: State, event: Event) -> dict[str, Any]:
    """Return an event without its bodies."""
    line = event_row(event) | {"facts": dict(event.facts), "advice": list(event.advice), "delivery": event.delivery}
    if event.query:
        line["path"] = f"{event.path}?{event.query}"
    delivery = state.deliveries.get(event.delivery or 0)
    if delivery is not None:
        last = delivery.attempts[-1] if delivery.attempts else None
        held = state.outbox.paused and delivery.state == "waiting"
        line |= {
            "method": "POST",
            "path": delivery.url,
            "state": "held" if held else delivery.state,
            "resent": delivery.resent,
            "tries": len(delivery.attempts),
            "status": None if last is None else last.status,
            "error": None if last is None else last.error,
            "ms": None if last is None else last.ms,
        }
    shown: dict[str, Any] = legible(line)
    return shown | {"next": next_of_event(event, delivery)}


def timeline(engine: Engine, payment: PaymentRecord, after: int, limit: int) -> dict[str, Any]:
    """Return the events of a payment that follow one of them."""
    events = [event for event in events_of(engine, payment) if after == 0 or event.id > after]
    shown = events[:limit]
    rules = rules_at_events(engine, payment, events)
    return {
        "events": [
            event_line(engine.state, event) | {"findings": [_finding(rule) for rule in rules.get(event.id, ())]}
            for event in shown
        ],
        "next": shown[-1].id if len(events) > limit else None,
    }


def _finding(rule: str) -> dict[str, str]:
    words = RULES[rule]
    names = ("level", "title", "do", "title_ko", "do_ko")
    return {"rule": rule, **{name: str(getattr(words, name)) for name in names}}
