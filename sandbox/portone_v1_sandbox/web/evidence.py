"""Windows as events of a payment's timeline: the page's arguments, the buyer's choice, the page's result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from portone_v1_runtime.exact_json import dumps

from ..evidence.events import Side
from ..evidence.secrets import dropped
from ..evidence.uids import uids_of

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from .sessions import Window

__all__ = ["record_window"]


def record_window(engine: Engine, window: Window, what: str, asked: Mapping[str, Any]) -> None:
    """Record that a window was opened, or that the buyer did something in it."""
    result = None if window.outcome is None else _side(window.outcome)
    about = uids_of({"imp_uid": window.imp_uid, "merchant_uid": window.asked.get("merchant_uid")})
    facts = {"pg": window.pg_provider, "kind": window.kind, "card": asked.get("card")}
    with engine.transaction():
        at = engine.clock.moment()
        engine.evidence.add("window", at, what, about=about, facts=facts, request=_side(asked), answer=result)


def _side(values: Mapping[str, Any]) -> Side:
    body = dumps(dropped(dict(values)), ascii_only=True).encode("ascii")
    return Side(headers={"Content-Type": "application/json"}, body=body)
