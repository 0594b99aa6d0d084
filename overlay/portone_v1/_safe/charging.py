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
from portone_v1_generated.models.payments import PagedPayment, Payment

from .._drive import pause
from .._wire import Flow
from ..errors import NotFoundError, NotSentError, OutcomeUnknownError, PortOneError, RefusedError

__all__ = ["Charge", "ChargeRecovery", "attempts", "charge", "settle_charge"]

LOOKS: Final = (0.0, 0.5, 1.5, 4.0)
"""Seconds before each look at the order after an answer that never came."""


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
    known: frozenset[str]
    """The attempts that there were before."""
    sent_at: float
    """UNIX seconds on this machine."""
    tier: str | None = None


def charge(method: Callable[..., Any], operation: str, arguments: Mapping[str, Any]) -> Flow[Charge]:
    merchant_uid, amount = arguments.get("merchant_uid"), arguments.get("amount")
    if not isinstance(merchant_uid, str) or isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        yield lambda _: method(**arguments)  # says what is wrong with the arguments, before anything is sent
    order = ChargeRecovery(
        merchant_uid=str(merchant_uid),
        amount=Decimal(cast("int | Decimal", amount)),
        currency=str(arguments.get("currency") or "KRW"),
        known=frozenset(),
        sent_at=time.time(),
        tier=arguments.get("tier"),
    )
    try:
        before = yield from attempts(order)
    except PortOneError as error:
        ids = {"merchant_uid": order.merchant_uid}
        reason = "the order could not be read before charging; nothing was charged"
        raise NotSentError(reason, operation=operation, ids=ids) from error
    if (paid := _paid(order, before)) is not None:
        return Charge("paid", paid, before=True)
    order = evolve(order, known=frozenset(payment.imp_uid for payment in before), sent_at=time.time())
    try:
        payment: Payment = yield lambda _: method(**arguments)
    except RefusedError as refusal:
        return (yield from _after_refusal(order, refusal))
    except OutcomeUnknownError as silence:
        return (yield from _after_silence(order, silence))
    if (known := _judge(order, [payment])) is not None:
        return known
    unknown = OutcomeUnknownError(
        f"the payment is {payment.status}: the PG has not decided yet",
        operation=operation,
        ids={"merchant_uid": order.merchant_uid, "imp_uid": payment.imp_uid},
    )
    unknown.recovery = order
    raise unknown


def attempts(order: ChargeRecovery) -> Flow[list[Payment]]:
    """Every attempt at the order, whatever became of it."""
    found: list[Payment] = []
    page: int | None = 1
    options: dict[str, Any] = {"page": 1, "limit": 1000, **({"tier": order.tier} if order.tier else {})}
    while page:
        options["page"] = page
        try:
            answer: PagedPayment = yield lambda client: client.payments.find_all(order.merchant_uid, **options)
        except NotFoundError:
            break
        found += answer.list_
        page = answer.next_
    return found


def settle_charge(order: ChargeRecovery, quiet: float) -> Flow[Charge | None]:
    """The outcome as V1 now tells it; None while that is too early to say."""
    outcome = _judge(order, (yield from attempts(order)))
    if outcome is None and time.time() - order.sent_at >= quiet:
        outcome = Charge("not_charged")
    return outcome


def _fits(order: ChargeRecovery, payment: Payment) -> bool:
    return (payment.amount, payment.currency) == (order.amount, order.currency)


def _paid(order: ChargeRecovery, found: list[Payment]) -> Payment | None:
    """The attempt that paid exactly this order."""
    for payment in found:
        if payment.status == PaymentStatus.PAID and (payment.amount, payment.currency) == (
            order.amount,
            order.currency,
        ):
            return payment
    return None


def _judge(order: ChargeRecovery, found: list[Payment]) -> Charge | None:
    """What the attempts that are new say together."""
    new = [payment for payment in found if payment.imp_uid not in order.known]
    for payment in new:
        if payment.status in (PaymentStatus.PAID, PaymentStatus.CANCELLED) and _fits(order, payment):
            return Charge("paid", payment)
    if new and all(payment.status == PaymentStatus.FAILED for payment in new):
        return Charge("declined", new[-1], new[-1].fail_reason)
    return None


def _after_refusal(order: ChargeRecovery, refusal: RefusedError) -> Flow[Charge]:
    """V1 also refuses because the order is paid already: by an earlier try, which then was the charge."""
    try:
        outcome = _judge(order, (yield from attempts(order)))
    except PortOneError as error:
        unknown = OutcomeUnknownError(
            "it was refused, but whether an earlier try had paid the order could not be read",
            operation=refusal.operation,
            ids=refusal.ids,
        )
        unknown.recovery = order
        raise unknown from error
    if outcome is not None and outcome.paid:
        return outcome
    payment = outcome.payment if outcome is not None else None
    return Charge("declined", payment, refusal.message, refusal)


def _after_silence(order: ChargeRecovery, unknown: OutcomeUnknownError) -> Flow[Charge]:
    unknown.recovery = order
    for seconds in LOOKS:
        if seconds:
            yield pause(seconds)
        try:
            outcome = _judge(order, (yield from attempts(order)))
        except PortOneError:
            continue
        if outcome is not None:
            return outcome
    raise unknown
