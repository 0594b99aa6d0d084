"""`client.subscribe` with what the overlay adds to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import partial, wraps
from typing import Any, ParamSpec

from portone_v1_generated.api.subscribe import AsyncSubscribeApi, SubscribeApi
from portone_v1_generated.models.payments import Payment

from .._drive import async_bound, bound, drive, drive_async
from .charging import Charge, charge
from .renewing import renew

__all__ = ["AsyncSubscribe", "Subscribe"]

P = ParamSpec("P")


class Subscribe(SubscribeApi):
    __doc__ = SubscribeApi.__doc__

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self.again_once = _once(self.again, client)
        self.onetime_once = _once(self.onetime, client)
        self.renew = bound(renew(self.again), client)


class AsyncSubscribe(AsyncSubscribeApi):
    __doc__ = AsyncSubscribeApi.__doc__

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self.again_once = _async_once(self.again, client)
        self.onetime_once = _async_once(self.onetime, client)
        self.renew = async_bound(renew(self.again), client)


ONCE = """{name}, 한 번만: charge an order once, and know what became of it.

The arguments of `{name}`. The order's `merchant_uid` is the key: an order that is paid already is not charged again,
and where the answer does not come the order is read back instead of charging again. V1 knows no key of a single
call: of two at the same time for one order at most one is paid, but a failed attempt may be told to both.

Raises:
    NotSentError: nothing was charged; it may be tried again.
    VerificationError: the order is paid with another amount; nothing more was charged.
    OutcomeUnknownError: the buyer may have been charged; `client.settle(error)` finds it out.
"""


def _once(method: Callable[P, Payment], client: Any) -> Callable[P, Charge]:
    @wraps(method)
    def once(*stray: P.args, **arguments: P.kwargs) -> Charge:
        return drive(charge(partial(method, *stray), f"subscribe.{method.__name__}", arguments), client)

    once.__name__, once.__doc__ = f"{method.__name__}_once", ONCE.format(name=method.__name__)
    return once


def _async_once(method: Callable[P, Awaitable[Payment]], client: Any) -> Callable[P, Coroutine[Any, Any, Charge]]:
    @wraps(method)
    async def once(*stray: P.args, **arguments: P.kwargs) -> Charge:
        flow = charge(partial(method, *stray), f"subscribe.{method.__name__}", arguments)
        return await drive_async(flow, client)

    once.__name__, once.__doc__ = f"{method.__name__}_once", ONCE.format(name=method.__name__)
    return once
