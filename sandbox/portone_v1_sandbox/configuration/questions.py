"""The open questions about V1 as options, each by the name of its assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields
from typing import Any, Final

from ..state.conditions.assumptions import CONCURRENT_WRITES, Assumptions
from .options import Option

__all__ = ["ASSUMED", "assumptions_of"]

QUESTIONS: Final[Mapping[str, str]] = {
    "echoes_custom_data": "E1: custom_data of a charge by the server comes back",
    "keeps_refund_reason": "E2: the reason of a refund comes back",
    "shows_attempts": "E3: an attempt is visible while it is at the PG",
    "read_lag": "E4: seconds by which reads of payments are behind",
    "concurrent_writes": "E5, E6: a second write while the first is at the PG",
    "executes_abandoned": "E7: a request is executed though its caller has gone",
    "charges_refunded_order": "E8: an order that was refunded may be charged again",
    "schedules_again": "E9: an order number may be scheduled twice",
    "charges_declined_order": "E10: an order number may be used again after a decline",
    "sends_date": "E11: responses have a Date header",
    "honours_idempotency_key": "E12: the Idempotency-Key of an earlier request gets its response",
    "pg_seconds": "how long a charge or a refund is at the PG; E3 to E7 need it",
}


def _assumed(field: Field[Any]) -> Option:
    choices = CONCURRENT_WRITES if field.name == "concurrent_writes" else ()
    default: Any = field.default
    return Option(type(default), default, QUESTIONS[field.name], choices=choices)


ASSUMED: Final[Mapping[str, Option]] = {each.name: _assumed(each) for each in fields(Assumptions)}


def assumptions_of(settings: Mapping[str, Any]) -> Assumptions:
    """Return the answers to the open questions."""
    return Assumptions(**{name: settings[name] for name in ASSUMED})
