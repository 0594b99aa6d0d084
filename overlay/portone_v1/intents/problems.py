"""Errors of the journal, with the intent and the payments that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from portone_v1_generated.models.payments import Payment

from .intent import Intent

__all__ = ["differing", "ids_of", "problem"]

E = TypeVar("E", bound=Exception)


def problem(
    kind: type[E],
    reason: str,
    intent: Intent | None = None,
    payments: tuple[Payment, ...] = (),
    *,
    operation: str = "",
) -> E:
    made: Any = kind
    name = operation or (intent.operation if intent is not None else "")
    error: E = made(reason, operation=name, ids=ids_of(intent, payments))
    found: Any = error
    found.intent, found.payments = intent, payments
    return error


def differing(before: Mapping[str, Any], now: Mapping[str, str]) -> str | None:
    """Return what the key was used for before and is used for now, or None if that is the same."""
    names = [name for name, value in now.items() if before.get(name) != value]
    if not names:
        return None
    shown = (", ".join(_shown(name, values.get(name)) for name in names) for values in (before, now))
    return "; ".join(f"{when} {what}" for when, what in zip(("before:", "now:"), shown, strict=True))


def _shown(name: str, value: object) -> str:
    """Return an argument as text. `asked` is an amount, or `left=0`: the amount that a refund leaves."""
    if name != "asked":
        return f"{name}={value}"
    return str(value) if str(value).startswith("left=") else f"amount={value}"


def ids_of(intent: Intent | None, payments: tuple[Payment, ...] = ()) -> dict[str, str]:
    ids: dict[str, str] = {}
    if intent is not None:
        for name in ("imp_uid", "merchant_uid", "customer_uid"):
            if value := intent.arguments.get(name):
                ids[name] = str(value)
    if payments:
        ids.setdefault("imp_uid", payments[0].imp_uid)
    return ids
