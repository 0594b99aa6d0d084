"""`client.settle(error)`: what became of a call whose answer never came."""

from __future__ import annotations

from .._wire import Flow
from ..errors import OutcomeUnknownError
from .charging import Charge, ChargeRecovery, settle_charge
from .refunding import Refund, RefundRecovery, settle_refund

__all__ = ["settle"]


def settle(error: OutcomeUnknownError, *, quiet: float = 300.0) -> Flow[Charge | Refund]:
    """결과 확인: read the order or the payment back and say what became of it.

    Args:
        error: from one of the `…_once` methods; it may have been pickled and come from another process.
        quiet: seconds after which a request that V1 knows nothing of can not arrive any more.

    Raises:
        OutcomeUnknownError: it is still too early to say; settle again later.
        NoAnswerError, ServerError, NotSentError: V1 could not be asked; settle again later.
    """
    recovery = error.recovery
    outcome: Charge | Refund | None
    if isinstance(recovery, ChargeRecovery):
        outcome = yield from settle_charge(recovery, quiet)
    elif isinstance(recovery, RefundRecovery):
        outcome = yield from settle_refund(recovery, quiet)
    else:
        raise TypeError("only an error of again_once, onetime_once or cancel_once can be settled")
    if outcome is None:
        raise error
    return outcome
