"""Columns of an export: every field of a payment, with exact amounts and KST times."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final, Literal, NamedTuple, NoReturn

from portone_v1.models import Payment
from portone_v1_runtime import exact_json
from portone_v1_runtime.decode import from_money
from portone_v1_runtime.models.fields import field_names, mask

from ..exit_codes import usage_error
from ..formatting import HIDDEN, is_free_text, is_hidden, plain

__all__ = ["COLUMNS", "Column", "Kind", "cell_of", "row_of", "typed"]

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


def cell_of(column: Column, value: Any, *, show_personal: bool) -> Any:
    """Return one value of a row."""
    return _writer(column, show_personal)(value)


def row_of(payment: Payment, *, show_personal: bool) -> list[Any]:
    """Return the values of a row: whole amounts as int, other amounts as text, times as KST text."""
    return [None if (v := getattr(payment, name)) is None else write(v) for name, write in _writers(show_personal)]


@cache
def _writers(show_personal: bool) -> tuple[tuple[str, Callable[[Any], Any]], ...]:  # noqa: FBT001 - a cache's key
    return tuple((column.name, _writer(column, show_personal)) for column in COLUMNS)


@cache
def _writer(column: Column, show_personal: bool) -> Callable[[Any], Any]:  # noqa: FBT001 - a cache's key
    if is_hidden(Payment, column.name) and not show_personal:
        return _hidden
    if is_free_text(column.name):
        return _masked
    by_kind: dict[str, Callable[[Any], Any]] = {
        "boolean": _number,
        "integer": _number,
        "json": _json_text,
        "money": _money,
        "time": _time,
    }
    return by_kind.get(column.kind, _text)


def _text(value: Any) -> str:
    text = str(value)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:  # half of an emoji, which JSON may contain but UTF-8 may not
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _masked(value: Any) -> str:
    return mask(_text(value))


def _hidden(value: Any) -> str | None:
    return HIDDEN if value else None


def _number(value: Any) -> int | str:
    """Return a number; a value that could not be read stays the text that V1 sent. So in the functions below."""
    return int(value) if isinstance(value, int) and -MOST_OF_SQLITE <= value < MOST_OF_SQLITE else _text(value)


def _time(value: datetime | int) -> str:
    return value.isoformat() if isinstance(value, datetime) else _text(value)  # milliseconds stay a number


def _money(value: Any) -> int | str:
    if not isinstance(value, Decimal):
        return _text(value)
    amount = from_money(value)
    return amount if isinstance(amount, int) and abs(amount) < MOST_OF_SQLITE else format(value, "f")


def _json_text(value: Any) -> str:
    return _text(exact_json.dumps(plain(value))) if value else "[]"


def typed(column: Column, item: Any, places: int) -> Any:
    """Return the value of a row as its typed column stores it."""
    if item is None:
        return None
    if column.kind == "money":
        try:
            amount = Decimal(item)
            exact = amount.quantize(Decimal(1).scaleb(-places))
        except InvalidOperation:  # not a number, or one of more than 28 digits
            _unreadable(column, item)
        if exact != amount:
            usage_error(
                f"{column.name} {amount}: 소수점 아래 {places}자리를 넘습니다. .csv나 .sqlite를 쓰세요.",
                f"{column.name} {amount} has more than {places} decimal places: choose .csv or .sqlite",
            )
        return exact
    if column.kind == "time":
        if str(item).isdigit():  # a number is not a time, although `fromisoformat` accepts some
            _unreadable(column, item)
        try:
            return datetime.fromisoformat(item)
        except ValueError:
            _unreadable(column, item)
    if column.kind in ("boolean", "integer") and not isinstance(item, int):
        _unreadable(column, item)
    return bool(item) if column.kind == "boolean" else item


def _unreadable(column: Column, item: Any) -> NoReturn:
    """Refuse a value of another type: the file's columns are typed, and no value may be lost or changed."""
    shown = mask(str(item))
    usage_error(
        f"{column.name} {shown}: 읽을 수 없는 값입니다. .csv나 .sqlite를 쓰세요.",
        f"{column.name} {shown} cannot be read: choose .csv or .sqlite",
    )
