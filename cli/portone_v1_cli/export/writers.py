"""Write a finished export as CSV, Parquet or SQLite, to a temporary name first, so that no partial file is seen."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal, InvalidOperation
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final, NoReturn, TextIO

from portone_v1_runtime.models.fields import mask

from ..exit_codes import usage_error
from ..output import write_csv
from .columns import COLUMNS, Column
from .spool import Spool

__all__ = ["FORMATS", "replacing", "require_format"]

BATCH: Final = 5_000
PLACES: Final = 6


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
        _arrow()
    return maker


def _arrow() -> tuple[Any, Any]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        usage_error(
            "Parquet 지원이 없습니다: pip install 'portone-v1-cli[parquet]'. .csv나 .sqlite도 쓸 수 있습니다.",
            "Parquet support is not installed: pip install 'portone-v1-cli[parquet]', or use .csv or .sqlite",
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
    arrow, parquet = _arrow()
    types = {
        "boolean": arrow.bool_(), "integer": arrow.int64(), "json": arrow.string(), "text": arrow.string(),
        "money": arrow.decimal128(38, PLACES), "time": arrow.timestamp("ms", tz="Asia/Seoul"),
    }  # fmt: skip
    schema = arrow.schema([(column.name.rstrip("_"), types[column.kind]) for column in COLUMNS])
    with replacing(path) as beside, parquet.ParquetWriter(str(beside), schema) as writer:
        rows = spool.rows()
        while batch := [*islice(rows, BATCH)]:
            columns = [
                arrow.array([_typed(column, item) for item in items], type=types[column.kind])
                for column, items in zip(COLUMNS, zip(*batch, strict=True), strict=True)
            ]
            writer.write_batch(arrow.record_batch(columns, schema=schema))
    spool.close()
    spool.path.unlink()


def _typed(column: Column, item: Any) -> Any:
    if item is None:
        return None
    if column.kind == "money":
        try:
            amount = Decimal(item)
        except InvalidOperation:
            _unreadable(column, item)
        exact = amount.quantize(Decimal(1).scaleb(-PLACES))
        if exact != amount:
            usage_error(
                f"{column.name} {amount}: 소수점 아래 {PLACES}자리를 넘습니다. .csv나 .sqlite를 쓰세요.",
                f"{column.name} {amount} has more than {PLACES} decimal places: choose .csv or .sqlite",
            )
        return exact
    if column.kind == "time":
        if str(item).isdigit():  # a number that is no time, though `fromisoformat` takes some
            _unreadable(column, item)
        try:
            return datetime.fromisoformat(item)
        except ValueError:
            _unreadable(column, item)
    if column.kind in ("boolean", "integer") and not isinstance(item, int):
        _unreadable(column, item)
    return bool(item) if column.kind == "boolean" else item


def _unreadable(column: Column, item: Any) -> NoReturn:
    """V1 sent something else: the columns of the file are typed, and no value may be lost or changed."""
    shown = mask(str(item))
    usage_error(
        f"{column.name} {shown}: 읽을 수 없는 값입니다. .csv나 .sqlite를 쓰세요.",
        f"{column.name} {shown} cannot be read: choose .csv or .sqlite",
    )


def _sqlite(spool: Spool, path: Path) -> None:
    spool.finish()
    spool.close()
    spool.path.replace(path)


FORMATS: Final[dict[str, Callable[[Spool, Path], None]]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".sqlite": _sqlite,
}
