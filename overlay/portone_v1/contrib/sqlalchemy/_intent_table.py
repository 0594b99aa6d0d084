"""The table of the journal. Its documents hold ids and amounts: no body, no message of a PG, no person's data."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import LONGTEXT

__all__ = ["INTENTS", "METADATA", "database_time"]

METADATA = sa.MetaData()

MYSQL_TIME: Final = "timestampdiff(microsecond, '1970-01-01', utc_timestamp(6)) / 1000000"
"""MariaDB casts nothing to FLOAT(53), and local time is ambiguous in the hour that summer time ends with."""

INTENTS = sa.Table(
    "portone_intent",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("shop", sa.String(24), nullable=False),
    sa.Column("resource", sa.String(64), nullable=False),
    sa.Column("resource_seq", sa.Integer, nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("key_seq", sa.Integer, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("sent_at", sa.Float(53), nullable=False),
    sa.Column("rev", sa.Integer, nullable=False),
    sa.Column("document", sa.Text().with_variant(LONGTEXT(), "mysql", "mariadb"), nullable=False),  # TEXT: 64 KB there
    sa.UniqueConstraint("shop", "resource", "resource_seq", name="portone_intent_resource"),
    sa.UniqueConstraint("shop", "key", "key_seq", name="portone_intent_key"),
    sa.Index("portone_intent_unfinished", "shop", "state", "sent_at"),
    mysql_engine="InnoDB",  # MyISAM has no transactions, and loses rows in a crash
    mariadb_engine="InnoDB",
)


def database_time(dialect: str) -> sa.Select[Any]:
    """Return the query for the database's clock in UNIX seconds, so that the hosts' clocks need not agree."""
    if dialect == "sqlite":
        return sa.select(sa.cast((sa.func.julianday("now") - 2440587.5) * 86400.0, sa.Float(53)))
    if dialect in ("mysql", "mariadb"):
        return sa.select(sa.text(MYSQL_TIME))
    return sa.select(sa.cast(sa.func.extract("epoch", sa.func.now()), sa.Float(53)))
