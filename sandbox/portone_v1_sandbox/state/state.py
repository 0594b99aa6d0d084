"""Everything that a sandbox keeps between two requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from .billing_keys import BillingKeyRecord
from .certifications import CertificationRecord, CertificationTable, certification_table
from .conditions.faults import Decline, Fault
from .deliveries import Delivery, Outbox, WebhookSettings
from .due import Due
from .naver import ProductOrderTable, ReviewTable, product_order_table, review_table
from .notifications import Notification
from .payments import PaymentRecord, PendingRefund, PreparedRecord
from .pg_members import BenepiaMember, KcpMember, PgNotes
from .receipts import ReceiptRecord, ShipmentRecord
from .schedules import ScheduleTable, schedule_table
from .tables.grouped_table import GroupedTable
from .tables.lock import StateLock
from .tables.log import Log
from .tables.payment_table import PaymentTable

__all__ = ["DERIVED", "LOG", "Movement", "State", "Token", "is_derived", "is_log"]


@dataclass(frozen=True, slots=True)
class Token:
    """The valid access token of the key pair."""

    access_token: str = field(repr=False)
    expired_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A movement of money: `charge` to the merchant, `refund` back."""

    kind: Literal["charge", "refund"]
    imp_uid: str
    merchant_uid: str
    amount: Decimal
    currency: str
    at: int
    tier: str | None


LOG: Final = MappingProxyType({"stored": "log"})
"""Marks a list that only grows, or starts again."""
DERIVED: Final = MappingProxyType({"stored": "not"})
"""Marks a field that is derived from the records and not stored."""


def is_log(each: Field[Any]) -> bool:
    return each.metadata == LOG


def is_derived(each: Field[Any]) -> bool:
    return each.metadata == DERIVED


@dataclass(slots=True, eq=False)
class State:
    """Everything that is kept, each item named only here. A store keeps it under the name of its field.

    Records of the agent itself have the tier None. Dicts keep the order of arrival.
    """

    token: Token | None = None
    payments: PaymentTable = field(default_factory=PaymentTable)
    billing_keys: dict[tuple[str | None, str], BillingKeyRecord] = field(
        default_factory=dict[tuple[str | None, str], BillingKeyRecord]
    )
    prepared: dict[tuple[str | None, str], PreparedRecord] = field(
        default_factory=dict[tuple[str | None, str], PreparedRecord]
    )
    schedules: ScheduleTable = field(default_factory=schedule_table)
    receipts: dict[str, ReceiptRecord] = field(default_factory=dict[str, ReceiptRecord])
    """Cash receipts of payments, by imp_uid."""
    external_receipts: dict[tuple[str | None, str], ReceiptRecord] = field(
        default_factory=dict[tuple[str | None, str], ReceiptRecord]
    )
    shipments: dict[str, ShipmentRecord] = field(default_factory=dict[str, ShipmentRecord])
    """Registered shipments of escrow payments, by imp_uid."""
    pending_refunds: list[PendingRefund] = field(default_factory=list[PendingRefund])
    """Refunds that are accepted and not paid out yet, the oldest first."""
    deferred_refunds: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Payments and PGs whose refunds are deferred: see `defer_refunds`."""
    certifications: CertificationTable = field(default_factory=certification_table)
    product_orders: ProductOrderTable = field(default_factory=product_order_table)
    reviews: ReviewTable = field(default_factory=review_table)
    """Buyers' reviews of Naver's product orders."""
    kcp_members: dict[tuple[str | None, str], KcpMember] = field(
        default_factory=dict[tuple[str | None, str], KcpMember]
    )
    kcp_prepared: dict[tuple[str | None, str], Mapping[str, object]] = field(
        default_factory=dict[tuple[str | None, str], Mapping[str, object]]
    )
    benepia_members: dict[str, BenepiaMember] = field(default_factory=dict[str, BenepiaMember])
    pg_notes: dict[str, PgNotes] = field(default_factory=dict[str, PgNotes])
    """Data that single PGs keep about a payment, by imp_uid."""
    tiers: dict[str, str] = field(default_factory=dict[str, str])
    """Names of the registered sub-merchants."""
    notifications: Log[Notification] = field(default_factory=Log[Notification], metadata=LOG)
    """Every webhook that V1 would have sent, the oldest first."""
    webhooks: WebhookSettings = field(default_factory=WebhookSettings)
    deliveries: dict[int, Delivery] = field(default_factory=dict[int, Delivery])
    """Deliveries of the notifications, by number."""
    outbox: Outbox = field(default_factory=Outbox)
    faults: list[Fault] = field(default_factory=list[Fault])
    """Faults of the next responses."""
    declines: list[Decline] = field(default_factory=list[Decline])
    injected: int = 0
    """Number of the latest fault or decline."""
    ledger: Log[Movement] = field(default_factory=Log[Movement], metadata=LOG)
    timeline: list[Due] | None = field(default=None, repr=False, metadata=DERIVED)
    """Scheduled changes; None until the module `timeline` derives them from the records."""
    serial: int = 0
    last_number: int = field(default=-1, repr=False, metadata=DERIVED)
    """The number in the latest uid."""

    def clear(self) -> None:
        """Delete everything, the token included, except the webhook settings. No uid is used twice."""
        new = State(webhooks=self.webhooks, serial=self.serial, last_number=self.last_number, injected=self.injected)
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, dict):
                value.clear()  # The table itself must stay, because a store watches its removals.
            else:
                setattr(self, each.name, getattr(new, each.name))

    @classmethod
    def under(cls, lock: StateLock) -> State:
        """Return an empty state whose tables are changed under this lock."""
        return cls(
            payments=PaymentTable(lock),
            schedules=schedule_table(lock),
            certifications=certification_table(lock),
            product_orders=product_order_table(lock),
            reviews=review_table(lock),
        )

    def commit(self) -> None:
        """Bring all indexes up to date. Records that are returned from now on may change again."""
        self.payments.commit()
        for table in self.grouped():
            table.commit()

    def forget_changes(self) -> None:
        """Forget which records may have changed: nothing stores them."""
        for table in (self.payments, *self.grouped()):
            table.dirty.clear()
            table.removed.clear()

    def grouped(self) -> tuple[GroupedTable[Any, Any], ...]:
        return self.schedules, self.certifications, self.product_orders, self.reviews

    def tiers_in_use(self) -> set[str | None]:
        """Return the tiers of all records, except of payments that are only in the file."""
        keys = {tier for table in (self.schedules, self.billing_keys) for tier, _ in table}
        return keys | self.payments.tiers()

    def inject(self, one: Fault | Decline) -> None:
        """Add a fault or a decline for the next matching request, with a number by which it can be removed."""
        self.injected += 1
        one = replace(one, number=self.injected)
        if isinstance(one, Fault):
            self.faults.append(one)
        else:
            self.declines.append(one)

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def new_imp_uid(self, prefix: Literal["imp", "imps"], now: int) -> str:
        # The time is part of it, so a new sandbox does not reuse the uids in a shop's database.
        number = now % 10**7 * 10**5 + self.serial % 10**5
        if number <= self.last_number < number + 10**9:  # the clock did not move, so the search continues
            number = self.last_number + 1
        while f"imp_{number:012d}" in self.payments or f"imps_{number:012d}" in self.payments:
            number = (number + 1) % 10**12
        self.last_number = number
        return f"{prefix}_{number:012d}"

    def find_payment(self, tier: str | None, imp_uid: str) -> PaymentRecord | None:
        payment = self.payments.get(imp_uid)
        return payment if payment is not None and payment.tier == tier else None

    def keep_certification(self, record: CertificationRecord) -> None:
        self.next_serial()  # The next payment must not get the same number.
        self.certifications[record.imp_uid] = record

    def notes_of(self, payment: PaymentRecord) -> PgNotes:
        """Return the data that the PG keeps about a payment."""
        return self.pg_notes.get(payment.imp_uid) or PgNotes()

    def attempts(self, tier: str | None, merchant_uid: str) -> list[PaymentRecord]:
        """Return every payment of an order, the first one first."""
        return self.payments.attempts(tier, merchant_uid)

    def notify(
        self, payment: PaymentRecord, status: str, cancellation_id: str | None = None, *, by_settings: bool = False
    ) -> None:
        """Record a webhook about a payment, at the time of its last change.

        With `by_settings` it goes to the merchant's own address, whatever `notice_url` the payment has.
        """
        self.notifications.append(
            Notification(
                imp_uid=payment.imp_uid,
                merchant_uid=payment.merchant_uid,
                status=status,
                cancellation_id=cancellation_id,
                notice_urls=() if by_settings else payment.notice_urls,
                at=payment.updated_at,
            )
        )

    def record(self, kind: Literal["charge", "refund"], payment: PaymentRecord, amount: Decimal) -> None:
        """Record a movement of money, at the time of the payment's last change."""
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
