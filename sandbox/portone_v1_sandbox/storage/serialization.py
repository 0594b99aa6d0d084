"""Records to JSON and back, exactly. A file can create records of the sandbox only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final, TypeGuard

from ..wire.json_types import is_list, is_object
from .record_types import NAMES, RECORD_TYPES

__all__ = ["MARK", "deserialize", "serialize"]

MARK: Final = "$"


def serialize(value: object) -> str:
    """Return the JSON of a value. Raises TypeError if it could not be restored."""
    return json.dumps(_plain(value), separators=(",", ":"))


def deserialize(text: str) -> Any:
    """Return the value of a JSON text. Raises ValueError if `serialize` did not write it."""
    try:
        return _restore(json.loads(text))
    except (KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None


def _plain(value: Any) -> Any:
    kind = _type_of(value)
    if value is None or kind in (str, int, bool, float):
        return value
    if kind is Decimal:
        return {MARK: "decimal", "text": str(value)}
    if kind is list:
        return [_plain(item) for item in value]
    if kind is tuple:
        return {MARK: "tuple", "items": [_plain(item) for item in value]}
    if kind in (set, frozenset):
        return {MARK: kind.__name__, "items": sorted((_plain(item) for item in value), key=json.dumps)}
    if _is_mapping(value):
        if MARK not in value and all(type(key) is str for key in value):
            return {key: _plain(item) for key, item in value.items()}
        return {MARK: "dict", "items": [[_plain(key), _plain(item)] for key, item in value.items()]}
    if kind in NAMES:
        return {MARK: NAMES[kind]} | {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"a {kind.__name__} cannot be stored")


def _type_of(value: object) -> type[Any]:
    return type(value)


def _is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, Mapping)


def _restore(value: Any) -> Any:
    if is_list(value):
        return [_restore(item) for item in value]
    if not is_object(value):
        return value
    mark = value.get(MARK)
    if mark is None:
        return {name: _restore(item) for name, item in value.items()}
    if mark == "decimal":
        return Decimal(value["text"])
    if mark in ("tuple", "set", "frozenset"):
        made = {"tuple": tuple, "set": set, "frozenset": frozenset}[mark]
        return made(_restore(item) for item in value["items"])
    if mark == "dict":
        return {_restore(key): _restore(item) for key, item in value["items"]}
    record = RECORD_TYPES.get(str(mark))
    if record is None:
        raise ValueError(f"unknown kind of record: {str(mark)[:80]}")
    known = {field.name for field in fields(record)}
    # A record of another version may lack a field or have an unknown one.
    return record(**{name: _restore(item) for name, item in value.items() if name in known})
