"""Payments as Arrow columns, for Parquet. They are made page by page, without rows in between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from importlib import import_module
from operator import attrgetter
from types import NoneType
from typing import Any, Final, TypeAlias

from portone_v1.models import Payment
from portone_v1_runtime.models.fields import mask
from portone_v1_runtime.undecoded import is_struct

from ..exit_codes import usage_error
from ..formatting import HIDDEN, is_free_text, is_hidden
from .columns import COLUMNS, Column, cell_of, typed
from .structs import StructRows, are_seconds

__all__ = ["ArrowColumns", "arrow"]

PLACES: Final = 6
LIKE_A_NUMBER: Final = re.compile(r"[\d -]{13}")
"""Occurs in every text that `mask` would change. No such number continues from one text to the next."""
Values: TypeAlias = "Sequence[Any]"
Make: TypeAlias = "Callable[[Values], Any]"


def arrow() -> tuple[Any, Any]:
    """Return pyarrow and pyarrow.parquet."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        usage_error(
            "Parquet 지원이 없습니다: pip install 'portone-v1-cli[parquet]'. .csv나 .sqlite도 쓸 수 있습니다.",
            "Parquet support is not installed: pip install 'portone-v1-cli[parquet]', or use .csv or .sqlite",
        )


class ArrowColumns:
    """Convert payments to record batches of one schema. What a typed column cannot hold is refused, never changed."""

    def __init__(self, *, show_personal: bool) -> None:
        self._arrow, _ = arrow()
        self._show_personal = show_personal
        of, text = self._arrow, self._arrow.string()
        self._types: dict[str, Any] = {
            "boolean": of.bool_(), "integer": of.int64(), "json": text, "text": text,
            "money": of.decimal128(38, PLACES), "time": of.timestamp("ms", tz="Asia/Seoul"),
        }  # fmt: skip
        self.schema: Any = of.schema([(column.name.rstrip("_"), self._types[column.kind]) for column in COLUMNS])
        by_kind: dict[str, Make] = {"json": self._json, "money": self._money, "time": self._time}
        self._makers: list[tuple[Column, Callable[[Any], Any], Make]] = []
        for column in COLUMNS:
            make = by_kind.get(column.kind, list)
            if is_free_text(column.name):
                make = self._masked
            if is_hidden(Payment, column.name) and not show_personal:
                make = self._hidden
            self._makers.append((column, attrgetter(column.name), make))

    def batch(self, payments: Sequence[Any]) -> Any:
        """Return payments as a record batch: models, or results of `PageIterator.undecoded`."""
        if payments and all(map(is_struct, payments)):
            rows = StructRows(payments)
            columns = [self._of_structs(column, payments, rows, get, make) for column, get, make in self._makers]
        else:
            models = [one.to_model() if is_struct(one) else one for one in payments]
            columns = [self._column(column, [*map(get, models)], make) for column, get, make in self._makers]
        return self._arrow.record_batch(columns, schema=self.schema)

    def _of_structs(
        self, column: Column, structs: Sequence[Any], rows: StructRows, get: Callable[[Any], Any], make: Make
    ) -> Any:
        if make == self._time and are_seconds(seconds := [*map(get, structs)]):
            times = self._arrow.array([value or None for value in seconds], type=self._arrow.int64())
            return times.cast(self._arrow.timestamp("s", tz="Asia/Seoul")).cast(self._types["time"])
        return self._column(column, rows.values(column.kind, get), make)

    def read(self, stored: bytes) -> Any:
        """Return a record batch from its bytes."""
        return self._arrow.ipc.read_record_batch(self._arrow.py_buffer(stored), self.schema)

    def flags(self, values: Iterable[bool]) -> Any:
        return self._arrow.array(values, type=self._arrow.bool_())

    def _column(self, column: Column, values: Values, make: Callable[[Values], Any]) -> Any:
        kind = self._types[column.kind]
        if not values or (values[0] is None and values.count(None) == len(values)):
            return self._arrow.nulls(len(values), kind)
        try:
            made = make(values)
            return made.cast(kind) if isinstance(made, self._arrow.Array) else self._arrow.array(made, type=kind)
        except (self._arrow.ArrowException, AttributeError, TypeError, ValueError, OverflowError):
            pass  # one of them is unusual, so each is read by itself
        cells = (
            None if value is None else cell_of(column, value, show_personal=self._show_personal) for value in values
        )
        return self._arrow.array([typed(column, cell, PLACES) for cell in cells], type=kind)

    def _money(self, values: Values) -> Any:
        """Convert whole amounts as integers, which is four times as fast. Arrow converts any others."""
        whole = [None if value is None else int(value) for value in values]
        return self._arrow.array(whole, type=self._arrow.int64()) if whole == values else values

    def _time(self, values: Values) -> Any:
        if {*map(type, values)} - {datetime, NoneType}:
            raise TypeError
        seconds = self._arrow.array([value and value.timestamp() for value in values], type=self._arrow.float64())
        return seconds.cast(self._arrow.int64()).cast(self._arrow.timestamp("s", tz="Asia/Seoul"))

    def _json(self, values: Values) -> Values:
        column = COLUMNS[0]._replace(kind="json")
        return [
            None if value is None else cell_of(column, value, show_personal=True) if value else "[]" for value in values
        ]

    @staticmethod
    def _hidden(values: Values) -> Values:
        return [HIDDEN if value else None for value in values]

    @staticmethod
    def _masked(values: Values) -> Values:
        plain = not {*map(type, values)} - {str, NoneType}
        texts = values if plain else [None if value is None else str(value) for value in values]
        together = "\0".join(filter(None, texts))
        return [text and mask(text) for text in texts] if LIKE_A_NUMBER.search(together) else texts
