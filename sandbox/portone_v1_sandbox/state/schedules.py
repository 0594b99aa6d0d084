"""결제예약: scheduled charges as records, and their form in a response."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from ..wire.money import to_wire
from .payments import PaymentRecord
from .tables.grouped_table import GroupedTable, Groups
from .tables.lock import StateLock

__all__ = ["LISTED", "ScheduleRecord", "ScheduleTable", "listed_place", "schedule_table", "schedule_to_wire"]


@dataclass(slots=True, kw_only=True, repr=False)
class ScheduleRecord:
    """One scheduled charge. Times are 0 until they are reached."""

    merchant_uid: str
    customer_uid: str
    amount: Decimal
    currency: str
    schedule_at: int
    pg_provider: str
    pg_id: str
    serial: int
    schedule_status: Literal["scheduled", "executed", "revoked"] = "scheduled"
    executed_at: int = 0
    revoked_at: int = 0
    imp_uid: str | None = None
    customer_id: str | None = None
    name: str | None = None
    buyer_name: str | None = None
    buyer_email: str | None = None
    buyer_tel: str | None = None
    buyer_addr: str | None = None
    buyer_postcode: str | None = None
    custom_data: str | None = None
    promotion_id: str | None = None

    tier: str | None = None
    channel_key: str | None = None
    tax_free: Decimal | None = None
    vat_amount: Decimal | None = None
    card_quota: int | None = None
    notice_urls: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str | None, str]:
        return self.tier, self.merchant_uid

    def __repr__(self) -> str:
        return f"<ScheduleRecord {self.merchant_uid} {self.schedule_status}>"


ScheduleTable = GroupedTable[tuple[str | None, str], ScheduleRecord]


def schedule_table(lock: StateLock | None = None) -> ScheduleTable:
    """Return a table that finds schedules by planned time: those of a tier, of a customer, and of a status.

    Its late groups are those of the dashboard.
    """
    return GroupedTable(_groups, lock, _groups_of_list)


def _groups(schedule: ScheduleRecord) -> Groups:
    planned, tier = (schedule.schedule_at, schedule.serial), schedule.tier
    return {
        (tier,): planned,
        (tier, schedule.schedule_status): planned,
        (tier, "customer", schedule.customer_uid): planned,
    }


LISTED: Final = "listed"


def listed_place(schedule: ScheduleRecord) -> tuple[int, int, int]:
    """Return the place in a list of all schedules: first the finished ones, then the open ones, the soonest last."""
    if schedule.schedule_status == "scheduled":
        return 1, -schedule.schedule_at, schedule.serial
    return 0, schedule.executed_at or schedule.revoked_at or schedule.schedule_at, schedule.serial


def _groups_of_list(schedule: ScheduleRecord) -> Groups:
    place = listed_place(schedule)
    return {(LISTED,): place, (LISTED, schedule.schedule_status): place}


PUBLIC_FIELDS: Final = (
    "buyer_addr",
    "buyer_email",
    "buyer_name",
    "buyer_postcode",
    "buyer_tel",
    "currency",
    "custom_data",
    "customer_id",
    "customer_uid",
    "executed_at",
    "imp_uid",
    "merchant_uid",
    "name",
    "pg_id",
    "pg_provider",
    "promotion_id",
    "revoked_at",
    "schedule_at",
    "schedule_status",
)


def schedule_to_wire(schedule: ScheduleRecord, payment: PaymentRecord | None) -> dict[str, Any]:
    """Return all fields of a ScheduleResult, in alphabetical order.

    The outcome is read from the payment, so a later refund shows as `cancelled`.
    """
    shown = {name: getattr(schedule, name) for name in PUBLIC_FIELDS}
    outcome = {
        "amount": to_wire(schedule.amount),
        "fail_reason": None if payment is None else payment.fail_reason,
        "payment_status": None if payment is None else payment.status,
    }
    return dict(sorted((shown | outcome).items()))
