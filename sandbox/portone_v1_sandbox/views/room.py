"""The content of the control room: everything that it can set."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from portone_v1_generated.operations import OPERATIONS

from ..certifications.window import open_numbers
from ..merchant.channels import unknown_channel
from ..naver.events import EVENTS as NAVER_EVENTS
from ..payments.inicis_escrow import EVENTS as ESCROW_EVENTS
from ..shops.scenarios import SCENARIOS
from ..state.cards import TEST_CARDS
from ..state.pay_methods import PAY_METHODS
from .rows import webhook_row
from .text import legible

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["room"]

LATEST: Final = 20
OPENED: Final = ("request_pay", "certification")


def room(engine: Engine) -> dict[str, Any]:
    """Return clock, faults, declines, webhooks, one-time codes, channels, product orders and snapshots."""
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
            {
                "number": f.number,
                "kind": f.kind,
                "left": f.left,
                "operation": f.operation,
                "executed": f.executed,
                "status": f.status,
            }
            for f in state.faults
        ],
        "declines": [
            {
                "number": d.number,
                "message": d.message,
                "left": d.left,
                "outcome": d.outcome,
                "card": None if d.card is None else d.card.masked,
                "pg": d.pg,
                "customer_uid": d.customer_uid,
            }
            for d in state.declines
        ],
        "otp": open_numbers(state, engine.clock.now(), LATEST),
        "cards": list(TEST_CARDS),
        "naver_events": list(NAVER_EVENTS),
        "escrow_events": list(ESCROW_EVENTS),
        "product_orders": [
            {"product_order_id": one.product_order_id, "name": one.product_name, "status": one.product_order_status}
            for one in map(state.product_orders.get_clean, reversed([*islice(reversed(state.product_orders), LATEST)]))
        ],
        "snapshots": [
            {"name": name, "now": kept.now, "payments": kept.payments} for name, kept in engine.snapshots.items()
        ],
        "scenarios": [{"about": s.about, "about_ko": s.about_ko, "name": name} for name, s in SCENARIOS.items()],
        "unknown": _unknown(engine),
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


def _unknown(engine: Engine) -> list[dict[str, Any]]:
    """Return each `pg` and `channelKey` that a page named and that no channel has, the latest first."""
    found: dict[tuple[str, str], int] = {}
    for exchange in reversed(engine.journal):
        if exchange.operation not in OPENED:
            continue
        asked = exchange.arguments
        key = asked.get("channelKey") or asked.get("channel_key")
        if unknown_channel(engine.settings.channels, key, asked.get("pg")) is not None:
            named = ("channel_key", str(key)) if key else ("pg", str(asked["pg"]))
            found[named] = found.get(named, 0) + 1
    return [{"name": name, "value": value, "times": times} for (name, value), times in found.items()][:LATEST]
