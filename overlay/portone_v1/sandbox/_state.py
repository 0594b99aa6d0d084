"""Everything that a sandbox remembers between two requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from ._records import BillingKeyRecord, PaymentRecord, PreparedRecord

__all__ = ["Movement", "State", "Token"]


@dataclass(frozen=True, slots=True)
class Token:
    """The one live token of the key pair."""

    access_token: str = field(repr=False)
    expired_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money that moved: `charge` to the merchant, `refund` back."""

    kind: Literal["charge", "refund"]
    imp_uid: str
    merchant_uid: str
    amount: Decimal
    currency: str
    at: int
    tier: str | None


@dataclass(slots=True)
class State:
    """Records of the agent itself stand under the tier None. Dicts keep the order of arrival."""

    token: Token | None = None
    payments: dict[str, PaymentRecord] = field(default_factory=dict[str, PaymentRecord])
    billing_keys: dict[tuple[str | None, str], BillingKeyRecord] = field(
        default_factory=dict[tuple[str | None, str], BillingKeyRecord]
    )
    prepared: dict[tuple[str | None, str], PreparedRecord] = field(
        default_factory=dict[tuple[str | None, str], PreparedRecord]
    )
    ledger: list[Movement] = field(default_factory=list[Movement])
    serial: int = 0

    def clear(self) -> None:
        """Forgets everything, the token too. Serial numbers go on, so that no uid comes twice."""
        self.token = None
        self.payments.clear()
        self.billing_keys.clear()
        self.prepared.clear()
        self.ledger.clear()

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def new_imp_uid(self, prefix: Literal["imp", "imps"], now: int) -> str:
        # The time is in it so that a sandbox that is started anew does not meet the uids in a shop's database.
        number = now % 10**7 * 10**5 + self.serial % 10**5
        while f"imp_{number:012d}" in self.payments or f"imps_{number:012d}" in self.payments:
            number = (number + 1) % 10**12
        return f"{prefix}_{number:012d}"

    def payments_of(self, tier: str | None) -> Iterator[PaymentRecord]:
        return (payment for payment in self.payments.values() if payment.tier == tier)

    def find_payment(self, tier: str | None, imp_uid: str) -> PaymentRecord | None:
        payment = self.payments.get(imp_uid)
        return payment if payment is not None and payment.tier == tier else None

    def attempts(self, tier: str | None, merchant_uid: str) -> list[PaymentRecord]:
        """Every payment of an order, the first one first."""
        return [p for p in self.payments_of(tier) if p.merchant_uid == merchant_uid]

    def record(self, kind: Literal["charge", "refund"], payment: PaymentRecord, amount: Decimal) -> None:
        """Books a movement of money, at the time of the payment's last change."""
        self.ledger.append(
            Movement(
                kind=kind,
                imp_uid=payment.imp_uid,
                merchant_uid=payment.merchant_uid,
                amount=amount,
                currency=payment.currency,
                at=payment.updated_at,
                tier=payment.tier,
            )
        )
