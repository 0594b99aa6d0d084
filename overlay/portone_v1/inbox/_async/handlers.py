# The source of both flavours: `make generate` writes _sync/handlers.py from it.
"""The shop's handlers of what PortOne posts, and its tasks for after the commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from ..events import CheckoutConfirm, CvsConfirm, EscrowChanged, PaymentChanged
from ..stores import AsyncWork

__all__ = ["AsyncHandlers"]

F = TypeVar("F", bound=Callable[..., Any])


class AsyncHandlers:
    """What a shop registers: each method can be used as a decorator."""

    def __init__(self) -> None:
        self._payment: Callable[[PaymentChanged, AsyncWork], Awaitable[object]] | None = None
        self._escrow: Callable[[EscrowChanged, AsyncWork], Awaitable[object]] | None = None
        self._cvs: Callable[[CvsConfirm], Awaitable[bool]] | None = None
        self._checkout: Callable[[CheckoutConfirm], Awaitable[str | None]] | None = None
        self._tasks: dict[str, Callable[..., Awaitable[object]]] = {}

    def on_payment(self, handler: F) -> F:
        """결제 상태 변경: register the handler of payments, deposits, refunds and scheduled charges.

        It is called as `handler(change, work)` inside the shop's transaction, once for each step forward, and asks V1
        nothing. If it raises, nothing is committed and the payment comes again; `RetryLater` and `UnknownOrder` say
        why.
        """
        self._payment = handler
        return handler

    def on_escrow(self, handler: F) -> F:
        """에스크로: register the handler of `Inicis.Escrow.Changed`, called as `handler(event, work)`."""
        self._escrow = handler
        return handler

    def on_cvs_confirm(self, handler: F) -> F:
        """편의점 결제 확인: register the handler that approves or refuses a payment at a till.

        It returns True or False. Without one, the answer is 501 and nothing is collected.
        """
        self._cvs = handler
        return handler

    def on_checkout_confirm(self, handler: F) -> F:
        """결제 승인 전 확인: register the handler for `confirm_url`.

        It returns None to approve, or the reason for a refusal.
        """
        self._checkout = handler
        return handler

    def task(self, function: F) -> F:
        """Register work for after the commit, under the function's name. It runs at least once for each `key`."""
        name = function.__name__
        if self._tasks.setdefault(name, function) is not function:
            raise ValueError(f"another task is registered as {name}")
        return function
