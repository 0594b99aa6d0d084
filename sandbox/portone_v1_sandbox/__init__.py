"""PortOne V1 on your own machine: a stateful sandbox, in the process or on a socket.

No money moves, and it needs no credentials: its API key is `sandbox_key`, its secret `sandbox_secret`.
"""

from __future__ import annotations

from .engine.coverage import Coverage, coverage
from .errors.base import Refusal
from .facade.faults import Faults
from .facade.sandbox import Sandbox
from .facade.webhooks import Webhooks
from .server import SandboxServer, SandboxServerError
from .state.cards import TEST_CARDS, TestCard
from .state.channels import DEFAULT_CHANNELS, Channel
from .state.conditions.assumptions import Assumptions
from .state.conditions.clock import SandboxClock
from .state.conditions.faults import Decline, Fault
from .state.deliveries import Attempt, Delivery, WebhookSettings
from .state.exchanges import Exchange
from .state.notifications import Notification
from .state.payments import PendingRefund
from .state.state import Movement
from .storage.errors import SandboxStoreError
from .wire.messages import Request, Response
from .wire.webhooks import WebhookCall, WebhookSender

__all__ = [
    "DEFAULT_CHANNELS",
    "TEST_CARDS",
    "Assumptions",
    "Attempt",
    "Channel",
    "Coverage",
    "Decline",
    "Delivery",
    "Exchange",
    "Fault",
    "Faults",
    "Movement",
    "Notification",
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
