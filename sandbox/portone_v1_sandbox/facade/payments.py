"""What buyers, banks and the merchant do outside of the API, from Python."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ..control.cvs_confirm import pay_at_till
from ..payments.cancel import CONSOLE, cancel_in_console
from ..payments.deposits import DEPOSIT, deposit
from ..payments.refunds import PEND, SETTLE, pend, settle
from ..state.payments import PaymentRecord, PendingRefund, payment_on_wire

if TYPE_CHECKING:
    from portone_v1_generated.models.payments import Payment
    from portone_v1_generated.operations import OperationInfo

    from ..dispatch.handlers import Call
    from ..engine.engine import Engine
    from ..state.notifications import Notice

__all__ = ["MoneyPlays"]


class MoneyPlays:
    """The part of `Sandbox` that moves money from outside. A `tier` plays for a sub-merchant."""

    _engine: Engine

    def deposit(
        self,
        imp_uid: str,
        *,
        amount: int | Decimal | None = None,
        depositor_name: str | None = None,
        tier: str | None = None,
    ) -> Payment:
        """Transfers money to a virtual account, the right amount when none is named.

        Raises Refusal where the bank turns it away: another amount, or an account that nobody waits at any more. A
        `fixed_unlimited_vbank` takes any amount, any number of times.
        """
        return self._play(DEPOSIT, deposit, tier, imp_uid=imp_uid, amount=amount, depositor_name=depositor_name)

    def pay_at_store(
        self, imp_uid: str, *, pay_type: Literal["card", "cash"] = "cash", tier: str | None = None
    ) -> Payment:
        """Pays a convenience-store number at the till. Raises Refusal where the till does not take it.

        A `confirm_url` is asked first, and anything but 200 leaves the payment `ready`. The merchant's server must
        not wait for this thread meanwhile: under asyncio, call it with `asyncio.to_thread`.
        """
        from portone_v1_generated.models.payments import Payment

        return Payment.from_dict(pay_at_till(self._engine, {"imp_uid": imp_uid, "pay_type": pay_type}, tier))

    def cancel(
        self,
        imp_uid: str,
        *,
        amount: int | Decimal | None = None,
        reason: str | None = None,
        tier: str | None = None,
    ) -> Payment:
        """Refunds in the merchant's console, all that is left when no amount is named; V1 sends a webhook for it."""
        return self._play(CONSOLE, cancel_in_console, tier, imp_uid=imp_uid, amount=amount, reason=reason)

    def pend_refunds(self, *, imp_uid: str | None = None, pg: str | None = None, on: bool = True) -> None:
        """Refunds of a payment, of a PG or, with neither, all refunds are only accepted from now on.

        Those of PayPal, and of virtual accounts of smartro_v2 and daou, always are. `on=False` takes it back.
        """
        body = {"imp_uid": imp_uid, "pg": pg, "on": on}
        with self._engine.transaction():
            pend(self._engine.call(PEND, {"body": body}, None))

    def settle_refund(self, imp_uid: str, *, refused: bool = False, tier: str | None = None) -> Payment:
        """Pays the pending refunds of a payment out, or has the PG refuse them. Raises Refusal when none is pending."""
        return self._play(SETTLE, settle, tier, imp_uid=imp_uid, refused=refused)

    @property
    def pending_refunds(self) -> tuple[PendingRefund, ...]:
        """What was accepted and has not been paid out."""
        with self._engine.transaction():
            self._engine.catch_up()
            return tuple(self._engine.state.pending_refunds)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Every webhook that V1 would have sent so far."""
        with self._engine.transaction():
            self._engine.catch_up()
            return tuple(self._engine.state.notices)

    def _play(
        self, operation: OperationInfo, does: Callable[[Call], PaymentRecord], tier: str | None, **body: Any
    ) -> Payment:
        from portone_v1_generated.models.payments import Payment

        with self._engine.transaction():
            self._engine.catch_up()
            payment = does(self._engine.call(operation, {"body": body}, tier))
            return Payment.from_dict(payment_on_wire(payment))
