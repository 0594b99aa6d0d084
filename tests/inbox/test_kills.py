"""Real processes, killed in the handler and between its commit and the task: nothing is lost, nothing done twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import SqlInboxStore

from tests.inbox.worker import EFFECTS, work
from tests.postgres import Postgres
from tests.processes import FORKED

AFTER_THE_LEASE = 61.0


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.url(server.database())


class Worker:
    def __init__(self, url: str, moment: str, ahead: float = 0.0) -> None:
        self._line, theirs = FORKED.Pipe(duplex=False)
        self._process = FORKED.Process(target=work, args=(url, moment, ahead, theirs))
        self._process.start()
        theirs.close()

    def received(self) -> object:
        assert self._line.poll(60)
        return self._line.recv()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL

    def drained(self) -> int:
        number = self.received()
        assert isinstance(number, int)
        self._process.join(60)
        assert self._process.exitcode == 0
        return number


def killed(url: str, moment: str) -> None:
    worker = Worker(url, moment)
    assert worker.received() == "here"
    worker.kill()


def drained(url: str, ahead: float) -> int:
    return Worker(url, "none", ahead).drained()


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
    assert drained(url, 0.0) == 0  # the dead worker's lease still runs
    assert drained(url, AFTER_THE_LEASE) == 2
    assert effects(engine) == ["delivered", "receipt"]
    assert drained(url, AFTER_THE_LEASE) == 0


def test_killed_between_the_commit_and_the_task(url: str, engine: sa.Engine) -> None:
    killed(url, "after")
    assert effects(engine) == ["delivered"]
    assert drained(url, 0.0) == 1
    assert effects(engine) == ["delivered", "receipt"]
    assert drained(url, AFTER_THE_LEASE) == 0


def test_several_workers_at_once_take_over_once(url: str, engine: sa.Engine) -> None:
    killed(url, "handler")
    workers = [Worker(url, "none", AFTER_THE_LEASE) for _ in range(3)]
    assert sum(each.drained() for each in workers) <= 2
    drained(url, AFTER_THE_LEASE)
    assert effects(engine) == ["delivered", "receipt"]
