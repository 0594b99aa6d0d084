"""Convert records to JSON and back, exactly. A file can create only records of the sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, TypeGuard

from .record_types import NAMES, RECORD_TYPES

__all__ = ["MARK", "deserialize", "serialize"]

MARK: Final = "$"
_type_of: Callable[[object], type[Any]] = type
SIMPLE: Final = frozenset({str, int, bool, float, type(None)})


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)  # For one name, attrgetter returns no tuple.
    return lambda record: tuple(getattr(record, name) for name in names)


FIELDS: Final = {kind: tuple(field.name for field in fields(kind)) for kind in NAMES}
VALUES: Final = {kind: _getter(names) for kind, names in FIELDS.items()}
"""Functions that read all fields of a record at once."""
KNOWN: Final = {kind: frozenset(names) for kind, names in FIELDS.items()}
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), check_circular=False)
"""Made once, because `json.dumps` makes one for each call. Results of `_plain` contain no cycle."""


def serialize(value: object) -> str:
    """Return the JSON of a value. Raises TypeError if it could not be restored."""
    return _ENCODER.encode(_plain(value))


def deserialize(text: str) -> Any:
    """Return the value of a JSON text. Raises ValueError if `serialize` did not write it."""
    try:
        return _DECODER.decode(text)
    except (KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None


def _plain(value: Any) -> Any:
    kind = _type_of(value)
    if kind in SIMPLE:
        return value
    names = FIELDS.get(kind)
    if names is not None:
        parts = VALUES[kind](value)
        record: dict[str, Any] = {MARK: NAMES[kind], **dict(zip(names, parts, strict=True))}
        for name, of in zip(names, map(_type_of, parts), strict=True):
            if of not in SIMPLE:
                record[name] = _plain(record[name])
        return record
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
    raise TypeError(f"a {kind.__name__} cannot be stored")


def _is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, Mapping)


def _restore(value: dict[str, Any]) -> Any:
    """Return what a JSON object stands for. The values in it have been restored before."""
    mark = value.pop(MARK, None)
    if mark is None:
        return value
    if mark == "decimal":
        return Decimal(value["text"])
    if mark in ("tuple", "set", "frozenset"):
        made = {"tuple": tuple, "set": set, "frozenset": frozenset}[mark]
        return made(value["items"])
    if mark == "dict":
        return dict(value["items"])
    record = RECORD_TYPES.get(str(mark))
    if record is None:
        raise ValueError(f"unknown kind of record: {str(mark)[:80]}")
    known = KNOWN[record]
    if known.issuperset(value):
        return record(**value)
    # A record of another version may lack a field or have an unknown one.
    return record(**{name: item for name, item in value.items() if name in known})


_DECODER: Final = json.JSONDecoder(object_hook=_restore)
"""The C parser calls the hook for each object, and never for a text or a number."""
