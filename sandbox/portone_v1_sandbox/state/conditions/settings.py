"""Fixed settings of a sandbox, and switches for behaviour of V1 that is not known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from .assumptions import Assumptions

if TYPE_CHECKING:
    from ..channels import Channel

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """See `Sandbox`."""

    imp_key: str = field(repr=False)
    imp_secret: str = field(repr=False)
    channels: tuple[Channel, ...]
    partial_cancel_status: Literal["paid", "cancelled"]
    unknown_billing_key_status: Literal[200, 404]
    unknown_close_status: Literal["failed", "ready"] = "failed"
    pg_rules: bool = False
    registered_tiers_only: bool = False
    strict: bool = False
    """Refuse a page that names an unknown pg or channelKey, and calls with unknown fields."""
    muted_rules: tuple[str, ...] = ()
    """Rules of the linter that are not reported."""
    assumptions: Assumptions = field(default_factory=Assumptions)
