"""웹훅: where webhooks go, and what became of each, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .notifications import Notification

__all__ = ["Attempt", "ContentType", "Delivery", "Outbox", "WebhookSettings"]

ContentType = Literal["application/json", "application/x-www-form-urlencoded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """What a merchant sets in the console. `test_url` is for test channels; without one `url` gets everything."""

    url: str | None = field(default=None, repr=False)
    test_url: str | None = field(default=None, repr=False)
    content_type: ContentType = "application/json"
    repeats: bool = False
    escrow: bool = False
    """Whether PortOne was asked to tell of escrow payments at INICIS."""
    allow_remote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try. `status` is the merchant's HTTP status, or 0 when none came, as V1 puts it down."""

    at: int
    status: int
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A notice for one URL, with every attempt so far."""

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
        """The merchant's last answer, None before the first."""
        return self.attempts[-1].status if self.attempts else None


@dataclass(slots=True)
class Outbox:
    """What waits, in the order in which it goes out."""

    waiting: list[int] = field(default_factory=list[int])
    enqueued: int = 0
    """How many of the notices have become deliveries."""
    discard_next: int = 0
    """How many of the next deliveries get lost."""
    paused: bool = False
