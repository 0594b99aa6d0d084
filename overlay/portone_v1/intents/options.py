"""How a client's journal is set up, and the time that one call may take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import portone_v1

__all__ = ["MINIMUM_WRITE", "RECHECK_DELAYS", "START_WITHIN", "Budget", "JournalOptions"]

RECHECK_DELAYS: Final = (0.0, 0.5, 1.5, 4.0)
"""Seconds before each read after a response that never came."""
MINIMUM_WRITE: Final = 6.0
"""Seconds of the deadline that must be left when a write begins."""
START_WITHIN: Final = 20.0
"""The most seconds between the time in the intent and the first byte; later, the write is given up unsent.

Other processes count `quiet` from that time: a slow journal, token or connection must not use it up.
"""


LONGEST: Final = 86_400.0
"""The longest deadline, in seconds. Until it is over, the lease of a killed process keeps all others away."""


class JournalOptions:
    """The settings of a journal. A plain class, so that a client that never moves money imports nothing for it.

    Args:
        store: an intent store; None: the default one, opened on first access.
        on_alarm: called with an `Alarm`.
        quiet: seconds of V1's clock after which a request without a trace counts as one that is never executed.
        audit_after: seconds after which a decided write is read once more.
        lease_slack: seconds by which a lease outlives the deadline of its call.
    """

    def __init__(
        self,
        store: object = None,
        on_alarm: Callable[[portone_v1.intents.Alarm], object] | None = None,
        *,
        quiet: float = 300.0,
        audit_after: float = 3600.0,
        lease_slack: float = 5.0,
    ) -> None:
        self.store: object = store
        self.on_alarm: Callable[[portone_v1.intents.Alarm], object] | None = on_alarm
        self.quiet: float = quiet
        self.audit_after: float = audit_after
        self.lease_slack: float = lease_slack


class Budget:
    """The time that one call may take, all its steps together."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        if not 0 < seconds < LONGEST:
            raise ValueError("deadline must be positive and finite: seconds for the whole call")
        self.seconds = seconds
        self.monotonic = monotonic
        self.end = monotonic() + seconds
        """On the monotonic clock."""

    def left(self) -> float:
        return self.end - self.monotonic()
