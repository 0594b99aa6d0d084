"""V1 on your own machine: a stateful imitation, in the process or on a socket.

It knows nothing of real money and of nobody's secrets: its key pair is `sandbox_key` / `sandbox_secret`.
"""

from __future__ import annotations

from ._cards import TEST_CARDS, TestCard
from ._channels import DEFAULT_CHANNELS, Channel
from ._clock import SandboxClock
from ._journal import Exchange
from ._notices import Notice
from ._records import PendingRefund
from ._refusals import Refusal
from ._sandbox import Sandbox
from ._server import SandboxServer, SandboxServerError
from ._state import Movement
from ._wire import Request, Response

__all__ = [
    "DEFAULT_CHANNELS",
    "TEST_CARDS",
    "Channel",
    "Exchange",
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
    "TestCard",
]
