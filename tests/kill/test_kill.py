"""A few real kills; `make kill` has five hundred on each store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kill.campaign import killed_at_random
from tests.kill.databases import with_table
from tests.kill.plain import plain_writes_killed
from tests.kill.worker import DONE

KILLS = 15


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the place of the journal."""
    if request.param == "sqlite":
        return str(tmp_path / "intents.sqlite3")
    return with_table(request.getfixturevalue("postgres"))


def test_nothing_is_done_twice_and_nothing_is_lost(place: str) -> None:
    result = killed_at_random(place, kills=KILLS, at_once=4, seed=1)
    assert result.good, result
    assert result.kills >= KILLS


def test_of_a_plain_write_an_intent_remains_and_settles(place: str) -> None:
    result = plain_writes_killed(place, kills=KILLS, at_once=4, seed=2)
    assert result.good, result
    assert result.kills >= KILLS
    assert result.reports[DONE]
