"""Results of the money-safe methods: one class per state, so that a type checker knows its fields.

    charge = client.subscribe.again_once(...)
    if charge.state == "paid":
        deliver(charge.payment)

`Charge` and `Refund` are unions of these classes. Compare `state`, or use `match`. A result has no truth value:
`if charge:` would also be true for a declined charge.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal, NoReturn, TypeAlias

from attrs import field, frozen
from portone_v1_generated.models.payments import Payment
from portone_v1_runtime.decode import from_money

from ._decisions.amounts import cancellable_amount
from .errors import RefusedError
from .intents.intent import Intent
from .webhooks import WebhookEvent

__all__ = [
    "AcceptedRefund",
    "Charge",
    "CompletedRefund",
    "ConnectionCheck",
    "DeclinedCharge",
    "Done",
    "Movement",
    "MovementLine",
    "NotCharged",
    "NotDone",
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

    @property
    def is_test(self) -> bool:
        """테스트 결제: The shop receives no money: the card was registered, or the order paid, through a test channel.

        A buyer who registers a card in the payment window can choose that channel. Do not deliver in production.
        """
        return self.payment.sandbox is True

    state: Literal["paid"] = field(default="paid", init=False)


@frozen
class DeclinedCharge(_Result):
    """결제 거절: no money moved. Another card may be tried under a new order number."""

    payment: Payment | None = None
    """The failed attempt, if V1 recorded one."""
    reason: str | None = field(default=None, repr=False)
    """Text of the PG, unchanged. Show it to the buyer."""
    refusal: RefusedError | None = None
    """The error, if V1 returned one instead of a payment."""
    state: Literal["declined"] = field(default="declined", init=False)


@frozen
class RefundedCharge(_Result):
    """결제 후 취소됨: the order was paid and then refunded. A new charge needs a new order number."""

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
    """Amount refunded by this call or key, in the currency's unit.

    The same for every call of a key. 0 if nothing was left to refund because someone else had refunded it.
    """
    state: Literal["refunded"] = field(default="refunded", init=False)


@frozen
class AcceptedRefund(_Result):
    """취소 접수: the PG pays out later and may still reject it."""

    payment: Payment
    amount: Decimal
    """Amount accepted by the PG, in the currency's unit."""
    state: Literal["accepted"] = field(default="accepted", init=False)


@frozen
class RefusedRefund(_Result):
    """취소 거절: no money moved."""

    payment: Payment
    reason: str | None = field(default=None, repr=False)
    """Text of the PG, unchanged."""
    refusal: RefusedError | None = None
    amount: Decimal = field(default=Decimal(0), init=False)
    """0: nothing was refunded."""
    state: Literal["refused"] = field(default="refused", init=False)


@frozen
class NotCharged(_Result):
    """결제되지 않음: V1 has shown no trace of the charge for five minutes. The same call may be made again.

    If V1 executes the charge after all, `on_alarm` reports it.
    """

    state: Literal["not_charged"] = field(default="not_charged", init=False)


@frozen
class NotRefunded(_Result):
    """취소되지 않음: V1 has shown no trace of the refund for five minutes. The same call may be made again.

    If V1 executes the refund after all, `on_alarm` reports it.
    """

    payment: Payment
    state: Literal["not_refunded"] = field(default="not_refunded", init=False)


@frozen
class Undecided(_Result):
    """결과 미확인: too early to tell. Offer no other card, and settle again later."""

    payment: Payment | None = None
    """The payment as V1 returned it, if there is one."""
    reason: str | None = field(default=None, repr=False, eq=False)
    """What is missing: time, or a read that shows the write. In that case look at the PG's console and call
    `intents.resolve`."""
    state: Literal["undecided"] = field(default="undecided", init=False)


@frozen
class Done(_Result):
    """처리됨: the write took effect: V1 shows it, or responded with success."""

    state: Literal["done"] = field(default="done", init=False)


@frozen
class NotDone(_Result):
    """처리되지 않음: V1 has shown no trace of the write for five minutes, or refused it. It may be sent again."""

    reason: str | None = field(default=None, repr=False, eq=False)
    state: Literal["not_done"] = field(default="not_done", init=False)


Charge: TypeAlias = PaidCharge | DeclinedCharge | RefundedCharge | PendingCharge
"""결제 결과: a charge whose outcome is known."""
Refund: TypeAlias = CompletedRefund | AcceptedRefund | RefusedRefund
"""취소 결과: a refund whose outcome is known."""
Settled: TypeAlias = NotCharged | NotRefunded | Done | NotDone | Undecided
"""Further results of `client.settle`. `Done` and `NotDone` belong to writes that move no money."""


@frozen
class SettledWrite(_Result):
    """확인된 쓰기: a write of the journal and its outcome, as `settle_all` returns them."""

    intent: Intent
    outcome: Charge | Refund | Settled

    @property
    def state(self) -> str:
        return self.outcome.state


@frozen
class Movement:
    """거래 내역: one charge, or one full or partial refund."""

    kind: Literal["charge", "refund"]
    imp_uid: str
    merchant_uid: str
    at: datetime
    amount: Decimal
    """In the currency's unit, never negative."""
    currency: str
    payment: Payment = field(repr=False)
    """The payment as V1 returned it."""


@frozen
class MovementLine:
    """거래 내역 한 줄: one charge, or one full or partial refund, without the payment itself."""

    kind: Literal["charge", "refund"]
    imp_uid: str
    merchant_uid: str
    at: datetime
    amount: Decimal
    """In the currency's unit, never negative."""
    currency: str
    charged: Decimal
    """`amount` of the whole payment."""
    refunded: Decimal
    """`cancel_amount` of the whole payment: what was refunded of it so far, in the period or not."""


@frozen
class ConnectionCheck:
    """연결 확인 결과: V1 responded and accepted the API key and secret."""

    base_url: str
    seconds: float
    """Duration of the call."""
    server_time: datetime | None
    """V1's clock, from the `Date` header."""
    clock_skew: float | None
    """Seconds by which V1's clock is ahead of this machine's, rounded to whole seconds by HTTP."""


@frozen
class PaymentChange:
    """결제 상태 변경: the payment of a webhook, as read from V1."""

    payment: Payment
    event: WebhookEvent
    """The webhook."""

    @property
    def key(self) -> str:
        """Identifier of the payment's state, equal for all webhooks that report this state.

        Process each key once, in the transaction that changes the order.
        """
        payment = self.payment
        cancelled = from_money(payment.cancel_amount) or 0
        return f"{payment.imp_uid}:{payment.status}:{cancelled}"
