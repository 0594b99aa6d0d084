"""The intermediate file of an export.

Payments and the position reached are written in one transaction, so that an interruption at any moment leaves neither
a gap nor a duplicate. An `imp_uid` is unique in it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

from portone_v1.models import Payment

from ..exit_codes import ExitCode, Stop, usage_error
from .arrow_columns import ArrowColumns
from .columns import COLUMNS, row_of

__all__ = ["Spool"]

CHUNK: Final = 5_000
"""Payments that are held in memory and then written at once."""
TABLE: Final = (
    "CREATE TABLE payments ("
    + ", ".join(f'"{column.name}"{" PRIMARY KEY" if column.name == "imp_uid" else ""}' for column in COLUMNS)
    + ")"
)
COLUMN_TABLES: Final = (
    "CREATE TABLE payments (imp_uid PRIMARY KEY, chunk INTEGER)",
    "CREATE TABLE chunk (number INTEGER PRIMARY KEY, rows INTEGER, stored BLOB)",
)
"""Tables for Parquet: the record batches as they are written, and the batch with the last version of each payment."""
PUT: Final = f"INSERT OR REPLACE INTO payments VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - marks only


class Spool:
    """A context manager. `begun`, `next` (where to resume) and `until` are UNIX seconds of V1's clock."""

    def __init__(
        self,
        path: Path,
        order: str,
        *,
        since: int,
        until: int,
        now: int,
        show_personal: bool,
        columns: ArrowColumns | None = None,
    ) -> None:
        self.path, self._order, self._columns, self._show_personal = path, order, columns, show_personal
        try:
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))  # payments are private
            self._db = sqlite3.connect(path, isolation_level=None, timeout=0.2)
            with ExitStack() as refused:
                refused.callback(self._db.close)
                self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
                self._db.execute("PRAGMA cache_size = -8000")
                self._db.execute("BEGIN IMMEDIATE")
                self._open(since, until, now)
                self._db.execute("COMMIT")
                refused.pop_all()
        except OSError as error:
            usage_error(
                f"{path}: 쓸 수 없습니다. 다른 --out을 지정하세요.",
                f"cannot write {path}: {(error.strerror or '').lower()}; choose another --out",
            )
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _open(self, since: int, until: int, now: int) -> None:
        if not self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            for table in (TABLE,) if self._columns is None else COLUMN_TABLES:
                self._db.execute(table)
            self._db.execute('CREATE TABLE export ("of", begun INTEGER, next INTEGER, until INTEGER)')
            self._db.execute("INSERT INTO export VALUES (?, ?, ?, ?)", (self._order, now, since, until))
        found = self._db.execute('SELECT "of", begun, next, until FROM export').fetchone()
        order, self.begun, self.next, self.until = found
        if order != self._order:
            usage_error(
                f"{self.path}: 다른 내보내기의 파일입니다. 삭제하거나 다른 --out을 지정하세요.",
                f"{self.path} belongs to a different export ({order}): delete it or choose another --out",
            )

    def _unusable(self, error: sqlite3.Error) -> Stop:
        if "locked" in str(error):
            return Stop(
                ExitCode.USAGE,
                f"{self.path}: 다른 내보내기가 사용 중입니다. 끝날 때까지 기다리세요.",
                f"{self.path} is in use by another export: wait until it finishes",
            )
        if "full" in str(error) or "disk I/O" in str(error):
            return Stop(
                ExitCode.REFUSED,
                "디스크가 가득 찼습니다. 공간을 확보하고 같은 명령으로 이어서 진행하세요.",
                f"disk full at {self.path}: free some space and run the same command to resume",
            )
        return Stop(
            ExitCode.USAGE,
            f"{self.path}: 사용할 수 없습니다. 삭제한 뒤 다시 시작하세요.",
            f"cannot use {self.path} ({error}): delete it and start over",
        )

    @property
    def count(self) -> int:
        """Number of payments so far."""
        return int(self._db.execute("SELECT count(*) FROM payments").fetchone()[0])

    def __contains__(self, imp_uid: str) -> bool:
        return self._db.execute("SELECT 1 FROM payments WHERE imp_uid = ?", (imp_uid,)).fetchone() is not None

    @property
    def in_columns(self) -> bool:
        """Whether payments are put as columns, so that they need not be models."""
        return self._columns is not None

    @property
    def columns(self) -> ArrowColumns:
        if self._columns is None:
            raise TypeError("this export is written in rows")
        return self._columns

    def put(self, payments: Iterable[Payment], reached: int) -> int:
        """Write all payments of a window in one transaction and return how many."""
        number = 0
        try:
            self._db.execute("BEGIN IMMEDIATE")
            coming = iter(payments)
            while chunk := [*islice(coming, CHUNK)]:
                if self._columns is None:
                    rows = (row_of(payment, show_personal=self._show_personal) for payment in chunk)
                    self._db.executemany(PUT, rows)
                else:
                    self._put_columns(self._columns, chunk)
                number += len(chunk)
            self._db.execute("UPDATE export SET next = ?", (reached,))
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        return number

    def _put_columns(self, columns: ArrowColumns, chunk: list[Payment]) -> None:
        last = [*{payment.imp_uid or id(payment): payment for payment in chunk}.values()]
        batch = columns.batch(last)
        stored = batch.serialize().to_pybytes()
        at = self._db.execute("INSERT INTO chunk (rows, stored) VALUES (?, ?)", (len(last), stored)).lastrowid
        put = "INSERT OR REPLACE INTO payments VALUES (?, ?)"
        self._db.executemany(put, [(payment.imp_uid, at) for payment in last])

    def batches(self) -> Iterator[Any]:
        """Iterate over the record batches as they were written, with only the last version of each payment."""
        stored = self._db.execute("SELECT total(rows) FROM chunk").fetchone()[0]
        replaced = stored != self.count
        for number, blob in self._db.execute("SELECT number, stored FROM chunk ORDER BY number"):
            batch = self.columns.read(blob)
            if replaced:
                ids = batch.column("imp_uid").to_pylist()
                batch = batch.take(
                    [at for at, imp_uid in enumerate(ids) if self._last_chunk(imp_uid) in (None, number)]
                )
            yield batch

    def _last_chunk(self, imp_uid: str | None) -> int | None:
        """Return the last chunk with a payment; None for one without an id, which no other replaces."""
        found = self._db.execute("SELECT chunk FROM payments WHERE imp_uid = ?", (imp_uid,)).fetchone()
        return None if found is None else int(found[0])

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Iterate over the payments in the order in which they were written."""
        yield from self._db.execute("SELECT * FROM payments ORDER BY rowid")

    def finish(self) -> None:
        """Drop the bookkeeping, so that only the payments remain."""
        try:
            self._db.execute("DROP TABLE export")
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
