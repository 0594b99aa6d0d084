"""Models as a pandas or polars DataFrame.

Types come from the model, not from the rows: an empty month has the same columns as a full one.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, Final, Literal

from ..unset import UNSET
from .fields import field_names, mask, sensitive_fields
from .model import Model

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["Money", "item_model", "page_model", "to_pandas", "to_polars"]

Kind = Literal["money", "time", "date", "flag", "whole", "number", "code", "choice", "text"]
Money = Literal["auto", "decimal"]

ZONE: Final = "Asia/Seoul"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
LARGEST: Final = 2**63 - 1
DIGITS: Final = 38
PLACES: Final = 4
NOT_A_TIME: Final = -(2**63)
"""NaT as a number of microseconds in numpy."""
EXACT: Final = ("_uid", "_id", "_tid", "_num", "_code", "_url")
"""Endings of fields that are never masked: ids may look like card numbers, and tables are joined by them."""
KINDS: Final[tuple[tuple[type[Any], Kind], ...]] = (
    (Decimal, "money"),
    (datetime, "time"),
    (date, "date"),
    (bool, "flag"),
    (IntEnum, "code"),
    (Enum, "choice"),
    (int, "whole"),
    (float, "number"),
    (str, "text"),
)


def to_pandas(
    items: Iterable[Any],
    model: type[Model] | None = None,
    *,
    columns: Sequence[str] | None = None,
    personal: bool = False,
    money: Money = "auto",
) -> pd.DataFrame:
    """표로 변환: Return a pandas DataFrame with a row for each model.

    Amounts are `Int64` where all of a column are whole, else `Decimal` objects; times `datetime64[us, Asia/Seoul]`;
    enums `category`, values that the specification does not know included; texts `string`; flags `boolean`. A column in
    which V1 sent something that cannot be read is `object`.

    Args:
        items: models of one kind.
        model: their class, where `items` may be empty and does not know it.
        columns: fields in this order, personal data included where named. Default: all that hold one value each.
        personal: with secrets, card and personal data; without, they are left out and card numbers in texts masked.
        money: `decimal`: amounts are `Decimal` objects even where all are whole.

    Raises:
        ImportError: pandas is missing: `pip install portone-v1[pandas]`.
        ValueError: a column is no field with one value, or an empty list does not know its model.
    """
    try:
        import pandas as pd
    except ImportError:
        raise ImportError("to_pandas needs pandas: pip install portone-v1[pandas]") from None

    rows = [*items]
    made: dict[str, Any] = {}
    for name, kind in _columns(_model(items, rows, model), columns, personal=personal).items():
        values = _values(rows, name, kind, personal=personal)
        if kind == "money":
            whole = money == "auto" and _fits(values)
            made[name] = pd.Series(_whole(values) if whole else values, dtype="Int64" if whole else "object")
        elif kind == "time":
            # Not by "Int64": on the way pandas 2.2 makes a NaT without a unit, of which numpy 2.5 warns.
            numbers = [NOT_A_TIME if stamp is None else stamp for stamp in _stamps(values)]
            stamps = pd.Series(numbers, dtype="int64").astype("datetime64[us]")
            made[name] = stamps.dt.tz_localize("UTC").dt.tz_convert(ZONE)
        elif kind == "whole":
            made[name] = pd.Series(values, dtype="Int64" if _fits(values) else "object")
        elif not _read(values, kind):
            made[name] = pd.Series(values, dtype="object")
        elif kind in ("choice", "code"):
            known = dict.fromkeys([*_known(_model(items, rows, model), name), *(v for v in values if v is not None)])
            made[name] = pd.Series(pd.Categorical(values, categories=[*known]))
        else:
            dtype = {"flag": "boolean", "text": "string", "number": "Float64", "date": "object"}[kind]
            made[name] = pd.Series(values, dtype=dtype)
    return pd.DataFrame(made)


def to_polars(
    items: Iterable[Any],
    model: type[Model] | None = None,
    *,
    columns: Sequence[str] | None = None,
    personal: bool = False,
    money: Money = "auto",
) -> pl.DataFrame:
    """표로 변환: Return a polars DataFrame with a row for each model.

    Amounts are `Int64` where all of a column are whole, else `Decimal(38, 4)`, with more places where an amount has
    more; times `Datetime("us", "Asia/Seoul")`; enums and texts `String`; flags `Boolean`. A column is `String` if V1
    sent something in it that cannot be read, or an amount of more than 38 digits.

    Args:
        items: models of one kind.
        model: their class, where `items` may be empty and does not know it.
        columns: fields in this order, personal data included where named. Default: all that hold one value each.
        personal: with secrets, card and personal data; without, they are left out and card numbers in texts masked.
        money: `decimal`: amounts are `Decimal(38, 4)` even where all are whole.

    Raises:
        ImportError: polars is missing: `pip install portone-v1[polars]`.
        ValueError: a column is no field with one value, or an empty list does not know its model.
    """
    try:
        import polars as pl
    except ImportError:
        raise ImportError("to_polars needs polars: pip install portone-v1[polars]") from None

    rows = [*items]
    made: list[pl.Series] = []
    for name, kind in _columns(_model(items, rows, model), columns, personal=personal).items():
        values = _values(rows, name, kind, personal=personal)
        if kind == "time":
            stamps = pl.Series(name, _stamps(values), dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))
            made.append(stamps.dt.convert_time_zone(ZONE))
        elif kind == "money" and money == "auto" and _fits(values):
            made.append(pl.Series(name, _whole(values), dtype=pl.Int64))
        elif kind == "money" and _read(values, kind) and (scale := _scale(values)) is not None:
            made.append(pl.Series(name, values, dtype=pl.Decimal(DIGITS, scale)))
        elif kind == "money" or (kind in ("whole", "code") and not _fits(values)) or not _read(values, kind):
            made.append(pl.Series(name, [None if v is None else _text(v) for v in values], dtype=pl.String))
        else:
            types: dict[Kind, Any] = {
                "whole": pl.Int64, "code": pl.Int64, "flag": pl.Boolean, "number": pl.Float64, "date": pl.Date,
            }  # fmt: skip
            made.append(pl.Series(name, values, dtype=types.get(kind, pl.String)))
    return pl.DataFrame(made)


def item_model(page: type[Any]) -> type[Model] | None:
    """Return the class of a page's items."""
    found = typing.get_args(typing.get_type_hints(page).get("items"))
    return found[0] if found and issubclass(found[0], Model) else None


def page_model(method: Any) -> type[Model] | None:
    """Return the class of the items in the pages that a method returns."""
    page = typing.get_type_hints(method).get("return")
    return item_model(page) if isinstance(page, type) else None


def _model(items: object, rows: list[Any], model: type[Model] | None) -> type[Model]:
    known: list[Any] = [model, getattr(items, "model", None), *(row.__class__ for row in rows[:1])]
    found: Any = next((kind for kind in known if kind is not None), None)
    name = str(getattr(found, "__name__", found))
    if found is None:
        raise ValueError("an empty list does not know its columns: name the model, to_pandas(items, Payment)")
    if not (isinstance(found, type) and issubclass(found, Model)):
        raise TypeError(f"models are expected, not {name}")
    return found


def _columns(model: type[Model], wanted: Sequence[str] | None, *, personal: bool) -> dict[str, Kind]:
    hints = typing.get_type_hints(model)
    kinds: dict[str, Kind] = {name: kind for name in field_names(model) if (kind := _kind(hints[name])) is not None}
    if wanted is not None:
        if unknown := [name for name in wanted if name not in kinds]:
            raise ValueError(f"{model.__name__} has no field of one value called {', '.join(unknown)}")
        return {name: kinds[name] for name in wanted}
    hidden = frozenset[str]() if personal else sensitive_fields(model)
    return {name: kind for name, kind in kinds.items() if name not in hidden}


def _kind(hint: Any) -> Kind | None:
    if typing.get_origin(hint) in (list, dict):
        return None
    parts = typing.get_args(hint) or (hint,)
    classes = [part for part in parts if isinstance(part, type) and typing.get_origin(part) is None]
    if any(issubclass(part, Model) for part in classes) or any(typing.get_origin(part) for part in parts):
        return None
    return next((kind for known, kind in KINDS if any(issubclass(part, known) for part in classes)), None)


def _known(model: type[Model], name: str) -> list[Any]:
    parts = typing.get_args(typing.get_type_hints(model)[name])
    return [member.value for part in parts if isinstance(part, type) and issubclass(part, Enum) for member in part]


def _values(rows: list[Any], name: str, kind: Kind, *, personal: bool) -> list[Any]:
    found = [getattr(row, name) for row in rows]
    if kind in ("choice", "code"):
        found = [value.value if isinstance(value, Enum) else value for value in found]
        found = [value if value is UNSET or isinstance(value, int | None) else _text(value) for value in found]
    elif kind == "text":
        exact = personal or name.endswith(EXACT)
        found = [None if v is None else _text(v) if exact else mask(_text(v)) for v in found]
    return [None if value is UNSET else value for value in found]


def _text(value: Any) -> str:
    text = str(value)
    if text.isascii():
        return text
    # JSON may hold half a surrogate pair (half an emoji), which Arrow refuses.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _fits(values: list[Any]) -> bool:
    return all(v is None or (isinstance(v, int | Decimal) and -LARGEST <= v <= LARGEST and v == int(v)) for v in values)


def _read(values: list[Any], kind: Kind) -> bool:
    """Return whether all values have the model's type: a value that V1 sent in another form is kept unchanged."""
    wanted = {"money": Decimal, "flag": bool, "number": int | float, "date": date}.get(kind)
    return wanted is None or all(value is None or isinstance(value, wanted) for value in values)


def _scale(values: list[Any]) -> int | None:
    """Return the decimal places (4 or more) that hold every amount: polars rounds longer ones. None if none do."""
    amounts = [value for value in values if value is not None]
    scale = max([PLACES, *(-int(amount.as_tuple().exponent) for amount in amounts)])
    return scale if scale <= DIGITS and all(amount.adjusted() + 1 + scale <= DIGITS for amount in amounts) else None


def _whole(values: list[Any]) -> list[int | None]:
    return [None if value is None else int(value) for value in values]


def _stamps(values: list[Any]) -> list[int | None]:
    """Return microseconds since 1970. A number that V1 sent in place of a time becomes None."""
    return [(value - EPOCH) // MICROSECOND if isinstance(value, datetime) else None for value in values]
