"""Stable names of the records in a database: classes may be moved and renamed, these names stay."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ..state.billing_keys import BillingKeyRecord
from ..state.cards import Card
from ..state.certifications import CertificationRecord
from ..state.conditions.faults import Decline, Fault
from ..state.deliveries import Attempt, Delivery, Outbox, WebhookSettings
from ..state.exchanges import Exchange
from ..state.naver import ProductOrderRecord, ReviewRecord
from ..state.notifications import Notification
from ..state.payments import CancelRecord, PaymentRecord, PendingRefund, PreparedRecord
from ..state.pg_members import BenepiaMember, KcpMember, PgNotes
from ..state.receipts import ReceiptRecord, ShipmentRecord
from ..state.schedules import ScheduleRecord
from ..state.state import Movement, Token

__all__ = ["NAMES", "RECORD_TYPES"]

RECORD_TYPES: Final[Mapping[str, type[Any]]] = MappingProxyType(
    {
        "Attempt": Attempt,
        "BenepiaMember": BenepiaMember,
        "BillingKeyRecord": BillingKeyRecord,
        "CancelRecord": CancelRecord,
        "Card": Card,
        "CertificationRecord": CertificationRecord,
        "Decline": Decline,
        "Delivery": Delivery,
        "Exchange": Exchange,
        "Fault": Fault,
        "KcpMember": KcpMember,
        "Outbox": Outbox,
        "Movement": Movement,
        "Notification": Notification,
        "PaymentRecord": PaymentRecord,
        "PendingRefund": PendingRefund,
        "PgNotes": PgNotes,
        "PreparedRecord": PreparedRecord,
        "ProductOrderRecord": ProductOrderRecord,
        "ReceiptRecord": ReceiptRecord,
        "ReviewRecord": ReviewRecord,
        "ScheduleRecord": ScheduleRecord,
        "ShipmentRecord": ShipmentRecord,
        "Token": Token,
        "WebhookSettings": WebhookSettings,
    }
)
"""To change a name, or a field of a record, add a migration."""

NAMES: Final[Mapping[type[Any], str]] = MappingProxyType({record: name for name, record in RECORD_TYPES.items()})
