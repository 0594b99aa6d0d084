"""`client.webhooks.resolve(notice)`: the payment as V1 holds it, whatever the notice said."""

from __future__ import annotations

from attrs import frozen
from portone_v1_generated._reading import from_money
from portone_v1_generated.models.payments import Payment

from .._wire import Flow
from ..webhooks import Notice
from .reading import own_tier, read_payment
from .verifying import refuse_mismatches

__all__ = ["Change", "resolve"]


@frozen
class Change:
    """The state of a payment, read back."""

    payment: Payment
    notice: Notice

    @property
    def key(self) -> str:
        """The same for the same state, however many notices tell of it, and in whatever order they come.

        Handle each key once, in the transaction that changes the order.
        """
        payment = self.payment
        cancelled = from_money(payment.cancel_amount) or 0
        return f"{payment.imp_uid}:{payment.status}:{cancelled}"


def resolve(notice: Notice, *, tier: str | None = None) -> Flow[Change]:
    """웹훅 확인: read the payment that a webhook names. Test payments are found too: look at `payment.sandbox`.

    Raises:
        NotFoundError: V1 has no such payment: the notice is a forgery, or of another merchant.
        VerificationError: the payment belongs to another order than the notice says.
        NoAnswerError, ServerError, NotSentError, ResponseFormatError: V1 could not be asked; answer 5xx, so that a
            resend helps.
    """
    payment = yield from read_payment(notice.imp_uid, (yield from own_tier(tier)))
    if notice.merchant_uid is not None:
        found = {"merchant_uid": (notice.merchant_uid, payment.merchant_uid)}
        refuse_mismatches("webhooks.resolve", payment, found)
    return Change(payment, notice)
