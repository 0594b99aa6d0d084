"""저널 (journal): each write that moves money is recorded before it is sent, and its outcome after it.

    client = PortOne(intents=SQLiteStore("/var/lib/shop/portone.sqlite3"))

V1 has no idempotency keys. With a journal that all processes of a shop share, a charge or a refund is made at most once
for each key, whichever process is killed and when. Stores: `SQLiteStore` (one host; the default),
`portone_v1.contrib.sqlalchemy` and `portone_v1.contrib.django` (the shop's database), `MemoryStore` (tests).
`portone_v1.intents.testing` is the contract for a store of your own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._elsewhere import loader

if TYPE_CHECKING:
    from .intent import Intent
    from .marks import new_key
    from .stores import AsyncIntentStore, IntentStore
    from .stores.default import IntentStoreWarning
    from .stores.memory import MemoryStore
    from .stores.sqlite import SQLiteStore
    from .verdict import Alarm

__all__ = [
    "Alarm",
    "AsyncIntentStore",
    "Intent",
    "IntentStore",
    "IntentStoreWarning",
    "MemoryStore",
    "SQLiteStore",
    "new_key",
]

_HOMES = {
    "Alarm": ".verdict",
    "AsyncIntentStore": ".stores",
    "Intent": ".intent",
    "IntentStore": ".stores",
    "IntentStoreWarning": ".stores.default",
    "MemoryStore": ".stores.memory",
    "SQLiteStore": ".stores.sqlite",
    "new_key": ".marks",
}


if not TYPE_CHECKING:  # or a type checker would take every name
    # A client that only reads needs none of it.
    __getattr__ = loader(__name__, _HOMES)
