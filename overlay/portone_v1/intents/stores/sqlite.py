"""The journal in a SQLite file: the default, for all processes of one host.

Every write is durable before its call continues (WAL, `synchronous=FULL`). Writers of one process commit together: the
one that holds the lock writes for all that wait, so that 64 threads do not cost 64 flushes of the disk.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any, Final

from ..._http.concurrency import Lock
from ...errors import IntentStoreError
from ..intent import Intent
from .columns import begun_at
from .sqlite_file import JournalFile

__all__ = ["SQLiteStore"]

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS portone_intent (
    id           TEXT PRIMARY KEY,
    shop         TEXT NOT NULL,
    resource     TEXT NOT NULL,
    resource_seq INTEGER NOT NULL,
    key          TEXT NOT NULL,
    key_seq      INTEGER NOT NULL,
    state        TEXT NOT NULL,
    sent_at      REAL NOT NULL,
    rev          INTEGER NOT NULL,
    document     TEXT NOT NULL,
    UNIQUE (shop, resource, resource_seq),
    UNIQUE (shop, key, key_seq)
);
CREATE INDEX IF NOT EXISTS portone_intent_unfinished ON portone_intent (shop, state, sent_at) WHERE state <> 'closed';
"""
INSERT: Final = """
INSERT INTO portone_intent
WITH new (id, shop, resource, resource_seq, key, key_seq, state, sent_at, rev, document)
AS (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))
SELECT * FROM new
WHERE (new.resource_seq = 1 OR EXISTS (SELECT 1 FROM portone_intent AS old
    WHERE old.shop = new.shop AND old.resource = new.resource AND old.resource_seq = new.resource_seq - 1))
AND (new.key_seq = 1 OR EXISTS (SELECT 1 FROM portone_intent AS old
    WHERE old.shop = new.shop AND old.key = new.key AND old.key_seq = new.key_seq - 1))
"""
"""Its placeholders have no numbers: Python 3.12.0 to 3.12.3 warn of numbered ones as if they were named."""
UPDATE: Final = "UPDATE portone_intent SET state = ?, rev = ?, document = ? WHERE id = ? AND rev = ?"
MISSED: Final = 0.2
"""Seconds after which a waiting writer checks by itself: a thread that was interrupted wakes nobody."""
PRUNE: Final = "DELETE FROM portone_intent WHERE shop = ? AND state = 'closed' AND sent_at < ?"


class _Job:
    """One statement that waits for its commit."""

    __slots__ = ("called", "error", "rows", "statement", "values")

    def __init__(self, statement: str, values: tuple[Any, ...]) -> None:
        self.statement, self.values = statement, values
        self.rows: int | None = None
        """How many rows it changed; -1 if a number was taken; None until it is committed."""
        self.error: sqlite3.Error | None = None
        self.called = Event()
        """Set when it is committed, and when it is its turn to write."""

    @property
    def finished(self) -> bool:
        return self.rows is not None or self.error is not None


class SQLiteStore:
    """Keep intents in a SQLite file that all processes of one host may share. Not on a network file system.

    Args:
        path: the file; its folder must exist.
        busy: seconds to wait while another process writes.
        clock: UNIX seconds, for the leases.

    Raises:
        IntentStoreError: the file cannot be opened or is no journal.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, busy: float = 5.0, clock: Callable[[], float] = time.time
    ) -> None:
        self.path: Path = Path(path).absolute()  # a daemon changes its working directory
        if self.path.name == ":memory:":
            raise IntentStoreError("SQLiteStore needs a file: for tests there is MemoryStore")
        self._clock = clock
        self._queue: list[_Job] = []
        self._queue_lock = Lock()
        self._file = JournalFile(self.path, busy, SCHEMA, in_child=self._queue.clear)
        self._write_lock, self._read_lock = self._file.locks["write"], self._file.locks["read"]
        with self._write_lock:
            self._try(lambda: self._file.connection("write"))

    def begin(self, intent: Intent) -> bool:
        row = (intent.id, intent.shop, intent.resource, intent.resource_seq, intent.key, intent.key_seq)
        return self._commit(INSERT, (*row, intent.state, begun_at(intent), intent.rev, intent.to_json())) == 1

    def save(self, intent: Intent) -> bool:
        new = intent.changed(rev=intent.rev + 1)
        return self._commit(UPDATE, (new.state, new.rev, new.to_json(), intent.id, intent.rev)) == 1

    def get(self, intent_id: str) -> Intent | None:
        return self._one("id = ?", intent_id)

    def latest(self, shop: str, *, resource: str = "", key: str = "") -> Intent | None:
        if resource:
            return self._one("shop = ? AND resource = ? ORDER BY resource_seq DESC LIMIT 1", shop, resource)
        return self._one("shop = ? AND key = ? ORDER BY key_seq DESC LIMIT 1", shop, key)

    def unfinished(self, shop: str, limit: int = 1000) -> list[Intent]:
        return self._read("shop = ? AND state <> 'closed' ORDER BY state, sent_at LIMIT ?", shop, limit)

    def now(self) -> float:
        return self._clock()

    def prune(self, shop: str, before: float) -> int:
        return self._commit(PRUNE, (shop, before))

    def close(self) -> None:
        """Close the file. The store opens it again when it is used."""
        with self._write_lock, self._read_lock:
            self._file.close()

    def _commit(self, statement: str, values: tuple[Any, ...]) -> int:
        """Run one statement durably, together with those that other threads wait for."""
        job = _Job(statement, values)
        with self._queue_lock:
            self._queue.append(job)
        while not job.finished:
            if self._write_lock.take(0):
                self._write_all()
            elif job.called.wait(MISSED):
                job.called.clear()
        if job.error is not None:
            raise IntentStoreError(f"the journal {self.path.name} could not be written: {job.error}") from None
        assert job.rows is not None  # noqa: S101 - the batch that held it has run
        return job.rows

    def _write_all(self) -> None:
        """Commit all waiting statements, with the lock held. Then wake a thread that came meanwhile, to do the same.

        The threads whose statements are committed are woken together, not one after the other through the lock: they
        return with their next statements while the next commit is on its way to the disk.
        """
        batch: list[_Job] = []
        try:
            with self._queue_lock:
                batch = self._queue[:]
                self._queue.clear()
            if batch:
                self._run(batch)
        finally:
            self._write_lock.release()
            for job in batch:
                if not job.finished:  # by Ctrl-C, at any instruction since it left the queue
                    job.error = sqlite3.OperationalError("interrupted")
            for job in [*batch, *self._queue[:1]]:
                job.called.set()

    def _run(self, batch: list[_Job]) -> None:
        rows: list[int] = []
        try:
            connection = self._file.connection("write")
            connection.execute("BEGIN IMMEDIATE")
            try:
                for job in batch:
                    try:
                        rows.append(connection.execute(job.statement, job.values).rowcount)
                    except sqlite3.IntegrityError:
                        rows.append(-1)
                    except (UnicodeError, OverflowError):  # its own values: the others are written
                        job.error = sqlite3.DataError("it holds a text or a number that no database stores")
                        rows.append(-1)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            for job in batch:
                job.error = error
        else:
            for job, changed in zip(batch, rows, strict=True):
                job.rows = changed

    def _one(self, where: str, *values: object) -> Intent | None:
        found = self._read(where, *values)
        return found[0] if found else None

    def _read(self, where: str, *values: object) -> list[Intent]:
        query = f"SELECT document FROM portone_intent WHERE {where}"  # noqa: S608 - constants of this module
        with self._read_lock:
            rows: list[tuple[str]] = self._try(lambda: self._file.connection("read").execute(query, values).fetchall())
        return [Intent.from_json(row[0]) for row in rows]

    def _try(self, use: Callable[[], Any]) -> Any:
        try:
            return use()
        except sqlite3.Error as error:
            raise IntentStoreError(f"the journal {self.path.name} could not be read: {error}") from None
