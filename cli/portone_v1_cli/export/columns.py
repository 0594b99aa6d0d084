"""Columns of an export: every field of a payment, with exact amounts and KST times."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, Literal, NamedTuple

from portone_v1.models import Payment
from portone_v1_runtime import exact_json
from portone_v1_runtime.decode import from_money
from portone_v1_runtime.models.fields import field_names, mask

from ..formatting import HIDDEN, is_free_text, is_hidden, plain

__all__ = ["COLUMNS", "Column", "row_of"]

Kind = Literal["boolean", "integer", "json", "money", "text", "time"]


MOST_OF_SQLITE: Final = 2**63


class Column(NamedTuple):
    name: str
    kind: Kind


def _kind(name: str) -> Kind:
    """Derive the kind from the model's annotation, so that a new field of the specification becomes a column."""
    annotation = str(Payment.__annotations__[name])
    words = set(re.findall(r"\w+", annotation))
    if words & {"list", "dict", "Promotion"}:
        return "json"
    kinds: dict[str, Kind] = {"Decimal": "money", "datetime": "time", "bool": "boolean"}
    for word, kind in kinds.items():
        if word in words:
            return kind
    return "integer" if "int" in words and "str" not in words else "text"


COLUMNS: Final = tuple(Column(name, _kind(name)) for name in field_names(Payment))


def row_of(payment: Payment, *, show_personal: bool) -> list[Any]:
    """Return the values of a row: whole amounts as int, other amounts as text, times as KST text."""
    return [None if (v := getattr(payment, name)) is None else write(v) for name, write in _writers(show_personal)]


@cache
def _writers(show_personal: bool) -> tuple[tuple[str, Callable[[Any], Any]], ...]:  # noqa: FBT001 - a cache's key
    by_kind: dict[str, Callable[[Any], Any]] = {
        "boolean": _number,
        "integer": _number,
        "json": _json_text,
        "money": _money,
        "time": _time,
    }
    writers: list[tuple[str, Callable[[Any], Any]]] = []
    for column in COLUMNS:
        write: Callable[[Any], Any] = by_kind.get(column.kind, _text)
        if is_free_text(column.name):
            write = _masked
        if is_hidden(Payment, column.name) and not show_personal:
            write = _hidden
        writers.append((column.name, write))
    return tuple(writers)


def _text(value: Any) -> str:
    return str(value)


def _masked(value: Any) -> str:
    return mask(str(value))


def _hidden(value: Any) -> str | None:
    return HIDDEN if value else None


def _number(value: Any) -> int | str:
    """A value that could not be read stays the text that V1 sent, here and below."""
    return int(value) if isinstance(value, int) else str(value)


def _time(value: datetime | int) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)  # milliseconds stay the number


def _money(value: Any) -> int | str:
    if not isinstance(value, Decimal):
        return str(value)
    amount = from_money(value)
    return amount if isinstance(amount, int) and abs(amount) < MOST_OF_SQLITE else format(value, "f")


def _json_text(value: Any) -> str:
    return exact_json.dumps(plain(value)) if value else "[]"
