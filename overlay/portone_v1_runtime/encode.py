"""From arguments to their wire form. Writing is strict: a wrong type or value is said before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol
from urllib.parse import quote

from .unset import FULL, UNSET

__all__ = [
    "at_least_one",
    "boolean",
    "choice",
    "exactly_one",
    "flag",
    "given",
    "integer",
    "json_text",
    "mapping",
    "money",
    "money_or_full",
    "nested",
    "nested_list",
    "optional_segment",
    "positive_money",
    "query_text",
    "required_if",
    "seconds",
    "segment",
    "text",
    "text_or_texts",
    "texts",
]


class _RequestModel(Protocol):
    def to_dict(self) -> dict[str, Any]: ...

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], /) -> _RequestModel: ...


def _kind(value: object) -> str:
    return type(value).__name__


def given(**arguments: object) -> None:
    """Each of these is there: neither None nor an empty text."""
    for name, value in arguments.items():
        if value is None or value is UNSET:
            raise TypeError(f"{name} is required")
        if value == "":
            raise ValueError(f"{name} is empty")


def _given_names(arguments: Mapping[str, object]) -> list[str]:
    return [
        name
        for name, value in arguments.items()
        if value is not UNSET and value is not None and value not in ("", [], ())
    ]


def exactly_one(**arguments: object) -> None:
    names = _given_names(arguments)
    if len(names) != 1:
        choice_of = " or ".join(arguments)
        raise ValueError(f"give exactly one of {choice_of}: {'both are given' if names else 'none is given'}")


def at_least_one(**arguments: object) -> None:
    if not _given_names(arguments):
        raise ValueError(f"give at least one of {' or '.join(arguments)}")


def required_if(name: str, value: object, values: tuple[str, ...], **needed: object) -> None:
    if value is None or value is UNSET or str(value) not in values:
        return
    missing = [other for other in needed if other not in _given_names(needed)]
    if missing:
        raise ValueError(f"{name}={str(value)!r} needs {' and '.join(missing)}")


def text(name: str, value: Any) -> Any:
    if value is None or value is UNSET or isinstance(value, str):
        return value
    raise TypeError(f"{name} must be a str, not {_kind(value)}")


def texts(name: str, value: Any) -> Any:
    """A list of texts; a single text is a list of one."""
    if value is None or value is UNSET:
        return value
    if isinstance(value, str):
        return [value]
    if not isinstance(value, Sequence | set | frozenset):
        raise TypeError(f"{name} must be a str or a list of str, not {_kind(value)}")
    items = list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    for item in items:  # pyright: ignore[reportUnknownVariableType]
        if not isinstance(item, str):
            raise TypeError(f"{name} must hold str, not {_kind(item)}")  # pyright: ignore[reportUnknownArgumentType]
    return items  # pyright: ignore[reportUnknownVariableType]


def text_or_texts(name: str, value: Any) -> Any:
    return value if isinstance(value, str) else texts(name, value)


def integer(name: str, value: Any) -> Any:
    if value is None or value is UNSET or value.__class__ is int:
        return value
    raise TypeError(f"{name} must be an int, not {_kind(value)}")


def boolean(name: str, value: Any) -> Any:
    if value is None or value is UNSET or value.__class__ is bool:
        return value
    raise TypeError(f"{name} must be a bool, not {_kind(value)}")


def money(name: str, value: Any) -> Any:
    """An exact amount. A float is refused: 0.1 + 0.2 is no price."""
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
        raise ValueError(f"{name} must be more than 0")
    return number


def money_or_full(name: str, value: Any) -> Any:
    """An amount above 0, or `FULL`, which leaves the field out."""
    if value is FULL:
        return UNSET
    if value is None or value is UNSET:
        raise TypeError(f"{name} must be said: an int, a Decimal, or FULL for all that is left")
    number = money(name, value)
    if number == 0:
        raise ValueError(f"{name}=0 would be taken as everything that is left; say FULL if that is meant")
    return number


def seconds(name: str, value: Any) -> Any:
    """UNIX seconds of an aware time."""
    if value is None or value is UNSET or value.__class__ is int:
        return value
    if not isinstance(value, datetime):
        raise TypeError(f"{name} must be an aware datetime or UNIX seconds, not {_kind(value)}")
    if value.utcoffset() is None:
        raise ValueError(f"{name} has no time zone: a naive datetime means another moment on each machine")
    return int(value.timestamp())


def choice(name: str, value: Any, known: type[Enum], *, shown: bool = True) -> Any:
    if value is None or value is UNSET:
        return value
    if value.__class__ is bool or not isinstance(value, str | int):
        raise TypeError(f"{name} must be one of {known.__name__}, not {_kind(value)}")
    for member in known:
        if member.value == value:
            return member.value
    given_value = f"={str(value)!r}" if shown else ""
    raise ValueError(f"{name}{given_value} is none of {', '.join(str(member.value) for member in known)}")


def mapping(name: str, value: Any) -> Any:
    if value is None or value is UNSET:
        return value
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a mapping, not {_kind(value)}")
    return dict(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def json_text(name: str, value: Any) -> Any:
    """JSON text as it is, or a mapping turned into it."""
    if value is None or value is UNSET or isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a mapping or JSON text, not {_kind(value)}")
    return json.dumps(dict(value), ensure_ascii=False)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def nested(name: str, value: Any, model: type[_RequestModel]) -> Any:
    if value is None or value is UNSET:
        return value
    if isinstance(value, model):
        return value.to_dict()
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a {model.__name__} or a mapping, not {_kind(value)}")
    return model.from_dict(value).to_dict()  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def nested_list(name: str, value: Any, model: type[_RequestModel]) -> Any:
    if value is None or value is UNSET:
        return value
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise TypeError(f"{name} must be a list of {model.__name__}, not {_kind(value)}")  # pyright: ignore[reportUnknownArgumentType]
    return [nested(f"{name}[{index}]", item, model) for index, item in enumerate(value)]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def segment(name: str, value: Any) -> str:
    """One segment of a path. Whatever the id holds, it stays one segment of this route."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {_kind(value)}")
    if not value:
        raise ValueError(f"{name} is empty")
    if value in (".", ".."):
        raise ValueError(f"{name}={value!r} would name another route")
    encoded = quote(value, safe="")
    return encoded.replace(".", "%2E") if ".." in encoded else encoded


def optional_segment(name: str, value: Any) -> str:
    return "" if value is None else "/" + segment(name, str(value))


def flag(value: Any) -> str | None:
    return None if value is None else "true" if value else "false"


def query_text(value: Any) -> str | None:
    return None if value is None else str(value)
