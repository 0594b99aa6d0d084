# The source of both flavours: `make generate` writes _sync/handlers.py from it.
"""The shop's handlers of webhooks, and its tasks for after the commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..._http.concurrency import AsyncFunction
from ..events import CheckoutConfirm, CvsConfirm, EscrowChanged, PaymentChanged
from ..stores import AsyncWork

__all__ = ["AsyncHandlers"]

F = TypeVar("F", bound=Callable[..., Any])


class AsyncHandlers:
    """Registration of the shop's functions. Each method can be used as a decorator."""

    def __init__(self) -> None:
        self._payment: AsyncFunction[[PaymentChanged, AsyncWork], object] | None = None
        self._escrow: AsyncFunction[[EscrowChanged, AsyncWork], object] | None = None
        self._cvs: AsyncFunction[[CvsConfirm], bool] | None = None
        self._checkout: AsyncFunction[[CheckoutConfirm], str | None] | None = None
        self._tasks: dict[str, AsyncFunction[..., object]] = {}

    def on_payment(self, handler: F) -> F:
        """결제 상태 변경: Register the handler of payments, deposits, refunds and scheduled charges.

        It is called as `handler(change, work)` inside the shop's transaction, once for each new state. Do not call V1
        in it. If it raises, nothing is committed and the payment is processed again. Raise `RetryLater` if the order is
        not stored yet, `UnknownOrder` if there is none.
        """
        self._payment = handler
        return handler

    def on_escrow(self, handler: F) -> F:
        """에스크로: Register the handler of `Inicis.Escrow.Changed`, called as `handler(event, work)`."""
        self._escrow = handler
        return handler

    def on_cvs_confirm(self, handler: F) -> F:
        """편의점 결제 확인: Register the handler that approves or refuses a payment in a convenience store.

        It returns True or False. Without a handler the response is 501, and the store does not accept the money.
        """
        self._cvs = handler
        return handler

    def on_checkout_confirm(self, handler: F) -> F:
        """결제 승인 전 확인: Register the handler for `confirm_url`.

        It returns None to approve, or the reason for a refusal.
        """
        self._checkout = handler
        return handler

    def task(self, function: F) -> F:
        """커밋 뒤 작업: Register a task under the function's name. It runs after the commit, once or more per `key`."""
        name = function.__name__
        if self._tasks.setdefault(name, function) is not function:
            raise ValueError(f"another task is registered as {name}")
        return function
