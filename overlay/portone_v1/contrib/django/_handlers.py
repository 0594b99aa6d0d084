"""Which functions of the shop handle what PortOne posts."""

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
    """Register a handler, in `<app>/portone.py`, which is imported when Django starts.

    `payment` and `escrow` get a `PaymentChanged` or an `EscrowChanged`, inside one transaction with the inbox, and ask
    V1 nothing. What they raise rolls back, and the payment comes again; `RetryLater` says that the order is not stored
    yet, `UnknownOrder` that there is none. `cvs_confirm` answers with True or False, `checkout_confirm` with None or a
    reason why not.

    An ordinary function, in asynchronous shops too: Django's transactions are synchronous.
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
