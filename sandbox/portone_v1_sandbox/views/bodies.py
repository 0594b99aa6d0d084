"""One event with its bodies: masked, readable, and cut if they are long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from portone_v1_runtime.exact_json import dumps

from ..evidence.bodies import parsed
from ..evidence.masking import masked_text, shown
from ..webhooks.sender import webhook_call
from .text import legible
from .timeline import event_line

if TYPE_CHECKING:
    from ..evidence.events import Event, Side
    from ..state.deliveries import Attempt, Delivery
    from ..state.state import State

__all__ = ["whole_event"]

CUT: Final = 64 * 1024
"""The most bytes of a body that a page gets at first."""


def whole_event(state: State, event: Event, *, reveal: bool = False, whole: bool = False) -> dict[str, Any]:
    """Return an event with request, response and attempts."""

    def side(one: Side | None) -> dict[str, Any] | None:
        return None if one is None else _side(one, event.what, reveal=reveal, whole=whole)

    line = event_line(state, event) | {"request": side(event.request), "answer": side(event.answer)}
    delivery = state.deliveries.get(event.delivery or 0)
    if delivery is not None:
        line |= _webhook(delivery)
    if event.kind in ("ledger", "state", "clock"):
        line["answer"] = {"headers": {}, "body": legible(dict(event.facts)), "size": 0, "cut": False, "none": None}
    return line


def _side(side: Side, what: str, *, reveal: bool, whole: bool) -> dict[str, Any]:
    kind = next((value for name, value in side.headers.items() if name.lower() == "content-type"), None)
    value = parsed(side.body, kind) if side.body else None
    size, cut = len(side.body), False
    if value is not None:
        body = legible(shown(value, what, reveal=reveal), None)
        if size > CUT and not whole:
            body, cut = dumps(body)[:CUT], True
    elif side.body:
        text = masked_text(side.body.decode("utf-8", "replace"))
        cut = len(text) > CUT and not whole
        body = legible(text, CUT if cut else None)
    else:
        body = None
    headers = {name: legible(value) for name, value in side.headers.items()}
    return {"headers": headers, "body": body, "size": size, "cut": cut, "none": side.none}


def _webhook(delivery: Delivery) -> dict[str, Any]:
    call = webhook_call(delivery)
    last = delivery.attempts[-1] if delivery.attempts else None
    return {
        "request": {
            "headers": {"Content-Type": call.content_type, "User-Agent": "portone-v1-sandbox"},
            "body": legible(parsed(call.body, call.content_type)),
            "size": len(call.body),
            "cut": False,
            "none": None,
        },
        "answer": _answer(delivery, last),
        "attempts": [
            {"at": each.at, "status": each.status, "ms": each.ms, "error": legible(each.error)}
            for each in delivery.attempts
        ],
    }


def _answer(delivery: Delivery, last: Attempt | None) -> dict[str, Any]:
    none = delivery.state if last is None else last.error
    headers = {} if last is None else dict(last.headers)
    text = "" if last is None else last.body
    value = parsed(text.encode("utf-8", "replace"), headers.get("content-type"))
    body = legible(shown(value) if value is not None else masked_text(text)) or None
    return {"headers": legible(headers), "body": body, "size": len(text), "cut": False, "none": none}
