"""A sandbox with channels of chosen PGs, and what several of these tests do in it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from portone_v1.models import Payment
from portone_v1_sandbox import Channel, Sandbox, SandboxClock

from scripts.bundle import SPEC
from tests.corpus.scenes.stage import CARD, PERSON, act, opened

__all__ = [
    "CARD",
    "CARD_DATA",
    "PERSON",
    "ROOT",
    "START",
    "act",
    "approved",
    "box_of",
    "closed",
    "description",
    "opened",
    "partly",
]

ROOT: Final = SPEC.parent
START: Final = 1_773_104_400
CARD_DATA: Final[dict[str, Any]] = {"card_number": CARD, "expiry": "2030-12", "birth": "900101", "pwd_2digit": "00"}


def box_of(*pgs: str, kind: Any = "payment", **settings: Any) -> Sandbox:
    """Return a sandbox whose merchant has one channel for each of these PGs."""
    channels = [Channel(f"channel-key-{pg}", pg, f"mid-{pg}", kind) for pg in pgs]
    return Sandbox(clock=SandboxClock.frozen_at(START), channels=channels, **settings)


def partly(pg: str = "kakaopay", **settings: Any) -> tuple[Sandbox, Payment]:
    """Create a payment of 100, of which 50 were refunded by API without a reason."""
    box = box_of(pg, **settings)
    paid = box.pay(merchant_uid="o1", amount=100)
    with box.client() as client:
        client.payments.cancel(imp_uid=paid.imp_uid, amount=50, checksum=100)
        return box, client.payments.get(paid.imp_uid)


def approved(box: Sandbox, pg: str, **asked: Any) -> tuple[dict[str, Any], Payment]:
    """Approve a payment in the window of this PG; return the result for the page, and the payment."""
    order = {"merchant_uid": "o1", "amount": 1000, "pg": pg} | asked
    _, where = opened(box, order)
    assert where is not None
    outcome = act(box, where, "approve", pay_method=order.get("pay_method", "card"))["response"]["outcome"]
    with box.client() as client:
        return outcome, client.payments.get(outcome["imp_uid"])


def closed(box: Sandbox, pg: str) -> tuple[dict[str, Any], Payment]:
    """Close the window as the buyer; return the result for the page, and the payment."""
    _, where = opened(box, {"merchant_uid": "o1", "amount": 1000, "pg": pg})
    assert where is not None
    outcome = act(box, where, "leave")["response"]["outcome"]
    with box.client() as client:
        return outcome, client.payments.get(outcome["imp_uid"])


@cache
def _document() -> Any:
    return json.loads((ROOT / "generated" / "openapi.json").read_text("utf-8"))


def description(model: str, name: str) -> str:
    """Return the text about a field that specification, generated docstring and reference share."""
    text: str = _document()["components"]["schemas"][model]["properties"][name]["description"]
    return text
