"""One entry of the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Exchange"]


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
    """What the vendor's lists for the PG would not have; nothing was refused because of it."""
    fault: str | None = None
    """The injected fault, if any."""
