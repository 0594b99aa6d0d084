"""Cancel once: always with the cancellable amount of a fresh read as `checksum`.

V1 cancels nothing where the checksum is not what is left. So the same request may be repeated: of two that both arrive
only the first is executed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal, cast

from attrs import evolve, frozen
from portone_v1_generated._unset import FULL, UNSET, Full, Unset
from portone_v1_generated._writing import exactly_one, money_or_full
from portone_v1_generated.enums.payments import PaymentStatus
from portone_v1_generated.models.payments import CancelExtra, Payment

from .._drive import pause
from .._wire import Flow
from ..errors import NotFoundError, OutcomeUnknownError, PortOneError, RateLimitError, recast
from .reading import attempts, beforehand, own_tier, read_payment
from .verifying import cancellable_amount

__all__ = ["Refund", "RefundRecovery", "cancel_once", "settle_refund"]

LOOKS: Final = (0.0, 0.5, 1.5, 4.0)
BY_HAND: Final = frozenset({"smartro_v2", "daou"})
"""PGs that pay virtual accounts out later, so that `code: 0` only means *accepted*."""


@frozen
class Refund:
    """취소 결과: a cancellation whose outcome is known."""

    state: Literal["refunded", "accepted", "not_refunded"]
    """`accepted`: the PG pays out later and may still refuse. `not_refunded` only from `settle`."""
    payment: Payment
    amount: Decimal
    """What this call gave back, in the currency's unit: 0 where all had been given back before."""

    @property
    def refunded(self) -> bool:
        return self.state == "refunded"


@frozen
class RefundRecovery:
    """What is needed to find the outcome out later, in another process too."""

    imp_uid: str
    amount: Decimal
    tier: str | None
    cancelled: Decimal
    """What had been cancelled before."""
    entries: int
    """In how many cancellations."""
    alike: int
    """How many of them were of this amount."""
    given_up_at: float = 0.0
    """When waiting for the answer ended: UNIX seconds on this machine."""


def cancel_once(
    *,
    amount: int | Decimal | Full,
    imp_uid: str | None = None,
    merchant_uid: str | None = None,
    reason: str | None = None,
    tax_free: int | Decimal | Unset = UNSET,
    vat_amount: int | Decimal | Unset = UNSET,
    refund_holder: str | Unset = UNSET,
    refund_bank: str | Unset = UNSET,
    refund_account: str | Unset = UNSET,
    refund_tel: str | Unset = UNSET,
    retain_promotion: bool | Unset = UNSET,
    enable_webhook: bool | Unset = UNSET,
    extra: CancelExtra | Mapping[str, Any] | Unset = UNSET,
    tier: str | None = None,
) -> Flow[Refund]:
    """결제취소, 한 번만: cancel a payment or a part of it, and know what became of it.

    Reads the payment, cancels with what is left as `checksum`, and where the answer does not come reads it again.
    `FULL` may be said again and again. An amount means one more partial cancel with each call.

    Args:
        amount: what to give back in the currency's unit, or `FULL`.
        tax_free: the tax-free part of `amount` (면세). On kcp, kcp_quick, kicc, nice and payco a payment with
            a tax-free part needs it said.
        vat_amount: the VAT in `amount`, where the payment itself named its VAT.
        refund_holder, refund_bank, refund_account, refund_tel: the account to pay back to, for virtual accounts.

    Raises:
        ValueError: more than can be cancelled, or the account for a virtual account is missing. Nothing was sent.
        NotFoundError: there is no such payment.
        NotSentError: nothing was cancelled; it may be tried again.
        RefusedError: PortOne or the PG said no; no money moved.
        OutcomeUnknownError: money may have moved; `client.settle(error)` finds it out.
    """
    exactly_one(imp_uid=imp_uid, merchant_uid=merchant_uid)
    money_or_full("amount", amount)
    tier = yield from own_tier(tier)
    reading = _read_order(str(merchant_uid), tier) if imp_uid is None else read_payment(imp_uid, tier)
    payment = yield from beforehand(reading, "payments.cancel_once", imp_uid=imp_uid, merchant_uid=merchant_uid)
    left = cancellable_amount(payment)
    wanted = left if amount is FULL else Decimal(amount)
    if amount is FULL and not left and payment.status == PaymentStatus.CANCELLED:
        return Refund("accepted" if _pays_out_later(payment) else "refunded", payment, Decimal(0))
    if left and wanted > left:
        raise ValueError(f"amount={wanted} is more than the {left} that can still be cancelled")
    parts = sum((Decimal(part) for part in (tax_free, vat_amount) if part is not UNSET), Decimal(0))
    if parts > wanted:
        raise ValueError("tax_free and vat_amount are parts of amount: together they are more")
    account = {"refund_holder": refund_holder, "refund_bank": refund_bank, "refund_account": refund_account}
    missing = [name for name, value in account.items() if not value]
    if payment.pay_method == "vbank" and left and missing:
        raise ValueError(f"a virtual account is refunded to an account of the buyer: {', '.join(missing)} is missing")
    request: dict[str, Any] = {
        "imp_uid": payment.imp_uid,
        "amount": amount,
        "checksum": left,
        "reason": UNSET if reason is None else reason,
        "tax_free": tax_free,
        "vat_amount": vat_amount,
        **account,
        "refund_tel": refund_tel,
        "retain_promotion": retain_promotion,
        "enable_webhook": enable_webhook,
        "extra": extra,
        "tier": tier,
    }
    before = RefundRecovery(
        payment.imp_uid,
        wanted,
        tier,
        payment.cancel_amount or Decimal(0),
        len(payment.cancel_history),
        _alike(payment, wanted),
    )
    return (yield from _cancel(request, before, may_repeat=not _is_slow(payment)))


def _cancel(request: Mapping[str, Any], before: RefundRecovery, *, may_repeat: bool) -> Flow[Refund]:
    unknown: OutcomeUnknownError | None = None
    for seconds in LOOKS:
        refusal: PortOneError | None = None
        if unknown is not None:
            yield pause(seconds)
        if unknown is None or may_repeat:
            try:
                payment: Payment = yield lambda client: client.payments.cancel(**request)
                if payment.imp_uid == before.imp_uid:
                    return _judge(before, payment)
                unknown = OutcomeUnknownError("the answer is about another payment", operation="payments.cancel")
                unknown.ids["imp_uid"] = before.imp_uid
            except OutcomeUnknownError as error:
                unknown = error
            except RateLimitError as error:
                refusal = error
            except PortOneError as error:
                if unknown is None:
                    raise  # nothing was done; of a repetition that says nothing about the first
                refusal = error
        try:
            after = yield from read_payment(before.imp_uid, before.tier)
        except PortOneError:
            unknown = unknown or recast(cast("RateLimitError", refusal), OutcomeUnknownError, "it may have been done")
            continue
        finally:
            if unknown is not None:
                unknown.recovery = evolve(before, given_up_at=time.time())
        if _executed(before, after):
            return _judge(before, after)
        if refusal is not None and (unknown is None or _moved(before, after)):
            raise refusal
    assert unknown is not None  # noqa: S101
    raise unknown


def settle_refund(before: RefundRecovery, quiet: float) -> Flow[Refund | None]:
    """The outcome as V1 now tells it; None while that is too early to say."""
    payment = yield from read_payment(before.imp_uid, before.tier)
    if _executed(before, payment):
        return _judge(before, payment)
    if _is_slow(payment):  # it may have been accepted without a trace
        return None
    over = _moved(before, payment) or time.time() - before.given_up_at >= quiet
    return Refund("not_refunded", payment, Decimal(0)) if over else None


def _read_order(merchant_uid: str, tier: str | None) -> Flow[Payment]:
    found = yield from attempts(merchant_uid, tier)
    for status in (PaymentStatus.PAID, PaymentStatus.CANCELLED, PaymentStatus.READY):
        for payment in found:
            if payment.status == status:
                return payment
    raise NotFoundError(
        "no attempt at this order was paid",
        operation="payments.cancel_once",
        ids={"merchant_uid": merchant_uid},
        status=404,
    )


def _alike(payment: Payment, amount: Decimal) -> int:
    return sum(entry.amount == amount for entry in payment.cancel_history)


def _executed(before: RefundRecovery, after: Payment) -> bool:
    """The cancellation stands in the payment: as a new entry of this amount, or in what was cancelled altogether."""
    if len(after.cancel_history) > before.entries:
        return _alike(after, before.amount) > before.alike
    return (after.cancel_amount or Decimal(0)) - before.cancelled == before.amount and before.amount > 0


def _moved(before: RefundRecovery, after: Payment) -> bool:
    """Something else was cancelled meanwhile, so that the checksum keeps this request from being executed later."""
    return (after.cancel_amount or Decimal(0)) != before.cancelled


def _is_slow(payment: Payment) -> bool:
    """PayPal and some PGs' virtual accounts pay out later. Until then the balance may not tell, so that the checksum
    does not protect a repetition.
    """
    by_hand = payment.pay_method == "vbank" and payment.pg_provider in BY_HAND
    return by_hand or str(payment.pg_provider or "").startswith("paypal")


def _pays_out_later(payment: Payment) -> bool:
    return _is_slow(payment) and (payment.pay_method == "vbank" or payment.status != PaymentStatus.CANCELLED)


def _judge(before: RefundRecovery, after: Payment) -> Refund:
    done = _executed(before, after) and not _pays_out_later(after)
    return Refund("refunded" if done else "accepted", after, before.amount)
