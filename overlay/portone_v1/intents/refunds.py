"""Judge a refund by the `cancel_history` of its payment, before it is sent and after. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from attrs import field, frozen
from portone_v1_generated.models.payments import Payment, PaymentCancel
from portone_v1_runtime.unset import FULL, Full

from ..errors import NotFoundError, ResponseFormatError
from ..pg_profiles import TWO_WEEKS, late_refund
from ..results import AcceptedRefund, CompletedRefund, Refund
from .elapsed import elapsed
from .intent import Intent
from .marks import checked_key, starts_of, tag_of
from .verdict import Verdict, amount_in, amount_text, balance_of, refuse_fractions, seconds_of, still_paid, to_unit

__all__ = [
    "STARTS",
    "RefundOrder",
    "RefundPlan",
    "entry_id",
    "given_by_others",
    "given_for_key",
    "judge_refund",
    "judge_refund_answer",
    "only_paid",
    "over_refunded",
    "plan_refund",
    "refund_order",
    "shows_no_refund",
]

STARTS: Final = "reason_starts"
"""In `before`: digests of the beginning of the reason."""
MARKED: Final = re.compile(r"#[0-9a-f]{8}-[0-9a-f]{8}$")
EVERYTHING: Final = (
    "amount must be an int or a Decimal above 0; FULL (from portone_v1 import FULL) is the full refundable balance"
)
NO_REASON: Final = (None, "", "취소요청api")
"""Reasons in an entry if V1 did not keep the caller's (captured 2023-09)."""


@frozen(slots=False)  # a slot of a frozen class is set by a call
class RefundOrder:
    """What a caller wants refunded."""

    amount: int | Decimal | None
    """The amount of a part; None if `left` says what shall remain."""
    left: Decimal | None
    key: str | None
    reason: str | None
    details: Mapping[str, Any] = field(factory=dict[str, Any], repr=False)
    """Further arguments of `payments.cancel`, the buyer's account among them."""

    @property
    def asked(self) -> str:
        """The amount in text form, which must be the same in a repeated call with the key."""
        if self.left is not None:
            return f"left={amount_text(self.left)}"
        return amount_text(Decimal(self.amount or 0))

    def key_for(self, imp_uid: str, asked: str) -> str:
        return f"refund/{self.key}" if self.key else f"refund/{imp_uid}/{asked}"


def refund_order(
    *,
    amount: int | Decimal | Full | None,
    left: int | Decimal | None,
    key: str | None,
    reason: str | None,
    details: Mapping[str, Any],
) -> RefundOrder:
    """Build an order, checking what can be checked without V1.

    Raises:
        TypeError: neither or both of `amount` and `left`; a part without its key.
        ValueError: a negative amount, or a key that is empty.
    """
    if (amount is None) == (left is None):
        raise TypeError("pass either amount (FULL, or an amount with key) or left (the amount to remain)")
    key = checked_key(key, "refund")
    if amount is FULL:
        return RefundOrder(None, Decimal(0), key, reason, details)
    if left is not None:
        if isinstance(left, bool) or not isinstance(left, (int, Decimal)):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"left must be an int or a Decimal, not {type(left).__name__}")
        if not Decimal(left).is_finite() or left < 0:
            raise ValueError("left must not be negative")
        return RefundOrder(None, Decimal(left), key, reason, details)
    if isinstance(amount, str):  # "full"
        raise TypeError(EVERYTHING)
    if amount == 0 and not isinstance(amount, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(EVERYTHING)
    amount_in("", amount)
    if not key:
        raise TypeError(
            "a partial refund needs key=, your id of it such as the number of the return, or left=, the amount that "
            "remains: without either, a repeated call would refund twice. Pass key=new_key() to refund at each call"
        )
    return RefundOrder(amount, None, key, reason, details)


@frozen(slots=False)
class RefundPlan:
    amount: int | Decimal
    """The amount to refund; 0: there is nothing to do."""
    checksum: int | Decimal
    """What is still refundable, as V1 showed it."""


def plan_refund(payment: Payment, order: RefundOrder) -> RefundPlan:
    """Return the amount to refund and the `checksum`.

    Raises:
        ValueError: nothing is paid, the amount is more than what is left, or the account for a virtual account is
            missing. Nothing was sent.
    """
    if payment.status not in ("paid", "cancelled"):
        raise ValueError(f"the payment is {payment.status}: there is nothing to refund; nothing was sent")
    wanted = balance = balance_of(payment)
    if order.left is None:
        wanted = amount_in(payment.currency or "KRW", order.amount)
    elif order.left:
        refuse_fractions(payment.currency or "KRW", order.left)
        wanted = max(Decimal(0), balance - order.left)
    if wanted > balance:
        raise ValueError(
            f"amount={amount_text(wanted)} exceeds the refundable balance of {amount_text(balance)}; nothing was sent"
        )
    details = order.details
    if details:
        parts = [Decimal(details[name]) for name in ("tax_free", "vat_amount") if details.get(name) is not None]
        if sum(parts) > wanted > 0:
            raise ValueError("tax_free + vat_amount must not exceed amount; nothing was sent")
    if payment.pay_method == "vbank" and wanted > 0:
        missing = [name for name in ("refund_holder", "refund_bank", "refund_account") if not details.get(name)]
        if missing:
            needed = ", ".join(missing)
            raise ValueError(f"refunding a virtual-account payment requires the buyer's account: {needed}")
    checksum = _shortest(balance)
    return RefundPlan(checksum if wanted == balance else _shortest(wanted), checksum)


def _shortest(amount: Decimal) -> int | Decimal:
    """Return the shortest form of an amount: 10000 and not 10000.00, for FULL too."""
    whole = int(amount)
    return whole if whole == amount else Decimal(amount_text(amount))


def only_paid(found: list[Payment], merchant_uid: str) -> Payment:
    """Return the payment of an order that still holds money, else one that was refunded or awaits a deposit.

    Raises:
        NotFoundError: no attempt at the order was paid.
    """
    for payment in found:
        if still_paid(payment):
            return payment
    for status in ("cancelled", "ready"):
        for payment in found:
            if payment.status == status:
                return payment
    reason = "this order has no paid attempt"
    raise NotFoundError(reason, operation="payments.cancel_once", ids={"merchant_uid": merchant_uid}, status=404)


def given_for_key(payment: Payment, shop: str, key: str) -> Decimal | None:
    """Return the amount of the entries with this key's tag, refunded by a process with another journal."""
    if not payment.cancel_history:
        return None
    tag = tag_of(shop, key)
    entries = [entry for entry in payment.cancel_history if tag in (entry.reason or "")]
    return sum((to_unit(entry.amount) for entry in entries), Decimal(0)) if entries else None


def given_by_others(payment: Payment, shop: str, key: str, now: float) -> Refund | None:
    """Return what a process with another journal refunded under this key. Some PGs show an entry before they pay."""
    given = given_for_key(payment, shop, key)
    if given is None:
        return None
    late, tag = late_refund(payment.pg_provider, payment.pay_method), tag_of(shop, key)
    entries = [entry for entry in payment.cancel_history or [] if tag in (entry.reason or "")]
    if late is not None and late.shown and any(now - seconds_of(e.cancelled_at, now) < late.seconds for e in entries):
        return AcceptedRefund(payment, given)
    return CompletedRefund(payment, given)


def entry_id(entry: PaymentCancel) -> str:
    at = seconds_of(entry.cancelled_at, 0.0)
    return entry.cancellation_id or f"{at:.0f}/{entry.amount}/{entry.pg_tid}"


def judge_refund_answer(intent: Intent, payment: Payment) -> Verdict:
    """Return the verdict from V1's own answer to the refund, `code 0`."""
    amount = Decimal(intent.arguments["amount"])
    late = late_refund(payment.pg_provider, payment.pay_method)
    if late is not None and (late.shown or not any(intent.mark in (e.reason or "") for e in payment.cancel_history)):
        return Verdict("accepted", final=False, payment=payment, amount=amount, evidence="answer")
    if shows_no_refund(payment, Decimal(intent.before.get("cancelled", 0))):
        return Verdict("accepted", final=False, payment=payment, amount=amount, evidence="answer")
    return Verdict("refunded", final=True, payment=payment, amount=amount, evidence="answer")


def shows_no_refund(payment: Payment, before: Decimal) -> bool:
    """Return whether no more is refunded than before, although V1 answered `code` 0: this PG pays out later."""
    try:
        return to_unit(payment.cancel_amount) <= before and still_paid(payment)
    except ResponseFormatError:
        return False


def judge_refund(intent: Intent, payment: Payment, now: float, quiet: float) -> Verdict:
    """Return the verdict on this refund from what the payment shows.

    Args:
        now: V1's clock; 0 if it is not known.
        quiet: seconds after which a request without a trace counts as one that is never executed.
    """
    old = elapsed(intent, now) >= quiet
    wanted, asked = Decimal(intent.arguments["amount"]), str(intent.arguments["asked"])
    new = _new_entries(intent, payment)
    tag = intent.mark.partition("-")[0]
    late = late_refund(payment.pg_provider, payment.pay_method)
    if tag and any(tag in (entry.reason or "") for entry in new):  # of this key, sent by any process
        final = late is None or not late.shown or elapsed(intent, now) > late.seconds
        return Verdict(
            "refunded" if final else "accepted", final=final, payment=payment, amount=wanted, evidence="mark"
        )
    unmarked = [entry for entry in new if _may_have_lost_its_mark(intent, entry)]
    if asked.startswith("left=") and balance_of(payment) <= Decimal(asked[5:]) and late is None:
        mine = sum((to_unit(entry.amount) for entry in unmarked), Decimal(0)) >= wanted
        amount = wanted if mine else Decimal(0)
        return Verdict("refunded", final=old or mine, payment=payment, amount=amount, evidence="balance")
    if any(to_unit(entry.amount) == wanted for entry in unmarked):
        state, amount = ("refunded", wanted) if old else ("undecided", Decimal(0))
        return Verdict(state, final=old, payment=payment, amount=amount, evidence="amount")
    if late is not None or intent.outcome == "accepted":
        horizon = TWO_WEEKS if late is None else late.seconds
        return _judge_late(intent, payment, overdue=elapsed(intent, now) > horizon)
    if old:
        return Verdict("not_refunded", final=True, payment=payment, reason="V1 shows no refund of this call")
    return Verdict("undecided", final=False, payment=payment, reason="too early to say")


def _new_entries(intent: Intent, payment: Payment) -> list[PaymentCancel]:
    """Return entries that were not there before, and any with the mark: V1 dates to the second, perhaps without ids."""
    known, new = list(intent.before.get("entries", ())), list[PaymentCancel]()
    for entry in payment.cancel_history or []:
        if intent.mark and intent.mark in (entry.reason or ""):
            new.append(entry)
        elif (name := entry_id(entry)) in known:
            known.remove(name)  # a further entry that looks the same is new
        else:
            new.append(entry)
    return new


def _may_have_lost_its_mark(intent: Intent, entry: PaymentCancel) -> bool:
    """Return whether V1 kept no reason, or one that begins like this refund's and was cut off before its mark."""
    if entry.reason in NO_REASON:
        return True
    if MARKED.search(entry.reason or ""):
        return False
    return not set(starts_of(entry.reason, intent.shop)).isdisjoint(intent.before.get(STARTS, ()))


def _judge_late(intent: Intent, payment: Payment, *, overdue: bool) -> Verdict:
    """Judge a refund at a PG that pays out later: for days, a missing trace proves nothing."""
    accepted = intent.outcome == "accepted"
    reason = "the PG pays out later, and V1 does not show it yet"
    if overdue:
        reason = "overdue: look at the PG's console, then call intents.resolve"
    amount = Decimal(intent.arguments["amount"]) if accepted else Decimal(0)
    return Verdict(
        "accepted" if accepted else "undecided",
        final=False,
        payment=payment,
        reason=reason,
        amount=amount,
        evidence="overdue" if overdue else "",
    )


def over_refunded(intent: Intent, payment: Payment) -> Decimal | None:
    """Return the amount refunded for this key if it is more than requested, else None."""
    tag = intent.mark.partition("-")[0]
    given = sum(
        (to_unit(entry.amount) for entry in payment.cancel_history or [] if tag and tag in (entry.reason or "")),
        Decimal(0),
    )
    asked = str(intent.arguments["asked"])
    return given if given > Decimal(intent.arguments["amount"]) and asked != "left=0" else None
