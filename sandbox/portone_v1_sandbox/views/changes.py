"""The new and changed rows of a page, which it polls every second."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portone_v1_runtime.exact_json import dumps

from ..wire.money import to_wire
from .tables import TABLES, Table
from .text import legible

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["changes", "sums"]


def changes(engine: Engine, tab: str, ids: Collection[str], since: int | None, seen: str | None) -> dict[str, Any]:
    """Return the time, the number of records added since a total, and these rows if they differ from those seen."""
    table = TABLES[tab]
    total = table.total(engine)
    rows = _rows(engine, table, ids) if ids else []
    totals = {name: each.total(engine) for name, each in TABLES.items()}
    # Includes the ids, so that requested rows that are gone differ from rows that were not requested.
    stamp = hashlib.sha256(dumps([sorted(ids), rows, totals], ascii_only=True).encode()).hexdigest()[:12]
    answer = {
        "seen": stamp,
        "now": engine.clock.now(),
        "frozen": engine.clock.frozen,
        "rate": Decimal(str(engine.clock.rate)),
        "fresh": 0 if since is None else max(0, total - since),
    }
    return answer if stamp == seen else answer | {"changed": rows, "totals": totals, "sums": sums(engine)}


def _rows(engine: Engine, table: Table, ids: Collection[str]) -> list[dict[str, Any]]:
    records = [record for name in set(ids) for record in table.named(engine, name)]
    return sorted(
        (legible(table.row(engine, record)) | {"key": table.name(record)} for record in records),
        key=lambda row: str(row["key"]),
    )


def sums(engine: Engine) -> list[dict[str, Any]]:
    """Return the charged and refunded money by currency."""
    return [
        {"currency": currency, "charged": to_wire(charged), "refunded": to_wire(refunded)}
        for currency, (charged, refunded) in sorted(engine.sums.of(engine.state.ledger).items())
    ]
