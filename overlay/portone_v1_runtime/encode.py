"""Convert arguments to their wire form. Writing is strict: a wrong type or value raises before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from .advice import advise
from .unset import ALL, FULL, UNSET

__all__ = [
    "advised_choice",
    "as_given",
    "boolean",
    "choice",
    "day",
    "fixed_value",
    "integer",
    "json_text",
    "moment",
    "money",
    "money_or_full",
    "naive",
    "number",
    "plain",
    "positive_money",
    "seconds",
    "text",
    "text_or_texts",
    "texts",
    "uuid",
]


CENT: Final = Decimal("0.01")


def _kind(value: object) -> str:
    return type(value).__name__


def _absent(value: Any) -> bool:
    return value is None or value is UNSET


def _wrong(name: str, wanted: str, value: Any) -> TypeError:
    return TypeError(f"{name} must be {wanted}, not {type(value).__name__}")


def text(name: str, value: Any) -> Any:
    if value is None or value is UNSET or isinstance(value, str):
        return value
    raise TypeError(f"{name} must be a str, not {_kind(value)}")


def texts(name: str, value: Any) -> Any:
    """Return a list of texts; a single text becomes a list of one."""
    if value is None or value is UNSET or value is ALL:  # a guard converts `ALL` where it is allowed
        return value
    if isinstance(value, str):
        return [value]
    if not isinstance(value, Sequence | set | frozenset):
        raise TypeError(f"{name} must be a str or a list of str, not {_kind(value)}")
    items = list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    for item in items:  # pyright: ignore[reportUnknownVariableType]
        if not isinstance(item, str):
            raise TypeError(f"{name} items must be str, not {_kind(item)}")  # pyright: ignore[reportUnknownArgumentType]
    return items  # pyright: ignore[reportUnknownVariableType]


def text_or_texts(name: str, value: Any) -> Any:
    return value if isinstance(value, str) else texts(name, value)


def integer(name: str, value: Any) -> Any:
    if value is None or value is UNSET or value.__class__ is int:
        return value
    raise TypeError(f"{name} must be an int, not {_kind(value)}")


def number(name: str, value: Any) -> Any:
    if _absent(value) or value.__class__ is int:
        return value
    if value.__class__ is not float:
        raise _wrong(name, "a float or an int", value)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{name} must be a finite number")
    return value


def boolean(name: str, value: Any) -> Any:
    if value is None or value is UNSET or value.__class__ is bool:
        return value
    raise TypeError(f"{name} must be a bool, not {_kind(value)}")


def money(name: str, value: Any) -> Any:
    """Return an exact amount. A float is refused: 0.1 + 0.2 is not 0.3."""
    if value is None or value is UNSET:
        return value
    number: int | Decimal
    if value.__class__ is int:
        number = value
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{name} must be a finite amount")
        number = int(value) if value == value.to_integral_value() else value
    else:
        raise TypeError(f"{name} must be an int or a Decimal, not {_kind(value)}")
    if number < 0:
        raise ValueError(f"{name} must not be negative")
    return number


def positive_money(name: str, value: Any) -> Any:
    number = money(name, value)
    if number is not None and number is not UNSET and number == 0:
        raise ValueError(f"{name} must be greater than 0")
    return number


def money_or_full(name: str, value: Any) -> Any:
    """Return an amount above 0, or UNSET for `FULL`, which leaves the field out."""
    if value is FULL:
        return UNSET
    if value is None or value is UNSET:
        raise TypeError(f"{name} is required: pass an int, a Decimal, or FULL for the full refundable balance")
    number = money(name, value)
    if number == 0:
        raise ValueError(f"{name}=0 is ambiguous: V1 treats 0 as the full balance. Pass FULL to refund everything")
    if number < CENT:
        raise ValueError(f"{name}={number} is less than a cent: rounded to 0, it would be the full balance")
    return number


def seconds(name: str, value: Any) -> Any:
    """Return the UNIX seconds of an aware time."""
    if value is None or value is UNSET or value.__class__ is int:
        return value
    if not isinstance(value, datetime):
        example = f": datetime({value.year}, {value.month}, {value.day}, tzinfo=KST)" if isinstance(value, date) else ""
        raise TypeError(f"{name} must be an aware datetime or UNIX seconds, not {_kind(value)}{example}")
    if value.utcoffset() is None:
        raise naive(name)
    return int(value.timestamp())


def naive(name: str) -> ValueError:
    """Return the error for a time without a zone."""
    return ValueError(
        f"{name} must be an aware datetime, with tzinfo=KST (from portone_v1 import KST): a naive one depends on the "
        "machine's time zone"
    )


def day(name: str, value: Any) -> Any:
    if _absent(value):
        return value
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _wrong(name, "a date", value)
    return value.isoformat()


def moment(name: str, value: Any) -> Any:
    if _absent(value):
        return value
    if not isinstance(value, datetime):
        raise _wrong(name, "an aware datetime", value)
    if value.utcoffset() is None:
        raise naive(name)
    return value.isoformat()


def uuid(name: str, value: Any) -> Any:
    if _absent(value):
        return value
    if not isinstance(value, UUID):
        raise _wrong(name, "a UUID", value)
    return str(value)


def choice(name: str, value: Any, known: type[Enum], *, shown: bool = True) -> Any:
    """Return one of the values that V1 accepts. Any other raises: V1 was seen refusing others."""
    value, sentence = _chosen(name, value, known, shown=shown)
    if sentence is not None:
        raise ValueError(sentence)
    return value


def advised_choice(name: str, value: Any, known: type[Enum], *, shown: bool = True) -> Any:
    """Return the value, and warn if the vendor's document does not list it: V1 may accept it by now."""
    value, sentence = _chosen(name, value, known, shown=shown)
    if sentence is not None:
        if value.__class__ is not type(next(iter(known)).value) or value == "":
            raise ValueError(sentence)  # not even of the right type
        advise(sentence)
    return value


def _chosen(name: str, value: Any, known: type[Enum], *, shown: bool) -> tuple[Any, str | None]:
    if value is None or value is UNSET:
        return value, None
    if value.__class__ is bool or not isinstance(value, str | int):
        raise TypeError(f"{name} must be one of {known.__name__}, not {_kind(value)}")
    for member in known:
        if member.value == value:
            return member.value, None
    plain = value.value if isinstance(value, Enum) else value
    given_value = f"={str(plain)!r}" if shown else ""
    return plain, f"{name}{given_value} is not one of {', '.join(str(member.value) for member in known)}"


def fixed_value(name: str, value: Any, only: Any) -> Any:
    if not _absent(value) and (value != only or value.__class__ is not only.__class__):
        raise ValueError(f"{name} can only be {only!r}")
    return value


def plain(name: str, value: Any, types: tuple[type, ...]) -> Any:
    if not _absent(value) and value.__class__ not in types:
        raise _wrong(name, " or ".join(one.__name__ for one in types), value)
    return value


def json_text(name: str, value: Any) -> Any:
    """Return JSON text unchanged, and a mapping as JSON text."""
    if value is None or value is UNSET or isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a mapping or JSON text, not {_kind(value)}")
    return json.dumps(dict(value), ensure_ascii=False)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def as_given(_: str, value: Any) -> Any:
    return value
