"""Rows about intents: the request, its age, its outcome. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from portone_v1.intents import Intent
from portone_v1.intents.writes import row_of as row_of_write
from portone_v1.operations import OPERATIONS
from portone_v1_runtime.decode import KST

from ..exit_codes import usage_error

__all__ = ["age", "is_running", "kind_of", "name_ko", "outcomes_of", "read_age", "row_of"]

AGE: Final = re.compile(r"(\d+)(s|m|h|d)")
UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def kind_of(intent: Intent) -> str:
    """Return the kind of a write: a charge, a refund or anything else."""
    return row_of_write(intent.operation).moves or "write"


def outcomes_of(intent: Intent) -> tuple[str, ...]:
    """Return the words with which a person may decide it: those for *executed* first."""
    return {
        "refund": ("refunded", "refused", "not_refunded"),
        "charge": ("paid", "declined", "not_charged"),
        "write": ("done", "not_done"),
    }[kind_of(intent)]


def name_ko(intent: Intent) -> str:
    """Return the Korean name of the operation, or its own name if it has none."""
    found = OPERATIONS.get(intent.operation.replace(".", "_", 1))
    return intent.operation if found is None else found.name_ko


def is_running(intent: Intent, now: float) -> bool:
    """Return whether its call may be running. After the clock was set back a lease is too long: the client judges."""
    left = intent.lease_until - now
    return intent.state == "open" and left > 0 and (not intent.lease or left <= intent.lease + 1)


def row_of(intent: Intent, now: float) -> dict[str, Any]:
    """Return one row of `intents list`."""
    amount = intent.arguments.get("amount")
    return {
        "id": intent.id,
        "state": "running" if is_running(intent, now) else intent.state,
        "outcome": intent.outcome,
        "operation": intent.operation,
        "name": name_ko(intent),
        "resource": intent.resource,
        "key": intent.key,
        "amount": Decimal(str(amount)) if _is_amount(amount) else None,
        "currency": intent.arguments.get("currency"),
        "sent_at": datetime.fromtimestamp(intent.sent_at, KST) if intent.sent_at else None,
        "age": age(now - intent.sent_at) if intent.sent_at else None,
    }


def _is_amount(value: object) -> bool:
    return value is not None and re.fullmatch(r"\d+(\.\d+)?", str(value)) is not None


def age(seconds: float) -> str:
    """Return `45s`, `12m`, `3h` or `2d`."""
    left = max(0, int(seconds))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if left >= size:
            return f"{left // size}{unit}"
    return f"{left}s"


def read_age(option: str, text: str) -> float:
    """Parse `90s`, `10m`, `2h` or `3d` to seconds."""
    found = AGE.fullmatch(text)
    if found is None:
        usage_error(f"{option}에는 기간을 지정하세요(예: 10m, 2h, 3d)", f"{option} must be an age, e.g. 10m, 2h or 3d")
    try:
        return timedelta(**{UNITS[found[2]]: int(found[1])}).total_seconds()
    except OverflowError:
        usage_error(f"{option}: 기간이 너무 깁니다", f"{option}: the age is too long")
