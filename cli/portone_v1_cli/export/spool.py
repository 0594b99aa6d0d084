"""The file that an export grows in, beside the one that it will become.

Payments and the place reached are written in one transaction, so that an interruption at any moment leaves neither a
gap nor a duplicate; and an `imp_uid` can stand in it only once.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Self

from ..exit_codes import ExitCode, Stop, misused
from .columns import COLUMNS

__all__ = ["Spool"]

TABLE: Final = (
    "CREATE TABLE payments ("
    + ", ".join(f'"{column.name}"{" PRIMARY KEY" if column.name == "imp_uid" else ""}' for column in COLUMNS)
    + ")"
)
PUT: Final = f"INSERT OR REPLACE INTO payments VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - marks only


class Spool:
    """A context manager. In UNIX seconds: when it was `begun`, where to go on `next`, `until` when."""

    def __init__(self, path: Path, order: str, *, since: int, until: int) -> None:
        self.path, self._order = path, order
        try:
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))  # payments are nobody else's business
            self._db = sqlite3.connect(path, isolation_level=None, timeout=0.2)
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA cache_size = -8000")
            self._db.execute("BEGIN IMMEDIATE")
            self._open(since, until)
            self._db.execute("COMMIT")
        except OSError as error:
            misused(
                f"{path} can not be written: {(error.strerror or '').lower()}; choose another --out", "쓸 수 없습니다"
            )
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _open(self, since: int, until: int) -> None:
        if not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self._db.execute(TABLE)
            self._db.execute('CREATE TABLE export ("of", begun INTEGER, next INTEGER, until INTEGER)')
            begun = int(time.time())
            self._db.execute("INSERT INTO export VALUES (?, ?, ?, ?)", (self._order, begun, since, until))
        found = self._db.execute('SELECT "of", begun, next, until FROM export').fetchone()
        order, self.begun, self.next, self.until = found
        if order != self._order:
            misused(
                f"{self.path} was begun by another export ({order}): remove it, or choose another --out",
                "다른 내보내기",
            )

    def _unusable(self, error: sqlite3.Error) -> Stop:
        if "locked" in str(error):
            return Stop(ExitCode.USAGE, f"{self.path} is being written by another export: wait for it", "사용 중")
        if "full" in str(error) or "disk I/O" in str(error):
            return Stop(
                ExitCode.REFUSED,
                f"no space left on the disk of {self.path}: make room and run the same command again to go on",
                "디스크가 가득 찼습니다",
            )
        return Stop(ExitCode.USAGE, f"{self.path} can not be used ({error}): remove it and start again", "파일 오류")

    @property
    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM payments").fetchone()[0])

    def put(self, rows: Iterable[list[Any]], reached: int) -> int:
        """Everything of a stretch, or nothing of it. Answers how many."""
        number = 0
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for row in rows:
                self._db.execute(PUT, row)
                number += 1
            self._db.execute("UPDATE export SET next = ?", (reached,))
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        return number

    def rows(self) -> Iterator[tuple[Any, ...]]:
        yield from self._db.execute("SELECT * FROM payments ORDER BY rowid")

    def finish(self) -> None:
        """Leaves a database of payments and nothing else."""
        try:
            self._db.execute("DROP TABLE export")
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
