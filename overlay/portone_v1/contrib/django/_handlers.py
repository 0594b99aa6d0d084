"""Registration of the shop's webhook handlers."""

from __future__ import annotations

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any, Final, Literal, TypeVar

from django.core.exceptions import ImproperlyConfigured  # type: ignore[import-untyped]

__all__ = ["HANDLERS", "KINDS", "webhook_handler"]

F = TypeVar("F", bound=Callable[..., Any])

KINDS: Final = ("payment", "escrow", "cvs_confirm", "checkout_confirm")
HANDLERS: Final[dict[str, Callable[..., Any]]] = {}


def webhook_handler(kind: Literal["payment", "escrow", "cvs_confirm", "checkout_confirm"]) -> Callable[[F], F]:
    """웹훅 핸들러: Register a handler in `<app>/portone.py`, which is imported when Django starts.

    `payment` and `escrow` are called with a `PaymentChanged` or an `EscrowChanged`, inside one transaction with the
    inbox; do not call V1 in them. An exception rolls the transaction back, and the payment is processed again. Raise
    `RetryLater` if the order is not stored yet, `UnknownOrder` if there is none. `cvs_confirm` returns True or False,
    `checkout_confirm` returns None to approve or the reason of a refusal.

    Handlers are ordinary functions in asynchronous shops too: Django's transactions are synchronous.
    """
    if kind not in KINDS:
        raise ImproperlyConfigured(f"unknown kind of webhook: {kind!r}; known: {', '.join(KINDS)}")

    def register(function: F) -> F:
        if iscoroutinefunction(function):
            raise ImproperlyConfigured(
                "handler must be a regular function, not async def: Django transactions are synchronous"
            )
        earlier = HANDLERS.setdefault(kind, function)
        if _place(earlier) != _place(function):
            raise ImproperlyConfigured(f"{kind!r} has two handlers: {_place(earlier)} and {_place(function)}")
        HANDLERS[kind] = function
        return function

    return register


def _place(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
