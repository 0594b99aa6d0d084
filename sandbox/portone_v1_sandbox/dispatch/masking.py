"""Arguments for the journal, without secrets and personal data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..wire.json_types import is_list, is_object
from .arguments import given_values

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo

__all__ = ["mask_arguments"]

MASK: Final = "***"
LONGEST: Final = 200


def mask_arguments(operation: OperationInfo, source: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        parameter.name: MASK if parameter.sensitive else _short(value)
        for parameter, value in given_values(operation, source)
        if value is not None
    }


def _short(value: Any) -> Any:
    if is_list(value):
        return [_short(item) for item in value]
    if is_object(value):
        return MASK  # The operation table does not describe its content.
    # A number can have any number of digits.
    return value if isinstance(value, bool) else str(value)[:LONGEST]
