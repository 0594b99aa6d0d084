"""V1 on your own machine: a stateful imitation, in the process or on a socket.

It knows nothing of real money and of nobody's secrets: its key pair is `sandbox_key` / `sandbox_secret`.
"""

from __future__ import annotations

from ._cards import TEST_CARDS, TestCard
from ._channels import DEFAULT_CHANNELS, Channel
from ._clock import SandboxClock
from ._coverage import Coverage, coverage
from ._fault_plays import Faults
from ._faults import Decline, Fault
from ._journal import Exchange
from ._notices import Notice
from ._records import PendingRefund
from ._refusals import Refusal
from ._sandbox import Sandbox
from ._server import SandboxServer, SandboxServerError
from ._state import Movement
from ._store_error import SandboxStoreError
from ._webhook_plays import Webhooks
from ._webhook_sender import WebhookCall, WebhookSender
from ._webhooks import Attempt, Delivery, WebhookSettings
from ._wire import Request, Response

__all__ = [
    "DEFAULT_CHANNELS",
    "TEST_CARDS",
    "Attempt",
    "Channel",
    "Coverage",
    "Decline",
    "Delivery",
    "Exchange",
    "Fault",
    "Faults",
    "Movement",
    "Notice",
    "PendingRefund",
    "Refusal",
    "Request",
    "Response",
    "Sandbox",
    "SandboxClock",
    "SandboxServer",
    "SandboxServerError",
    "SandboxStoreError",
    "TestCard",
    "WebhookCall",
    "WebhookSender",
    "WebhookSettings",
    "Webhooks",
    "coverage",
]
