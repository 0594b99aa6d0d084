"""Protocols of the engine for the packages that it imports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo

    from ..evidence.log import EvidenceLog
    from ..state.conditions.clock import SandboxClock
    from ..state.conditions.settings import Settings
    from ..state.deliveries import Attempt, Delivery
    from ..state.exchanges import Exchange, Journal
    from ..state.state import State
    from ..wire.messages import Request, Response
    from ..wire.webhooks import WebhookSender
    from .handlers import Call

__all__ = ["CallContext", "Context", "Responder"]


class Responder(Protocol):
    """Responds to one request, as a sandbox does."""

    def handle(self, request: Request, /) -> Response: ...


class Context(Protocol):
    """State, clock and journal of one sandbox, and the transaction that guards them."""

    state: State
    journal: Journal
    evidence: EvidenceLog
    """Every call with its raw request and response, and what else happened."""
    clock: SandboxClock
    sender: WebhookSender
    """Sends the webhooks when asked to."""
    in_flight: set[int]
    """Numbers of the deliveries that are being sent."""
    unsaved_attempts: dict[int, tuple[Delivery, Attempt, Exchange]]
    """Attempts that were sent but could not be saved yet, by the number of the delivery."""
    delivery_listeners: list[Callable[[], object]]
    """Called when a webhook has become due."""

    def transaction(self, *, read_only: bool = False) -> AbstractContextManager[object]:
        """Lock the state; commit when the outermost transaction ends."""
        ...

    def catch_up(self) -> None:
        """Run everything that has become due by now."""
        ...


class CallContext(Context, Protocol):
    """A context that can also check the arguments of a call."""

    settings: Settings

    def call(self, operation: OperationInfo, source: Mapping[str, Mapping[str, Any]], tier: str | None) -> Call:
        """Return a checked call. Raises Refusal."""
        ...
