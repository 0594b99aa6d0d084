"""What the money-safe operations return: one class for each state, so that a type checker knows what each one holds.

    charge = client.subscribe.again_once(...)
    if charge.state == "paid":
        deliver(charge.payment)

`Charge` and `Refund` are unions of these classes. Compare `state`, or use `match`; a result has no truth value, because
`if charge:` would be true for a declined one as well.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias

from attrs import field, frozen
from portone_v1_generated.enums.payments import PaymentStatus
from portone_v1_generated.models.payments import Payment
from portone_v1_runtime.decode import from_money

if TYPE_CHECKING:
    from .errors import RefusedError
    from .intents.intent import Intent
    from .webhooks import WebhookEvent

__all__ = [
    "AcceptedRefund",
    "Charge",
    "CompletedRefund",
    "ConnectionCheck",
    "DeclinedCharge",
    "Movement",
    "NotCharged",
    "NotRefunded",
    "PaidCharge",
    "PaymentChange",
    "PendingCharge",
    "Refund",
    "RefundedCharge",
    "RefusedRefund",
    "Settled",
    "SettledWrite",
    "Undecided",
    "cancellable_amount",
]


def cancellable_amount(payment: Payment) -> Decimal:
    """취소 가능 금액: Return what of the payment is still paid, in the currency's unit.

    Never look at `status` alone: V1 was seen to answer `cancelled` after a partial refund, and shops report `paid`.
    """
    if payment.status not in (PaymentStatus.PAID, PaymentStatus.CANCELLED):
        return Decimal(0)
    return max(Decimal(0), (payment.amount or Decimal(0)) - (payment.cancel_amount or Decimal(0)))


class _Result:
    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} has no truth value: compare its state")


@frozen
class PaidCharge(_Result):
    """결제 완료: the order is paid."""

    payment: Payment
    already_paid: bool = False
    """The order was paid before this call, which charged nothing."""
    state: Literal["paid"] = field(default="paid", init=False)


@frozen
class DeclinedCharge(_Result):
    """결제 거절: no money moved. Another card may be tried under a new order number."""

    payment: Payment | None = None
    """The failed attempt, where V1 recorded one."""
    reason: str | None = field(default=None, repr=False)
    """The PG's own sentence. Fit to be shown to the buyer."""
    refusal: RefusedError | None = None
    """The error that V1 answered with, where it did not answer with a payment."""
    state: Literal["declined"] = field(default="declined", init=False)


@frozen
class RefundedCharge(_Result):
    """결제 후 취소됨: the order was paid and the money was given back. A new charge needs a new order number."""

    payment: Payment
    state: Literal["refunded"] = field(default="refunded", init=False)


@frozen
class PendingCharge(_Result):
    """결제 대기: the PG decides later. Nothing to do: `settle_all` reports the outcome."""

    payment: Payment
    state: Literal["pending"] = field(default="pending", init=False)


@frozen
class CompletedRefund(_Result):
    """취소 완료: the refund is recorded on the payment."""

    payment: Payment
    amount: Decimal
    """What was given back by this call or key, in the currency's unit.

    0 where nothing was left to give back: an earlier call was told how much it was, or somebody else gave it back.
    """
    state: Literal["refunded"] = field(default="refunded", init=False)


@frozen
class AcceptedRefund(_Result):
    """취소 접수: the PG pays out later and may still refuse."""

    payment: Payment
    amount: Decimal
    """What the PG accepted to give back, in the currency's unit."""
    state: Literal["accepted"] = field(default="accepted", init=False)


@frozen
class RefusedRefund(_Result):
    """취소 거절: no money moved."""

    payment: Payment
    reason: str | None = field(default=None, repr=False)
    """The PG's own sentence."""
    refusal: RefusedError | None = None
    amount: Decimal = field(default=Decimal(0), init=False)
    """0: nothing was given back."""
    state: Literal["refused"] = field(default="refused", init=False)


@frozen
class NotCharged(_Result):
    """결제 안 됨: V1 knows no attempt, so the request never arrived. The same call may be made again."""

    state: Literal["not_charged"] = field(default="not_charged", init=False)


@frozen
class NotRefunded(_Result):
    """취소 안 됨: V1 shows no refund, so the request never arrived. The same call may be made again."""

    payment: Payment
    state: Literal["not_refunded"] = field(default="not_refunded", init=False)


@frozen
class Undecided(_Result):
    """미확정: it is too early to say. Offer no other card yet, and settle again later."""

    payment: Payment | None = None
    """The payment as V1 holds it now, where there is one."""
    state: Literal["undecided"] = field(default="undecided", init=False)


Charge: TypeAlias = PaidCharge | DeclinedCharge | RefundedCharge | PendingCharge
"""결제 결과: a charge whose outcome is known."""
Refund: TypeAlias = CompletedRefund | AcceptedRefund | RefusedRefund
"""취소 결과: a refund whose outcome is known."""
Settled: TypeAlias = NotCharged | NotRefunded | Undecided
"""What only `client.settle` returns, beside `Charge` and `Refund`."""


@frozen
class SettledWrite:
    """확인된 쓰기: one write of the journal, and what became of it. `settle_all` returns these."""

    intent: Intent
    outcome: Charge | Refund | Settled

    @property
    def state(self) -> str:
        return self.outcome.state


@frozen
class Movement:
    """거래 내역: one movement of money, a charge or a refund (of the whole payment or a part)."""

    kind: Literal["charge", "refund"]
    imp_uid: str
    merchant_uid: str
    at: datetime
    amount: Decimal
    """In the currency's unit, never negative."""
    currency: str
    payment: Payment = field(repr=False)
    """The payment as V1 holds it now."""


@frozen
class ConnectionCheck:
    """연결 확인 결과: V1 answered and accepted the keys."""

    base_url: str
    seconds: float
    """How long the answer took."""
    server_time: datetime | None
    """V1's clock, from the answer's `Date`."""
    clock_skew: float | None
    """Seconds by which V1's clock is ahead of this machine's. HTTP tells whole seconds only."""


@frozen
class PaymentChange:
    """결제 상태 변경: the state of a payment that a webhook named, read back from V1."""

    payment: Payment
    event: WebhookEvent
    """What the webhook said."""

    @property
    def key(self) -> str:
        """The same for the same state, however many webhooks report it, and in whatever order they come.

        Handle each key once, in the transaction that changes the order.
        """
        payment = self.payment
        cancelled = from_money(payment.cancel_amount) or 0
        return f"{payment.imp_uid}:{payment.status}:{cancelled}"
