"""Arguments and results of the payment window, as entries of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..errors.base import Refusal
from ..state.exchanges import Exchange

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from .sessions import Window

__all__ = ["note_opened", "note_result"]

OPERATIONS: Final = {"payment": "request_pay", "certification": "certification"}
WINDOWS: Final = "/_sandbox/web/windows"
SHOWN: Final = ("merchant_uid", "pg", "channelKey", "channel_key", "pay_method", "amount", "currency")
LONGEST: Final = 200


def note_opened(engine: Engine, window: Window, advice: Iterable[str], refusal: Refusal | None = None) -> None:
    """Record `request_pay` or `certification`, with the PG's rules that it breaks. No personal data is kept."""
    asked = {name: str(window.asked[name])[:LONGEST] for name in SHOWN if window.asked.get(name) not in (None, "")}
    asked |= {} if window.imp_uid is None else {"imp_uid": window.imp_uid}
    _note(engine, window, OPERATIONS[window.kind], asked, advice, refusal)


def note_result(engine: Engine, window: Window) -> None:
    """Record the result that the page receives. The shop's server has to check it."""
    if window.silent or window.kind != "payment" or window.outcome is None:
        return
    names = ("imp_uid", "merchant_uid", "success", "error_code")
    result: Mapping[str, Any] = {name: window.outcome[name] for name in names if window.outcome.get(name) is not None}
    _note(engine, window, "window_result", dict(result), ())


def _note(
    engine: Engine,
    window: Window,
    operation: str,
    arguments: dict[str, Any],
    advice: Iterable[str],
    refusal: Refusal | None = None,
) -> None:
    exchange = Exchange(
        at=engine.clock.now(),
        method="POST",
        path=WINDOWS,
        operation=operation,
        tier=window.tier,
        arguments=arguments,
        status=200 if refusal is None else refusal.status,
        code=0 if refusal is None else refusal.code,
        message=None if refusal is None else refusal.message,
        advice=list(advice),
    )
    with engine.transaction():
        engine.journal.append(exchange)
