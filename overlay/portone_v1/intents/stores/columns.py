"""An intent as a row of a database: the whole document, and columns only for what is searched."""

from __future__ import annotations

import hashlib
from typing import Any

import portone_v1

__all__ = ["begun_at", "columns_of", "name_column"]


def name_column(name: str) -> str:
    """Return a resource or a key as its column holds it: a digest.

    Databases compare text by collations: MySQL's default takes `order:A` for `order:a`, SQL Server's ignores a space at
    the end, and two orders would share a journal. A digest is the same for equal names only, and as long as the column.
    """
    return hashlib.sha256(name.encode()).hexdigest()


def begun_at(intent: portone_v1.intents.Intent) -> float:
    """Return when an intent was begun, for `prune` and sorting: by V1's clock, or by that of its lease.

    With 0 it would be older than everything else, and be pruned while it still prevents a second refund.
    """
    return intent.sent_at or intent.lease_until


def columns_of(intent: portone_v1.intents.Intent) -> dict[str, Any]:
    return {
        "id": intent.id,
        "shop": intent.shop,
        "resource": name_column(intent.resource),
        "resource_seq": intent.resource_seq,
        "key": name_column(intent.key),
        "key_seq": intent.key_seq,
        "state": intent.state,
        "sent_at": begun_at(intent),
        "rev": intent.rev,
        "document": intent.to_json(),
    }
