"""웹훅: settings and deliveries as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .notifications import Notification

__all__ = ["Attempt", "ContentType", "Delivery", "Outbox", "WebhookSettings"]

ContentType = Literal["application/json", "application/x-www-form-urlencoded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """Webhook settings of the console. `test_url` is for test channels; without it `url` gets all webhooks."""

    url: str | None = field(default=None, repr=False)
    test_url: str | None = field(default=None, repr=False)
    content_type: ContentType = "application/json"
    repeats: bool = False
    escrow: bool = False
    """Whether PortOne is set up to report escrow payments at INICIS."""
    allow_remote: bool = False
    hosts: tuple[str, ...] = ()
    """Other machines that may get webhooks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt. `status` is the HTTP status of the merchant, or 0 without a response, as V1 records it."""

    at: int
    status: int
    error: str | None = None
    ms: int | None = None
    """Milliseconds that the merchant took."""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Headers of the response that say what it is."""
    body: str = field(default="", repr=False)
    """The beginning of the response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A webhook for one URL, with all attempts so far."""

    number: int
    notification: Notification
    url: str = field(repr=False)
    content_type: ContentType
    due_at: int
    state: Literal["waiting", "delivered", "failed", "dropped"] = "waiting"
    resent: bool = False
    attempts: tuple[Attempt, ...] = ()

    @property
    def status(self) -> int | None:
        """The status of the last attempt, None before the first."""
        return self.attempts[-1].status if self.attempts else None


@dataclass(slots=True)
class Outbox:
    """The deliveries that wait, in the order in which they are sent."""

    waiting: list[int] = field(default_factory=list[int])
    enqueued: int = 0
    """Number of notifications that have become deliveries."""
    discard_next: int = 0
    """Number of the next deliveries that are discarded."""
    paused: bool = False
    confirming: list[int] = field(default_factory=list[int])
    """Deliveries whose sender waits for the response. They skip the queue."""
