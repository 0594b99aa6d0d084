"""Buyers, banks and the merchant's console: money that moves outside of the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Unpack

from ..control.cvs_confirm import pay_with_confirmation
from ..control.history import seed
from ..payments.cancel import CONSOLE, cancel_in_console
from ..payments.checkout import PAY, WindowDetails, pay
from ..payments.deposits import DEPOSIT, deposit
from ..payments.late import LATE, approve_late
from ..payments.refunds import DEFER, SETTLE, defer_refund, settle_refund
from ..state.payments import PaymentRecord, PendingRefund, payment_to_wire
from .calls import run

if TYPE_CHECKING:
    from portone_v1_generated.models.payments import Payment
    from portone_v1_generated.operations import OperationInfo

    from ..dispatch.handlers import Call
    from ..engine.engine import Engine

__all__ = ["PaymentControls"]


class PaymentControls:
    """The methods of `Sandbox` that move money. A `tier` acts for a sub-merchant."""

    _engine: Engine

    def pay(
        self,
        *,
        merchant_uid: str,
        amount: int | Decimal,
        pay_method: str = "card",
        status: Literal["ready", "paid", "failed"] = "paid",
        currency: str | None = None,
        channel_key: str | None = None,
        sandbox: bool | None = None,
        tier: str | None = None,
        **details: Unpack[WindowDetails],
    ) -> Payment:
        """Pay as the buyer in the payment window. `sandbox=True` uses the first test channel.

        The PG behaves as in its profile: `portone_v1.pg_profiles`. Default currency: KRW, or the PG's own.

        Raises Refusal if V1 would stop `request_pay`: the prepared amount differs, or the order is paid already.
        """
        body: dict[str, Any] = {
            "merchant_uid": merchant_uid,
            "amount": amount,
            "pay_method": pay_method,
            "status": status,
            "currency": currency,
            "channel_key": channel_key,
            "sandbox": sandbox,
            **details,
        }
        return self._pay(PAY, pay, tier, **body)

    def deposit(
        self,
        imp_uid: str,
        *,
        amount: int | Decimal | None = None,
        depositor_name: str | None = None,
        tier: str | None = None,
    ) -> Payment:
        """Transfer money to a virtual account. Default: the expected amount.

        Raises Refusal if the bank returns the transfer: the amount differs, or the account is closed. A
        `fixed_unlimited_vbank` accepts any amount, any number of times.
        """
        return self._pay(DEPOSIT, deposit, tier, imp_uid=imp_uid, amount=amount, depositor_name=depositor_name)

    def approve_late(self, imp_uid: str, *, tier: str | None = None) -> Payment:
        """Approve a payment late, as the PG: `failed` becomes `paid`, and the webhook is sent.

        Raises Refusal if the PG's profile says that the status is final.
        """
        return self._pay(LATE, approve_late, tier, imp_uid=imp_uid)

    def pay_at_store(
        self, imp_uid: str, *, pay_type: Literal["card", "cash"] = "cash", tier: str | None = None
    ) -> Payment:
        """Pay a convenience-store number at the counter. Raises Refusal if the store does not accept it.

        The sandbox first requests the payment's `confirm_url`; any status but 200 leaves the payment `ready`. The
        merchant's server must not wait for this thread meanwhile: under asyncio, call it with `asyncio.to_thread`.
        """
        from portone_v1_generated.models.payments import Payment

        return Payment.from_dict(pay_with_confirmation(self._engine, {"imp_uid": imp_uid, "pay_type": pay_type}, tier))

    def cancel(
        self,
        imp_uid: str,
        *,
        amount: int | Decimal | None = None,
        reason: str | None = None,
        tier: str | None = None,
    ) -> Payment:
        """Refund in the merchant's console; V1 sends a webhook for it. Default: the whole refundable balance."""
        return self._pay(CONSOLE, cancel_in_console, tier, imp_uid=imp_uid, amount=amount, reason=reason)

    def defer_refunds(self, *, imp_uid: str | None = None, pg: str | None = None, on: bool = True) -> None:
        """Accept refunds without paying them out: those of a payment, of a PG or, with neither, all.

        Refunds of PGs that pay out later, as their profiles say (PayPal, Paymentwall, virtual accounts of Smartro,
        Kiwoom and KG Mobilians, WeChat Pay), are always deferred. `on=False` ends it.
        """
        run(self._engine, DEFER, defer_refund, None, {"imp_uid": imp_uid, "pg": pg, "on": on})

    def settle_refund(self, imp_uid: str, *, refused: bool = False, tier: str | None = None) -> Payment:
        """Pay out the accepted refunds of a payment, or refuse them as the PG. Raises Refusal if there is none."""
        return self._pay(SETTLE, settle_refund, tier, imp_uid=imp_uid, refused=refused)

    @property
    def pending_refunds(self) -> tuple[PendingRefund, ...]:
        """Refunds that were accepted and are not paid out yet."""
        with self._engine.transaction():
            self._engine.catch_up()
            return tuple(self._engine.state.pending_refunds)

    def seed(self, payments: Sequence[Mapping[str, Any]], *, tier: str | None = None) -> list[Payment]:
        """Create a history: `pay` each entry in order, after moving the clock by the entry's `advance` in seconds.

        Raises Refusal like `pay`; the entries before it are kept.
        """
        from portone_v1_generated.models.payments import Payment

        with self._engine.transaction():
            records = seed(self._engine, payments, tier)
            return [Payment.from_dict(payment_to_wire(record)) for record in records]

    def _pay(
        self, operation: OperationInfo, handler: Callable[[Call], PaymentRecord], tier: str | None, **fields: Any
    ) -> Payment:
        from portone_v1_generated.models.payments import Payment

        # Inside of the transaction, because another thread may change the record as soon as that ends.
        with self._engine.transaction():
            return Payment.from_dict(payment_to_wire(run(self._engine, operation, handler, tier, fields)))
