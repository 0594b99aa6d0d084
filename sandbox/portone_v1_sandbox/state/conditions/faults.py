"""Faults and declines that a test has requested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..cards import Card
from ..channels import Channel

__all__ = ["Decline", "Fault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault of the next `left` requests. `executed` says whether the sandbox executes them nevertheless.

    Without an `operation` it applies to every request but those for a token.
    """

    kind: Literal["fail", "html", "delay", "cut", "duplicate"]
    left: int = 1
    operation: str | None = None
    executed: bool = True
    status: int = 500
    message: str = "일시적인 오류가 발생하였습니다."
    seconds: float = 0.0
    after: Literal["nothing", "half"] = "half"
    """How much of the response arrives before the connection breaks."""
    number: int = 0
    """Number by which it is removed. Faults and declines share one sequence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """A decline of the next `left` charges that match: with a `code`, or with a payment whose status is `failed`."""

    message: str
    left: int = 1
    card: Card | None = None
    customer_uid: str | None = None
    pg: str | None = None
    """`provider`, or `provider.mid`."""
    outcome: Literal["refused", "failed"] = "failed"
    number: int = 0

    def fits(self, card: Card | None, channel: Channel, customer_uid: str | None) -> bool:
        """Return whether a charge matches. A charge without a card matches declines that name no card."""
        if self.card not in (None, card) or self.customer_uid not in (None, customer_uid):
            return False
        return self.pg in (None, channel.pg_provider, f"{channel.pg_provider}.{channel.pg_id}")
