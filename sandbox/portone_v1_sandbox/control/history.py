"""Control calls for the past: show what happened, make up a history, delete everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ..errors.base import wrong_value
from ..merchant.tokens import read_tier
from ..payments.checkout import PAY, pay
from ..state.payments import PaymentRecord, payment_to_wire
from ..state.state import Movement
from ..wire.forms import body_values
from ..wire.json_types import is_list, is_object
from ..wire.money import to_wire
from .clock import step_of

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..wire.messages import Request

__all__ = ["HISTORY_CONTROLS", "seed"]


def _reset(engine: Engine, _request: Request) -> None:
    engine.state.clear()
    engine.journal.clear()
    engine.clock.forget()
    engine.evidence.clear()


def _expire_tokens(engine: Engine, _request: Request) -> None:
    engine.state.token = None


def _seed(engine: Engine, request: Request) -> list[dict[str, Any]]:
    """Create a history: pay one entry after the other, moving the clock before each by its `advance`."""
    entries = body_values(request).get("payments")
    if not is_list(entries):
        raise wrong_value("payments")
    return [payment_to_wire(record) for record in seed(engine, entries, read_tier(request))]


def seed(engine: Engine, entries: Sequence[Any], tier: str | None) -> list[PaymentRecord]:
    """Pay one entry after the other. Raises Refusal."""
    planted: list[PaymentRecord] = []
    for entry in entries:
        if not is_object(entry):
            raise wrong_value("payments")
        engine.clock.advance(seconds=step_of(entry.get("advance", 0)))
        engine.catch_up()
        body = {name: value for name, value in entry.items() if name != "advance"}
        planted.append(pay(engine.call(PAY, {"body": body}, tier)))
        engine.state.payments.commit()  # Otherwise each entry would look at all earlier ones again.
    return planted


def _ledger(engine: Engine, _request: Request) -> list[dict[str, Any]]:
    return [_movement_to_wire(movement) for movement in engine.state.ledger]


def _movement_to_wire(movement: Movement) -> dict[str, Any]:
    return asdict(movement) | {"amount": to_wire(movement.amount)}


def _journal(engine: Engine, _request: Request) -> list[dict[str, Any]]:
    return [asdict(exchange) | {"took": to_wire(Decimal(str(round(exchange.took, 3))))} for exchange in engine.journal]


HISTORY_CONTROLS: Final[dict[str, dict[str, Callable[[Engine, Request], Any]]]] = {
    "/_sandbox/reset": {"POST": _reset},
    "/_sandbox/expire-tokens": {"POST": _expire_tokens},
    "/_sandbox/seed": {"POST": _seed},
    "/_sandbox/ledger": {"GET": _ledger},
    "/_sandbox/journal": {"GET": _journal},
}
