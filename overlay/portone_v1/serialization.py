"""JSON of models, results and their values: `json.dumps(payment, default=default)`.

Amounts are numbers, as V1's own (text only where a double cannot hold one), times ISO 8601 in KST, enums their values.
A conversion leaves nothing out: the JSON of a `Payment` contains the buyer. Without personal data:
`payment.to_dict("json", personal=False)`.

Encoders for frameworks: `portone_v1.contrib.django.encoders`, `portone_v1.contrib.flask_json`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from attrs import fields, has
from portone_v1_runtime.models.conversion import to_json_value
from portone_v1_runtime.models.model import Model

from .errors import RefusedError

__all__ = ["default", "encodes"]


def encodes(value: object) -> bool:
    """Return whether the value is a model or a result of this package, which `default` converts."""
    return isinstance(value, Model) or (type(value).__module__ == "portone_v1.results" and has(type(value)))


def default(value: Any) -> Any:
    """Convert what the `json` module does not know: models, results, Decimal, datetime, date, UUID, enums.

    Raises:
        TypeError: it is none of these.
    """
    if isinstance(value, Model):
        return value.to_dict("json")
    if encodes(value):
        kind: Any = value.__class__
        return {field.name: to_json_value(getattr(value, field.name)) for field in fields(kind)}
    if isinstance(value, RefusedError):  # of a declined charge or a refused refund
        return {"code": value.code, "message": value.message}
    if isinstance(value, Decimal | date | UUID | Enum):
        return to_json_value(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
