"""A few real kills; `make kill` has five hundred on each store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kill.campaign import killed_at_random
from tests.kill.databases import with_postgres
from tests.kill.plain import plain_writes_killed
from tests.kill.worker import DONE

KILLS = 15


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_nothing_is_done_twice_and_nothing_is_lost(store: str, tmp_path: Path) -> None:
    if store == "sqlite":
        result = killed_at_random(str(tmp_path / "intents.sqlite3"), kills=KILLS, at_once=4, seed=1)
    else:
        with with_postgres() as place:
            result = killed_at_random(place, kills=KILLS, at_once=4, seed=1)
    assert result.good, result
    assert result.kills >= KILLS


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_of_a_plain_write_an_intent_remains_and_settles(store: str, tmp_path: Path) -> None:
    if store == "sqlite":
        result = plain_writes_killed(str(tmp_path / "intents.sqlite3"), kills=KILLS, at_once=4, seed=2)
    else:
        with with_postgres() as place:
            result = plain_writes_killed(place, kills=KILLS, at_once=4, seed=2)
    assert result.good, result
    assert result.kills >= KILLS
    assert result.reports[DONE]
