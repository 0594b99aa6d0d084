"""Switches for behaviour of V1 that is not known outside PortOne. `portone-v1 doctor --experiments` finds out."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final, Literal

__all__ = ["CONCURRENT_WRITES", "LONGEST_WAIT", "Arrived", "Assumptions", "ConcurrentWrites"]

ConcurrentWrites = Literal["queue", "refuse", "race"]
LONGEST_WAIT: Final = 600
"""Seconds of real time."""
CONCURRENT_WRITES: Final[tuple[ConcurrentWrites, ...]] = ("queue", "refuse", "race")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """One set of assumptions about V1. The defaults are the sandbox's ordinary behaviour."""

    echoes_custom_data: bool = True
    """E1: `custom_data` of a charge by the server comes back."""
    keeps_refund_reason: bool = True
    """E2: the reason of a refund comes back in `cancel_history`."""
    shows_attempts: bool = False
    """E3: an attempt is visible, as `ready`, while it is at the PG."""
    read_lag: float = 0.0
    """E4: seconds by which reads of payments are behind, in real time."""
    concurrent_writes: ConcurrentWrites = "queue"
    """E5, E6: a second charge of an order, or refund of a payment, while the first is at the PG: it waits, is refused,
    or is executed as well."""
    executes_abandoned: bool = True
    """E7: a request is executed although its caller has disconnected. In the process only: a socket is not watched."""
    charges_refunded_order: bool = False
    """E8: an order that was paid and fully refunded may be charged again."""
    schedules_again: bool = False
    """E9: an order number may be scheduled twice, and again after it was revoked."""
    charges_declined_order: bool = True
    """E10: an order number may be used again after a decline."""
    sends_date: bool = True
    """E11: responses have a `Date` header."""
    honours_idempotency_key: bool = False
    """E12: a request with the `Idempotency-Key` of an earlier one gets its response and is not executed."""
    pg_seconds: float = 0.0
    """How long a charge or a refund is at the PG, in real time. Not a question: E3 to E7 need it."""

    def __post_init__(self) -> None:
        """Check the values. Raises TypeError for another type, ValueError for a time that is too long or negative."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(each.default, bool) and not isinstance(value, bool):
                raise TypeError(f"{each.name} must be True or False, not {type(value).__name__}")
            if isinstance(each.default, float) and (isinstance(value, bool) or not isinstance(value, int | float)):
                raise TypeError(f"{each.name} must be a number of seconds, not {type(value).__name__}")
        if self.concurrent_writes not in CONCURRENT_WRITES:
            raise ValueError(f"concurrent_writes must be one of {', '.join(CONCURRENT_WRITES)}")
        for name in ("read_lag", "pg_seconds"):
            if not 0 <= getattr(self, name) <= LONGEST_WAIT:
                raise ValueError(f"{name} must be between 0 and {LONGEST_WAIT} seconds")


@dataclass(frozen=True, slots=True)
class Arrived:
    """What V1 saw when a request arrived, where it books after the PG without looking again."""

    paid: frozenset[str]
    """Attempts at the order that were paid then."""
    remaining: Decimal | None
    """Refundable balance of the payment then."""
