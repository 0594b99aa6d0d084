"""`client.payments` with what the overlay adds to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portone_v1_generated.api.payments import AsyncPaymentsApi, PaymentsApi

from .later import async_later, later
from .verifying import cancellable_amount

if TYPE_CHECKING:
    from .reconciling import reconcile
    from .refunding import cancel_once
    from .verifying import verify
else:
    reconcile, cancel_once, verify = "reconciling.reconcile", "refunding.cancel_once", "verifying.verify"

__all__ = ["AsyncPayments", "Payments"]


class Payments(PaymentsApi):
    __doc__ = PaymentsApi.__doc__
    cancellable_amount = staticmethod(cancellable_amount)
    verify = later(verify)
    cancel_once = later(cancel_once)
    reconcile = later(reconcile)


class AsyncPayments(AsyncPaymentsApi):
    __doc__ = AsyncPaymentsApi.__doc__
    cancellable_amount = staticmethod(cancellable_amount)
    verify = async_later(verify)
    cancel_once = async_later(cancel_once)
    reconcile = async_later(reconcile)
