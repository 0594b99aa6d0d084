# The source of both flavours: `make generate` writes _sync/recorded_writes/leases.py from it.
"""Leases: for how long the call of an open intent may be running."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from portone_v1_runtime.one_line import one_line

from ...intents.intent import Intent

if TYPE_CHECKING:
    from ...intents.stores import AsyncIntentStore
    from ..base_client import AsyncBaseClient

__all__ = ["may_run_for", "say_that_it_waits"]

log = logging.getLogger("portone_v1.intents")

JITTER: Final = 1.0
"""Seconds by which a lease may seem too long because the store's clock is adjusted."""


async def may_run_for(store: AsyncIntentStore, intent: Intent) -> float:
    """Return the seconds for which the call of an intent may still be running; 0 or less: it is over.

    A lease that ends later than its whole length from now was given by a clock that has been set back since, or is
    ahead. It is shortened to that length: whatever the clocks say, the call began before now.
    """
    if intent.state != "open":
        return 0.0
    now = await store.now()
    left = intent.lease_until - now
    if intent.lease and left > intent.lease + JITTER:
        left = intent.lease
        await store.save(intent.changed(lease_until=now + left))
    return left


def say_that_it_waits(client: AsyncBaseClient, intent: Intent, seconds: float) -> None:
    """Report to `on_event` and the log that a call waits, so that it does not seem to be stuck."""
    text = "%s %s: waiting up to %.0f s for its call, which is running or was killed"
    log.info(text, intent.operation, one_line(intent.resource), seconds)
    client._session.observation.intent_busy(intent, seconds)
