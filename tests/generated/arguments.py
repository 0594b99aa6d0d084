"""Right arguments for every write of the table: the required ones."""

from __future__ import annotations

import inspect
from typing import Any

from portone_v1.operations import OPERATIONS, OperationInfo, method_of

__all__ = ["SOON", "WRITES", "right_arguments", "split_path"]

WRITES = [operation for operation in OPERATIONS.values() if not operation.safe]
SOON = 1_900_000_000
FILL: dict[str, Any] = {
    "text": "x1", "integer": 1, "boolean": True, "money": 1000, "time": SOON, "texts": ["x1"], "json": {},
    "object": {}, "list": [],
}  # fmt: skip
MODELS: dict[str, Any] = {
    "schedules": [{"merchant_uid": "order-1", "schedule_at": SOON, "amount": 1000}],
    "data": [{"business_registration_number": "123-45-67890", "company_name": "x1", "amount": 1000}],
    "logis": {"company": "x1", "invoice": "1", "sent_at": SOON, "receiving_at": "202611301200", "address": "x1"},
    "sender": {"name": "x1", "tel": "02-0000-0000", "addr": "x1", "relationship": "x1", "postcode": "00000"},
    "receiver": {"name": "x1", "tel": "02-0000-0000", "addr": "x1", "postcode": "00000"},
}


def right_arguments(operation: OperationInfo) -> dict[str, Any]:
    """Return valid arguments: the required ones."""
    needed = inspect.signature(method_of(operation)).parameters
    found: dict[str, Any] = {}
    for parameter in operation.parameters:
        name = parameter.python_name
        if name not in needed or needed[name].default is not inspect.Parameter.empty:
            continue
        found[name] = parameter.values[0] if parameter.values else MODELS.get(name, FILL.get(parameter.kind, {}))
    if operation.id == "payments_cancel":
        found |= {"merchant_uid": "order-1"}
    if operation.id == "vbanks_update":
        found |= {"amount": 1000}
    if "delivery_company" in needed:
        found |= {"delivery_company": "CJGLS", "tracking_number": "1"}
    if operation.id == "paymentwall_register_delivery":
        found |= {"type_": "digital"}
    if operation.id == "billing_keys_issue":
        found |= {"birth": "880101"}
    return found


def split_path(operation: OperationInfo, arguments: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return the path arguments, which are passed by position, and the others."""
    path = [arguments[p.python_name] for p in operation.parameters if p.location == "path"]
    inside = {p.python_name for p in operation.parameters if p.location == "path"}
    return path, {name: value for name, value in arguments.items() if name not in inside}
