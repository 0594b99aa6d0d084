"""`client.webhooks.resolve(notice)`: the payment as V1 holds it, whatever the notice said."""

from __future__ import annotations

from typing import Any

from attrs import frozen
from portone_v1_generated.models.payments import Payment

from .._wire import Flow
from ..webhooks import Notice
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
        return f"{payment.imp_uid}:{payment.status}:{payment.cancel_amount or 0}"


def resolve(notice: Notice, *, tier: str | None = None) -> Flow[Change]:
    """웹훅 확인: read the payment that a webhook names. Test payments are found too: look at `payment.sandbox`.

    Raises:
        NotFoundError: V1 has no such payment: the notice is a forgery, or of another merchant.
        VerificationError: the payment belongs to another order than the notice says.
        NoAnswerError, ServerError, NotSentError: V1 could not be asked; answer 5xx, so that a resend helps.
    """
    options: dict[str, Any] = {} if tier is None else {"tier": tier}
    payment: Payment = yield lambda client: client.payments.get(notice.imp_uid, include_sandbox=True, **options)
    if notice.merchant_uid is not None:
        found = {"merchant_uid": (notice.merchant_uid, payment.merchant_uid)}
        refuse_mismatches("webhooks.resolve", payment, found)
    return Change(payment, notice)
