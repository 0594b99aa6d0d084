"""Which answers of V1 are not the last word, by PG. Each row says where it comes from and how sure it is."""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["LateRefund", "LateStatus", "charge_horizon", "refund_finality"]

DAY: Final = 86_400.0


class LateStatus(NamedTuple):
    pg: str
    """A prefix of `pg_provider`."""
    statuses: frozenset[str]
    """A payment that reads so may still become paid."""
    seconds: float
    """For how long."""
    source: str


class LateRefund(NamedTuple):
    pg: str
    pay_method: str | None
    shown: bool
    """Whether `cancel_history` shows the refund when it is accepted, before it is paid out."""
    seconds: float
    """After these a person should look at the PG's console."""
    source: str


LATE_CHARGES: Final = (
    LateStatus("paypal", frozenset({"failed", "pending", "ready"}), 6 * DAY, "vendor, PayPal status: days; doubled"),
    LateStatus("paymentwall", frozenset({"failed", "ready"}), 14 * DAY, "vendor, webhook page; horizon assumed"),
    LateStatus("payletter", frozenset({"pending", "ready"}), 3 * DAY, "vendor, Payletter page; horizon assumed"),
)
LATE_REFUNDS: Final = (
    LateRefund("paypal", None, shown=False, seconds=14 * DAY, source="vendor, POST /payments/cancel; horizon assumed"),
    LateRefund("paymentwall", None, shown=False, seconds=14 * DAY, source="vendor, 2023-07-17; horizon assumed"),
    LateRefund("smartro_v2", "vbank", shown=True, seconds=7 * DAY, source="vendor, cancel; horizon assumed"),
    LateRefund("daou", "vbank", shown=True, seconds=21 * DAY, source="vendor, cancel: 7 business days and more"),
)


def charge_horizon(pg: str | None, status: str) -> float | None:
    """For how many seconds a payment that reads `status` may still become paid; None: it is final."""
    for row in LATE_CHARGES:
        if str(pg or "").startswith(row.pg) and status in row.statuses:
            return row.seconds
    return None


def refund_finality(pg: str | None, pay_method: str | None) -> LateRefund | None:
    """How this PG refunds later; None: what V1 answers is final."""
    for row in LATE_REFUNDS:
        if str(pg or "").startswith(row.pg) and row.pay_method in (None, pay_method):
            return row
    return None
