"""The two tables of the inbox. Neither holds a body, a message of a PG, or a person's data."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import VARCHAR

from ...inbox.events import Progress
from ...inbox.rows import InboxRow, Task

__all__ = ["INBOX", "METADATA", "OUTBOX", "columns_of", "row_of", "task_of"]

METADATA = sa.MetaData()

EXACT: Final = sa.String(255).with_variant(VARCHAR(255, collation="utf8mb4_bin"), "mysql", "mariadb")
"""MySQL's default collation takes `receipt:a` for `receipt:A`: of two tasks, one would never run."""

INBOX = sa.Table(
    "portone_inbox",
    METADATA,
    sa.Column("key", EXACT, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("imp_uid", EXACT, nullable=False, index=True),
    sa.Column("merchant_uid", EXACT),
    sa.Column("tier", sa.String(32)),
    sa.Column("wanted", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("claims", sa.Text, nullable=False),
    sa.Column("believed", sa.Boolean, nullable=False),
    sa.Column("first_at", sa.Float(53), nullable=False),
    sa.Column("due_at", sa.Float(53), index=True),
    sa.Column("owner", sa.String(32)),
    sa.Column("lease_until", sa.Float(53), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("cancelled", sa.String(40), nullable=False),
    sa.Column("state", sa.String(8), nullable=False, index=True),
    sa.Column("error", sa.String(64), nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    mysql_engine="InnoDB",
    mariadb_engine="InnoDB",
)

OUTBOX = sa.Table(
    "portone_outbox",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("key", EXACT, unique=True, nullable=False),
    sa.Column("name", EXACT, nullable=False),
    sa.Column("arguments", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float(53), nullable=False),
    sa.Column("due_at", sa.Float(53), index=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("error", sa.String(64), nullable=False),
    mysql_engine="InnoDB",
    mariadb_engine="InnoDB",
)


def columns_of(row: InboxRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "kind": row.kind,
        "imp_uid": row.imp_uid,
        "merchant_uid": row.merchant_uid,
        "tier": row.tier,
        "wanted": row.wanted,
        "done": row.done,
        "claims": json.dumps(row.claims),
        "believed": row.believed,
        "first_at": row.first_at,
        "due_at": row.due_at,
        "owner": row.owner,
        "lease_until": row.lease_until,
        "tries": row.tries,
        "rank": row.progress.rank,
        "cancelled": str(row.progress.cancelled),
        "state": row.state,
        "error": row.error,
        "payload": json.dumps(dict(row.payload)),
    }


def row_of(found: sa.RowMapping) -> InboxRow:
    values: dict[str, Any] = {str(name): value for name, value in found.items()}
    progress = Progress(values.pop("rank"), Decimal(values.pop("cancelled")))
    claims, payload = tuple(json.loads(values.pop("claims"))), json.loads(values.pop("payload"))
    return InboxRow(**values, progress=progress, claims=claims, payload=payload)


def task_of(found: sa.RowMapping) -> Task:
    values: dict[str, Any] = {str(name): value for name, value in found.items()}
    del values["created_at"]
    return Task(arguments=json.loads(values.pop("arguments")), **values)
