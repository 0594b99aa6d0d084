"""The columns of an export: every field of a payment, exact amounts and KST times."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from portone_v1_generated._reading import KST, from_money
from portone_v1_generated.models.payments import Payment

from .. import _json
from ._plain import value_of

__all__ = ["COLUMNS", "Column", "row_of"]

Kind = Literal["boolean", "integer", "json", "money", "text", "time"]


class Column(NamedTuple):
    name: str
    kind: Kind


def _kind(name: str) -> Kind:
    """By the model's own annotation, so that a new field of the specification is a new column."""
    annotation = str(Payment.__annotations__[name])
    words = set(re.findall(r"\w+", annotation))
    if words & {"list", "dict", "Promotion"}:
        return "json"
    kinds: dict[str, Kind] = {"Decimal": "money", "datetime": "time", "bool": "boolean"}
    for word, kind in kinds.items():
        if word in words:
            return kind
    return "integer" if "int" in words and "str" not in words else "text"


COLUMNS: Final = tuple(Column(name, _kind(name)) for name in Payment._names)  # noqa: SLF001


def row_of(payment: Payment, *, show_personal: bool) -> list[Any]:
    """The values as the file keeps them while it grows: whole amounts as int, others as text, times as KST text."""
    return [_cell(payment, column, show_personal=show_personal) for column in COLUMNS]


def _cell(payment: Payment, column: Column, *, show_personal: bool) -> Any:
    value = getattr(payment, column.name)
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.astimezone(KST).isoformat()
    if isinstance(value, Decimal):
        amount = from_money(value)
        return amount if isinstance(amount, int) and abs(amount) < 2**63 else format(value, "f")
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return int(value)
    shown = value_of(payment, column.name, show_personal=show_personal)
    return _json.dumps(shown) if isinstance(shown, list | dict) else shown
