"""Show the findings about one payment at its events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from .detect import OF_ONE_PAYMENT, Seen, detect, is_about

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..evidence.events import Event
    from ..state.exchanges import Exchange
    from ..state.payments import PaymentRecord

__all__ = ["event_of", "rules_at_events"]

WINDOWS: Final = {
    "request_pay": ("window.open",),
    "window_result": ("window.approve", "window.decline", "window.leave"),
}
"""Name of a window in the journal → the events that show it."""


def rules_at_events(engine: Engine, payment: PaymentRecord, events: Iterable[Event]) -> dict[int, list[str]]:
    """Return the rules with a finding about a payment, by the last event that shows it."""
    known = list(events)
    journal = [each for each in engine.journal if is_about(each, payment)]
    found: dict[int, list[str]] = {}
    for rule, findings in detect(Seen(journal, engine.state), OF_ONE_PAYMENT).items():
        if rule in engine.settings.muted_rules:
            continue
        for evidence in findings:
            at = next((event.id for each in reversed(evidence) if (event := event_of(each, known)) is not None), None)
            if at is not None and rule not in found.setdefault(at, []):
                found[at].append(rule)
    return found


def event_of(exchange: Exchange, events: Iterable[Event]) -> Event | None:
    """Return the event of an entry of the journal."""
    delivery, windows = exchange.arguments.get("delivery"), WINDOWS.get(exchange.operation or "", ())
    for event in events:
        if delivery is not None:
            if str(event.delivery) == delivery:
                return event
        elif windows:
            # Both are written when the window opens or ends, in the same second.
            if event.kind == "window" and event.what in windows and int(event.at) == exchange.at:
                return event
        elif event.kind == "api" and event.number == exchange.number:
            return event
    return None
