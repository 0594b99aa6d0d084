"""A journal in PostgreSQL for the kill test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import SQLAlchemyStore

from tests.postgres import Postgres, postgres_server


@contextmanager
def with_postgres() -> Iterator[str]:
    with postgres_server() as server:
        yield with_table(server)


def with_table(server: Postgres) -> str:
    url = server.url(server.database())
    engine = sa.create_engine(url)
    SQLAlchemyStore.metadata.create_all(engine)
    engine.dispose()
    return url
