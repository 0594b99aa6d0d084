"""The content of the control room: everything that it can set."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from portone_v1_generated.operations import OPERATIONS

from ..certifications.window import open_numbers
from ..naver.events import EVENTS as NAVER_EVENTS
from ..payments.checkout import PAY_METHODS
from ..payments.inicis_escrow import EVENTS as ESCROW_EVENTS
from ..state.cards import TEST_CARDS
from .rows import webhook_row
from .text import legible

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["room"]

LATEST: Final = 20


def room(engine: Engine) -> dict[str, Any]:
    """Return clock, faults, declines, webhooks, one-time codes, channels and orders."""
    state = engine.state
    waiting = [state.deliveries[number] for number in state.outbox.waiting[:200] if number in state.deliveries]
    latest = [d for n in range(len(state.deliveries), 0, -1)[:LATEST] if (d := state.deliveries.get(n)) is not None]
    content: dict[str, Any] = {
        "clock": {"frozen": engine.clock.frozen, "now": engine.clock.now(), "rate": Decimal(str(engine.clock.rate))},
        "webhooks": {
            "url": state.webhooks.url,
            "test_url": state.webhooks.test_url,
            "content_type": state.webhooks.content_type,
            "repeats": state.webhooks.repeats,
            "held": state.outbox.paused,
            "discard_next": state.outbox.discard_next,
            "waiting": [webhook_row(one.notification, one) for one in waiting],
            "latest": [webhook_row(one.notification, one) for one in latest],
        },
        "faults": [
            {"kind": f.kind, "left": f.left, "operation": f.operation, "executed": f.executed, "status": f.status}
            for f in state.faults
        ],
        "declines": [
            {
                "message": d.message,
                "left": d.left,
                "outcome": d.outcome,
                "card": None if d.card is None else d.card.masked,
                "pg": d.pg,
                "customer_uid": d.customer_uid,
            }
            for d in state.declines
        ],
        "otp": open_numbers(state, engine.clock.now()),
        "cards": list(TEST_CARDS),
        "naver_events": list(NAVER_EVENTS),
        "escrow_events": list(ESCROW_EVENTS),
        "pay_methods": ["card", *sorted(set(PAY_METHODS) - {"card"})],
        "operations": sorted(OPERATIONS),
        "channels": [
            {
                "channel_key": channel.channel_key,
                "pg_provider": channel.pg_provider,
                "pg_id": channel.pg_id,
                "type": channel.type,
                "sandbox": channel.sandbox,
            }
            for channel in engine.settings.channels
        ],
    }
    shown: dict[str, Any] = legible(content)
    return shown
