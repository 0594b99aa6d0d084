"""Real processes, killed in the handler and between its commit and the task: nothing is lost, nothing done twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import SqlInboxStore

from tests.inbox.worker import EFFECTS
from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]
AFTER_THE_LEASE = "61"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.url(server.database())


def worker(url: str, moment: str, ahead: str = "0") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.inbox.worker", url, moment, ahead]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def killed(url: str, moment: str) -> None:
    process = worker(url, moment)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.kill()
    process.communicate()


def drained(url: str, ahead: str) -> int:
    result, _ = worker(url, "none", ahead).communicate(timeout=60)
    return int(result)


def effects(engine: sa.Engine) -> list[str]:
    with engine.connect() as db:
        return sorted(db.execute(sa.select(EFFECTS.c.what)).scalars())


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    made = sa.create_engine(url)
    for metadata in (SqlInboxStore.metadata, EFFECTS.metadata):
        metadata.create_all(made)
    yield made
    made.dispose()


def test_killed_in_the_handler(url: str, engine: sa.Engine) -> None:
    killed(url, "handler")
    assert effects(engine) == []
    assert drained(url, "0") == 0  # the dead worker's lease still runs
    assert drained(url, AFTER_THE_LEASE) == 2
    assert effects(engine) == ["delivered", "receipt"]
    assert drained(url, AFTER_THE_LEASE) == 0


def test_killed_between_the_commit_and_the_task(url: str, engine: sa.Engine) -> None:
    killed(url, "after")
    assert effects(engine) == ["delivered"]
    assert drained(url, "0") == 1
    assert effects(engine) == ["delivered", "receipt"]
    assert drained(url, AFTER_THE_LEASE) == 0


def test_several_workers_at_once_take_over_once(url: str, engine: sa.Engine) -> None:
    killed(url, "handler")
    workers = [worker(url, "none", AFTER_THE_LEASE) for _ in range(3)]
    assert sum(int(each.communicate(timeout=60)[0]) for each in workers) <= 2
    drained(url, AFTER_THE_LEASE)
    assert effects(engine) == ["delivered", "receipt"]
