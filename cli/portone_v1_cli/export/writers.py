"""Write a finished export as CSV, Parquet or SQLite. It gets its name at the end, so that no partial file is seen."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, TextIO

from ..exit_codes import usage_error
from ..output import write_csv
from .arrow_columns import arrow
from .columns import COLUMNS
from .spool import Spool

__all__ = ["FORMATS", "replacing", "require_format", "require_place"]

BATCH: Final = 20_000


@contextmanager
def replacing(path: Path, suffix: str = ".tmp") -> Generator[Path, None, None]:
    """Yield a temporary path that becomes `path` on success and is removed on failure."""
    beside = path.with_name(path.name + suffix)
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        yield beside
        with beside.open("r+b") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def require_format(path: Path) -> Callable[[Spool, Path], None]:
    """Return the writer for the name's extension, before anything is fetched."""
    maker = FORMATS.get(path.suffix.lower())
    if maker is None:
        formats = ", ".join(FORMATS)
        usage_error(
            f"--out 확장자는 {formats} 중 하나여야 합니다.", f"--out {path.name}: must end with one of {formats}"
        )
    if maker is _parquet:
        arrow()
    return maker


def require_place(option: str, path: Path, *, force: bool) -> None:
    """Refuse a place where no file can appear, before anything is fetched."""
    if path.is_file() and not force:
        usage_error(
            f"{path}: 파일이 이미 있습니다. 다른 {option} 값을 지정하거나 --force로 덮어쓰세요.",
            f"{path} already exists: choose another {option} or pass --force",
        )
    if path.exists() and not path.is_file():
        usage_error(
            f"{path}: 파일이 아닙니다. 다른 {option} 값을 지정하세요.", f"{path} is not a file: choose another {option}"
        )
    try:
        TemporaryFile(dir=path.parent).close()  # permissions do not show that a disk is read-only
    except OSError as error:
        if error.errno == errno.ENOSPC:  # the export reports this, and how to resume
            return
        usage_error(
            f"{path}: 이 폴더에 쓸 수 없습니다. 다른 {option} 값을 지정하세요.",
            f"cannot write to {path.parent}: {(error.strerror or '').lower()}; choose another {option}",
        )


def _csv(spool: Spool, path: Path) -> None:
    with replacing(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        write_payments(file, spool.rows())
    spool.close()
    spool.path.unlink()


def write_payments(file: TextIO, rows: Iterator[tuple[Any, ...]]) -> None:
    """Write the rows as CSV. The file is opened with a byte order mark, by which Excel recognizes UTF-8."""
    flags = {index for index, column in enumerate(COLUMNS) if column.kind == "boolean"}
    cells = (
        [bool(item) if index in flags and isinstance(item, int) else item for index, item in enumerate(row)]
        for row in rows
    )
    write_csv(file, [column.name.rstrip("_") for column in COLUMNS], cells)


def _parquet(spool: Spool, path: Path) -> None:
    of, parquet = arrow()
    with replacing(path) as beside, parquet.ParquetWriter(str(beside), spool.columns.schema) as writer:
        waiting: list[Any] = []
        for batch in spool.batches():
            waiting.append(batch)
            if sum(one.num_rows for one in waiting) >= BATCH:
                writer.write_table(of.Table.from_batches(waiting))
                waiting = []
        if waiting:
            writer.write_table(of.Table.from_batches(waiting))
    spool.close()
    spool.path.unlink()


def _sqlite(spool: Spool, path: Path) -> None:
    spool.finish()
    spool.close()
    spool.path.replace(path)


FORMATS: Final[dict[str, Callable[[Spool, Path], None]]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".sqlite": _sqlite,
}
