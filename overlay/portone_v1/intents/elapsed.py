"""How long ago a write was sent, by V1's clock. Pure."""

from __future__ import annotations

from typing import Final

from .intent import Intent

__all__ = ["SENT_BY", "elapsed", "knows_when", "since"]

SENT_BY: Final = "sent_by"
"""In `result`: V1's clock when the write had certainly left, where `sent_at` is not known or is only not too late."""
PLAUSIBLE: Final = 1e6


def knows_when(intent: Intent) -> bool:
    """Whether V1's clock was known when the write was sent."""
    return intent.sent_at > PLAUSIBLE


def elapsed(intent: Intent, now: float) -> float:
    """Seconds since the write, at the least.

    Args:
        now: V1's clock; 0 where it is not known: then nothing is old.
    """
    if not now:
        return 0.0
    left_by = intent.sent_at if knows_when(intent) else now
    return now - float(intent.result.get(SENT_BY, left_by))


def since(intent: Intent) -> float | None:
    """What V1 dates earlier is not of this write: it sends whole seconds, and `sent_at` may be one ahead."""
    return intent.sent_at - 2.0 if knows_when(intent) else None
