"""Where the money-safe operations hang on a client. Nothing of them is loaded before it is asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from portone_v1_generated.api import Areas, AsyncAreas

from .._drive import async_bound, bound

if TYPE_CHECKING:
    from ..errors import OutcomeUnknownError
    from .charging import Charge
    from .payments import AsyncPayments, Payments
    from .refunding import Refund
    from .subscribe import AsyncSubscribe, Subscribe
    from .webhooks import AsyncWebhooks, Webhooks

__all__ = ["AsyncSafeAreas", "SafeAreas"]


class SafeAreas(Areas):
    @cached_property
    def payments(self) -> Payments:
        from .payments import Payments

        return Payments(self._sender)

    @cached_property
    def subscribe(self) -> Subscribe:
        from .subscribe import Subscribe

        return Subscribe(self)

    @cached_property
    def webhooks(self) -> Webhooks:
        from .webhooks import Webhooks

        return Webhooks(self)

    def settle(self, error: OutcomeUnknownError, *, quiet: float = 300.0) -> Charge | Refund:
        """결과 확인: what became of a `…_once` call whose outcome was unknown.

        Args:
            error: it may have been pickled and come from another process.
            quiet: seconds after which a request that V1 knows nothing of can not arrive any more.

        Raises:
            OutcomeUnknownError: it is still too early to say; settle again later.
        """
        from .settling import settle

        return bound(settle, self)(error, quiet=quiet)


class AsyncSafeAreas(AsyncAreas):
    @cached_property
    def payments(self) -> AsyncPayments:
        from .payments import AsyncPayments

        return AsyncPayments(self._sender)

    @cached_property
    def subscribe(self) -> AsyncSubscribe:
        from .subscribe import AsyncSubscribe

        return AsyncSubscribe(self)

    @cached_property
    def webhooks(self) -> AsyncWebhooks:
        from .webhooks import AsyncWebhooks

        return AsyncWebhooks(self)

    async def settle(self, error: OutcomeUnknownError, *, quiet: float = 300.0) -> Charge | Refund:
        """결과 확인: what became of a `…_once` call whose outcome was unknown. See `SafeAreas.settle`."""
        from .settling import settle

        return await async_bound(settle, self)(error, quiet=quiet)
