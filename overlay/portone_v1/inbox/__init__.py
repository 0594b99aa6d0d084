"""웹훅 인박스: Store a webhook first, then process each payment in order, once.

    inbox = Inbox(lambda tier: client.with_options(tier=tier), store)   # a client that the process shares
    inbox.on_payment(payment_changed)
    answer = inbox.receive(body, content_type, remote_address)   # in the view: .status, .text
    inbox.drain()                                                # in a worker: what is due

A V1 webhook is unsigned and contains no amount, so it is used only as a signal to read the payment. The store holds one
row for each payment, never a body or personal data. Stores for the shop's own database are in
`portone_v1.contrib.django` and `portone_v1.contrib.sqlalchemy`; contract tests for a store that you write are in
`portone_v1.inbox.testing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._elsewhere import loader
from .events import (
    CheckoutConfirm,
    CvsConfirm,
    EscrowChanged,
    Paid,
    PaymentChanged,
    PaymentFailed,
    Progress,
    Refunded,
    VbankIssued,
)
from .handling import Answer, RetryLater, UnknownOrder
from .rows import InboxRow, ReceivedWebhook, Task
from .stores import AsyncInboxStore, AsyncWork, InboxStore, Work

if TYPE_CHECKING:
    from ._async.receive import AsyncInbox
    from ._sync.receive import Inbox
    from .memory import AsyncMemoryInboxStore, MemoryInboxStore

__all__ = [
    "Answer",
    "AsyncInbox",
    "AsyncInboxStore",
    "AsyncMemoryInboxStore",
    "AsyncWork",
    "CheckoutConfirm",
    "CvsConfirm",
    "EscrowChanged",
    "Inbox",
    "InboxRow",
    "InboxStore",
    "MemoryInboxStore",
    "Paid",
    "PaymentChanged",
    "PaymentFailed",
    "Progress",
    "ReceivedWebhook",
    "Refunded",
    "RetryLater",
    "Task",
    "UnknownOrder",
    "VbankIssued",
    "Work",
]

_HOMES = {
    "AsyncInbox": "portone_v1.inbox._async.receive",
    "Inbox": "portone_v1.inbox._sync.receive",
    "AsyncMemoryInboxStore": "portone_v1.inbox.memory",
    "MemoryInboxStore": "portone_v1.inbox.memory",
}


if not TYPE_CHECKING:  # or a type checker would take every name
    # A shop uses one of the two flavours.
    __getattr__ = loader(__name__, _HOMES)
