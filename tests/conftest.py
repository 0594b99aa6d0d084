"""What tests of several folders share: started once in a process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Run one server for all tests of this process; `postgres.database()` empties it."""
    from tests.postgres import postgres_server  # psycopg is not everywhere where a folder's tests run alone

    with postgres_server() as server:
        yield server
