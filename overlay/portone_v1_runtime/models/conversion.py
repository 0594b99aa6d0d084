"""Models as plain Python and as JSON: `to_dict(mode=…)`, and a `default` for JSON encoders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, cast
from uuid import UUID

from ..decode import KST
from ..unset import UNSET
from .fields import ModelFields, field_names, sensitive_fields, unknown_fields

__all__ = ["json_number", "to_json_value", "to_plain"]

Mode = Literal["wire", "python", "json"]

_LARGEST = 10**40


def json_number(value: Decimal) -> int | float | str:
    """Return a JSON number that reads back as the same Decimal, or text if no double can hold it."""
    if not value.is_finite() or value.copy_abs() >= _LARGEST:
        return str(value)
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    return number if Decimal(repr(number)) == value else str(value)


def to_json_value(value: Any) -> Any:
    """Return one value in a form that JSON can hold, unchanged if it already is."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return json_number(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(KST)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def to_plain(model: ModelFields, mode: Mode, *, personal: bool) -> dict[str, Any]:
    """Return the fields by their Python names, with models inside them as dicts."""
    if mode == "wire":
        raise ValueError('mode="wire" always has every field: personal=False needs "python" or "json"')
    if mode not in ("python", "json"):
        raise ValueError('mode must be "wire", "python" or "json"')
    left_out = frozenset[str]() if personal else sensitive_fields(type(model))
    found: dict[str, Any] = {}
    for name in field_names(type(model)):
        value = getattr(model, name)
        if name not in left_out and value is not UNSET:
            found[name] = _plain(value, mode, personal=personal)
    if personal:
        for name, value in unknown_fields(model).items():
            found.setdefault(name, _plain(value, mode, personal=True))
    return found


def _plain(value: Any, mode: Mode, *, personal: bool) -> Any:
    if isinstance(value, ModelFields):
        return to_plain(value, mode, personal=personal)
    if isinstance(value, list | tuple):
        return [_plain(item, mode, personal=personal) for item in cast("list[Any]", value)]
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {name: _plain(item, mode, personal=personal) for name, item in items}
    return value if mode == "python" else to_json_value(value)
