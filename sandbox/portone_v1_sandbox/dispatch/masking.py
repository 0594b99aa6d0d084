"""Arguments for the journal, without secrets and personal data."""

from __future__ import annotations

from typing import Any, Final

from ..wire.json_types import is_list, is_object
from .given import Given

__all__ = ["mask_arguments"]

MASK: Final = "***"
LONGEST: Final = 200


def mask_arguments(given: Given) -> dict[str, Any]:
    return {parameter.name: MASK if parameter.sensitive else _short(value) for parameter, value in given.values}


def _short(value: Any) -> Any:
    if is_list(value):
        return [_short(item) for item in value]
    if is_object(value):
        return MASK  # The operation table does not describe its content.
    # A number can have any number of digits.
    return value if isinstance(value, bool) else str(value)[:LONGEST]
