"""How long ago a write was sent, by V1's clock. Pure."""

from __future__ import annotations

from typing import Final

from .intent import Intent

__all__ = ["SENT_BY", "elapsed", "knows_when", "since"]

SENT_BY: Final = "sent_by"
"""In `result`: a time of V1's by which the write had certainly been sent, if `sent_at` is unknown or a lower limit."""
PLAUSIBLE: Final = 1e6


def knows_when(intent: Intent) -> bool:
    """Return whether V1's clock was known when the write was sent."""
    return intent.sent_at > PLAUSIBLE


def elapsed(intent: Intent, now: float) -> float:
    """Return the least number of seconds since the write.

    Args:
        now: V1's clock; 0 if it is not known: then nothing is old.
    """
    if not now:
        return 0.0
    left_by = intent.sent_at if knows_when(intent) else now
    return now - float(intent.result.get(SENT_BY, left_by))


def since(intent: Intent) -> float | None:
    """Return the earliest time that V1 can show for this write: it has whole seconds, `sent_at` may be one ahead."""
    return intent.sent_at - 2.0 if knows_when(intent) else None
