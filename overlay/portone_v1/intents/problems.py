"""The errors of the journal, with the intent and the payments that they are about."""

from __future__ import annotations

from typing import Any, TypeVar

from portone_v1_generated.models.payments import Payment

from .intent import Intent

__all__ = ["ids_of", "problem"]

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


def ids_of(intent: Intent | None, payments: tuple[Payment, ...] = ()) -> dict[str, str]:
    ids: dict[str, str] = {}
    if intent is not None:
        for name in ("imp_uid", "merchant_uid", "customer_uid"):
            if value := intent.arguments.get(name):
                ids[name] = str(value)
    if payments:
        ids.setdefault("imp_uid", payments[0].imp_uid)
    return ids
