"""One event of a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

__all__ = ["KINDS", "Event", "Kind", "Side"]

Kind = Literal["api", "window", "webhook", "control", "clock", "state", "ledger"]
KINDS: Final[tuple[Kind, ...]] = ("api", "window", "webhook", "control", "clock", "state", "ledger")


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Side:
    """A request or a response as it went over the wire, without secrets."""

    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    none: str | None = None
    """Why there is no body: `cut`, `too_long`, or the name of a network error."""


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Event:
    """Something that happened at one time to some payments."""

    id: int
    kind: Kind
    at: float
    """UNIX seconds of the sandbox's clock."""
    what: str
    """What happened: an operation, `window.open`, `charge` …"""
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Values that its title shows, none of them personal."""
    imp_uids: tuple[str, ...] = ()
    merchant_uids: tuple[str, ...] = ()
    method: str | None = None
    path: str | None = None
    query: str = ""
    status: int | None = None
    code: int | None = None
    message: str | None = None
    advice: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """For a call of the API: names of fields that the operation does not have."""
    fault: str | None = None
    ms: float | None = None
    request: Side | None = None
    answer: Side | None = None
    delivery: int | None = None
    """Number of the delivery whose attempts belong to it."""
    number: int = 0
    """For a call of the API: its place in the journal."""

    @property
    def size(self) -> int:
        """Its bytes, for the limit of the log."""
        request = 0 if self.request is None else len(self.request.body)
        return 512 + request + (0 if self.answer is None else len(self.answer.body))
