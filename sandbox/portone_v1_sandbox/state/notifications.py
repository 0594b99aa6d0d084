"""웹훅: the events that V1 reports to the merchant's server, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["CVS_CONFIRM", "ESCROW_CHANGED", "Notification"]

CVS_CONFIRM: Final = "Galaxia.Cvs.Confirm"
ESCROW_CHANGED: Final = "Inicis.Escrow.Changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One webhook.

    `notice_urls` replace the merchant's own URL.
    """

    imp_uid: str
    merchant_uid: str
    status: str
    cancellation_id: str | None
    notice_urls: tuple[str, ...] = field(repr=False)
    at: int
    event: str | None = None
    """`Inicis.Escrow.Changed` or `Galaxia.Cvs.Confirm`; None for ordinary webhooks, which lack the field."""
    extra: Mapping[str, Any] | None = field(default=None, hash=False, repr=False)
    """Additional data of an event."""

    @property
    def awaits_answer(self) -> bool:
        """Whether the sender waits for the response: it is sent immediately or never, and not repeated."""
        return self.event == CVS_CONFIRM
