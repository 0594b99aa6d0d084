"""Charge once: the order's `merchant_uid` is the key.

Before charging, the order's attempts are read; after an answer that never came they are read again, and what is new
tells the outcome. Nothing is ever charged a second time to find out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, Literal, cast

from attrs import evolve, field, frozen
from portone_v1_generated.enums.payments import PaymentStatus
from portone_v1_generated.models.payments import Payment

from .._drive import pause
from .._wire import Flow
from ..errors import ApiError, OutcomeUnknownError, PortOneError, RateLimitError, RefusedError, recast
from .reading import attempts, beforehand, own_tier
from .verifying import refuse_mismatches

__all__ = ["Charge", "ChargeRecovery", "charge", "settle_charge"]

LOOKS: Final = (0.0, 0.5, 1.5, 4.0)
"""Seconds before each look at the order after an answer that never came."""
BUYERS_OWN: Final = frozenset({"pc", "mobile"})
"""Channels of attempts that the buyer makes in the payment window, so that none of them is a call of ours."""
OVER: Final = (PaymentStatus.FAILED, PaymentStatus.PAID, PaymentStatus.CANCELLED)


@frozen
class Charge:
    """결제 결과: a charge whose outcome is known."""

    state: Literal["paid", "declined", "not_charged"]
    """`not_charged` only from `settle`: V1 knows of no attempt, so the request never arrived."""
    payment: Payment | None = None
    reason: str | None = field(default=None, repr=False)
    """Why it was declined, in the PG's words."""
    refusal: RefusedError | None = None
    before: bool = False
    """The order had been paid before this call, which charged nothing."""

    @property
    def paid(self) -> bool:
        return self.state == "paid"


@frozen
class ChargeRecovery:
    """What is needed to find the outcome out later, in another process too."""

    merchant_uid: str
    amount: Decimal
    currency: str
    tier: str | None
    known: frozenset[str] = frozenset()
    """The attempts that there were before."""
    given_up_at: float = 0.0
    """When waiting for the answer ended: UNIX seconds on this machine."""


def charge(method: Callable[..., Any], operation: str, arguments: Mapping[str, Any]) -> Flow[Charge]:
    merchant_uid, amount = arguments.get("merchant_uid"), arguments.get("amount")
    if not isinstance(merchant_uid, str) or isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        yield lambda _: method(**arguments)  # says what is wrong with the arguments, before anything is sent
    order = ChargeRecovery(
        merchant_uid=str(merchant_uid),
        amount=Decimal(cast("int | Decimal", amount)),
        currency=str(arguments.get("currency") or "KRW").upper(),
        tier=arguments["tier"] if "tier" in arguments else (yield from own_tier(None)),
    )
    ids = {"merchant_uid": order.merchant_uid}
    before = yield from beforehand(attempts(order.merchant_uid, order.tier), operation, **ids)
    if (paid := _paid(order, before)) is not None:
        return Charge("paid", paid, before=True)
    order = evolve(order, known=frozenset(payment.imp_uid for payment in before))
    try:
        payment: Payment = yield lambda _: method(**arguments)
    except (RefusedError, RateLimitError) as refusal:
        return (yield from _after_refusal(order, refusal))
    except OutcomeUnknownError as silence:
        return (yield from _after_silence(order, silence))
    if payment.merchant_uid != order.merchant_uid:
        stray = OutcomeUnknownError("the answer is about another order", operation=operation, ids=ids)
        return (yield from _after_silence(order, stray))
    if (known := _judge(order, [payment])) is not None:
        return known
    ids["imp_uid"] = payment.imp_uid
    reason = f"the payment is {payment.status}: the PG has not decided yet"
    raise _to_settle(order, OutcomeUnknownError(reason, operation=operation, ids=ids))


def settle_charge(order: ChargeRecovery, quiet: float) -> Flow[Charge | None]:
    """The outcome as V1 now tells it; None while that is too early to say."""
    found = yield from attempts(order.merchant_uid, order.tier)
    outcome = _judge(order, found)
    undecided = any(payment.status not in OVER for payment in _ours(order, found))
    if outcome is None and not undecided and time.time() - order.given_up_at >= quiet:
        outcome = Charge("not_charged")
    return outcome


def _ours(order: ChargeRecovery, found: list[Payment]) -> list[Payment]:
    """The new attempts that a call can have made."""
    return [p for p in found if p.imp_uid not in order.known and p.channel not in BUYERS_OWN]


def _paid(order: ChargeRecovery, found: list[Payment]) -> Payment | None:
    """The attempt that paid the order. V1 takes one only, so that another amount means trouble, never another try."""
    for payment in found:
        if payment.status == PaymentStatus.PAID:
            wanted = {
                "amount": (order.amount, payment.amount),
                "currency": (order.currency, (payment.currency or order.currency).upper()),
            }
            refuse_mismatches("subscribe", payment, wanted)
            return payment
    return None


def _judge(order: ChargeRecovery, found: list[Payment]) -> Charge | None:
    """What the attempts that are new say together."""
    if (paid := _paid(order, [payment for payment in found if payment.imp_uid not in order.known])) is not None:
        return Charge("paid", paid)
    ours = _ours(order, found)
    for payment in ours:
        if payment.status == PaymentStatus.CANCELLED and payment.amount == order.amount:
            return Charge("paid", payment)
    if ours and all(payment.status == PaymentStatus.FAILED for payment in ours):
        return Charge("declined", ours[0], ours[0].fail_reason)
    return None


def _to_settle(order: ChargeRecovery, unknown: OutcomeUnknownError) -> OutcomeUnknownError:
    unknown.recovery = evolve(order, given_up_at=time.time())
    return unknown


def _after_refusal(order: ChargeRecovery, refusal: ApiError) -> Flow[Charge]:
    """V1 also refuses because the order is paid already: by an earlier try, which then was the charge."""
    try:
        found = yield from attempts(order.merchant_uid, order.tier)
    except PortOneError as error:
        reason = "it was refused, but whether an earlier try had paid the order could not be read"
        raise _to_settle(order, recast(refusal, OutcomeUnknownError, reason)) from error
    outcome = _judge(order, found)
    if outcome is not None and (outcome.paid or not isinstance(refusal, RefusedError)):
        return outcome
    if not isinstance(refusal, RefusedError):
        raise refusal
    return Charge("declined", None if outcome is None else outcome.payment, refusal.message, refusal)


def _after_silence(order: ChargeRecovery, unknown: OutcomeUnknownError) -> Flow[Charge]:
    _to_settle(order, unknown)
    for seconds in LOOKS:
        if seconds:
            yield pause(seconds)
        try:
            found = yield from attempts(order.merchant_uid, order.tier)
        except PortOneError:
            continue
        if (outcome := _judge(order, found)) is not None:
            return outcome
    raise unknown
