"""What a caller reads of the payments: eight fields, or every field of a payment and of what lies within it.

The reading is plain attribute access, written out, because that is what code of a shop compiles to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from . import payload

__all__ = ["EIGHT", "eight_fields", "every_field"]

EIGHT = ("imp_uid", "merchant_uid", "status", "amount", "cancel_amount", "paid_at", "pay_method", "receipt_url")

Read = Callable[[Iterable[Any]], None]


def eight_fields() -> Read:
    return _compiled([f"payment.{name}" for name in EIGHT])


def every_field() -> Read:
    lines: list[str] = []
    for name, value in payload.payment(0).items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"for part in payment.{name}:", *(f"    part.{within}" for within in value[0])]
        elif name == "promotion":
            lines += ["part = payment.promotion", *(f"part.{within}" for within in value)]
        else:
            lines.append(f"payment.{name}")
    return _compiled(lines)


def _compiled(lines: list[str]) -> Read:
    """Compile a function for each side, because the interpreter specializes one for the classes that it meets."""
    source = "\n        ".join(lines)
    space: dict[str, Any] = {}
    exec(f"def read(payments):\n    for payment in payments:\n        {source}\n", space)
    read: Read = space["read"]
    return read
