"""Control calls for the clock."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ..errors.base import Refusal, missing_either, wrong_value
from ..errors.control import unusable_time
from ..state.conditions.clock import FASTEST, time_of
from ..wire.forms import body_values
from ..wire.money import to_wire

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..wire.messages import Request

__all__ = ["CLOCK_NAMES", "clock_to_wire", "move_clock", "step_of"]

CLOCK_NAMES: Final = ("advance", "date", "frozen", "rate")
LONGEST_STEP: Final = 10**9
LATEST: Final = 10**10


def clock_to_wire(engine: Engine, _request: Request) -> dict[str, Any]:
    return {"frozen": engine.clock.frozen, "now": engine.clock.now(), "rate": to_wire(Decimal(str(engine.clock.rate)))}


def move_clock(engine: Engine, request: Request) -> dict[str, Any]:
    """Set the time and the rate, freeze or run, and advance, in this order; refused as a whole."""
    values = body_values(request)
    if not values:
        raise missing_either(CLOCK_NAMES)
    at = _date(values["date"]) if "date" in values else None
    step = step_of(values["advance"]) if "advance" in values else 0
    frozen = values.get("frozen")
    if frozen not in (None, True, False, "true", "false"):
        raise wrong_value("frozen")
    rate = _rate(values["rate"]) if "rate" in values else None
    try:
        if at is not None:
            engine.clock.set(at)
    except ValueError as error:
        raise unusable_time(str(error)) from None
    if rate is not None:
        engine.clock.run(rate)
    if frozen in (True, "true"):
        engine.clock.freeze()
    elif frozen is not None:
        engine.clock.run()
    engine.clock.advance(seconds=step)
    return clock_to_wire(engine, request)


def _date(value: Any) -> int:
    """Return the UNIX seconds of UNIX seconds or of a time in Korea such as `2026-03-01T09:00`."""
    try:
        return step_of(time_of(value) if isinstance(value, str) else value, "date", LATEST)
    except (ValueError, OverflowError, Refusal):
        raise unusable_time("date must be UNIX seconds or a time in KST such as 2026-03-01T09:00") from None


def _rate(value: Any) -> float:
    try:
        rate = float(str(value)) if not isinstance(value, bool) else 0.0
    except ValueError:
        rate = 0.0
    if not 0 < rate <= FASTEST:
        raise wrong_value("rate")
    return rate


def step_of(value: Any, name: str = "advance", most: int = LONGEST_STEP) -> int:
    step = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if not isinstance(step, int) or isinstance(step, bool) or not 0 <= step <= most:
        raise wrong_value(name)
    return step
