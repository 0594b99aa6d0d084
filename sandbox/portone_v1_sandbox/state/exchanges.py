"""One entry of the journal, and the journal."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Exchange", "Journal"]


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request and its response."""

    at: int
    method: str
    path: str
    operation: str | None = None
    tier: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])
    """The known arguments; secrets, card data and personal data are masked."""
    status: int = 0
    code: int = 0
    message: str | None = None
    advice: list[str] = field(default_factory=list[str])
    """Rules of the vendor's lists for the PG that the call breaks; nothing was refused because of them."""
    unknown: list[str] = field(default_factory=list[str])
    """Names of fields that the operation does not have, which V1 ignores."""
    fault: str | None = None
    """The injected fault, if any."""
    number: int = 0
    """Its place in the journal, from 1."""
    since: int = 0
    """For a webhook: the number of the last entry when it was sent."""
    took: float = 0.0
    """For a webhook: seconds until the response, by the machine's clock."""


class Journal(deque[Exchange]):
    """The latest exchanges, numbered."""

    def __init__(self, entries: Iterable[Exchange] = (), maxlen: int | None = None) -> None:
        super().__init__((), maxlen)
        self.last = 0
        """Number of the latest entry, 0 before the first."""
        self.extend(entries)

    def append(self, exchange: Exchange, /) -> None:
        self.last += 1
        exchange.number = self.last
        super().append(exchange)

    def extend(self, entries: Iterable[Exchange], /) -> None:
        """Add entries with the numbers that they already have."""
        for each in entries:
            if not each.number:
                self.append(each)
                continue
            self.last = max(self.last, each.number)
            super().append(each)
