"""What V1 would tell the merchant's server: webhooks as pure data. Who sends them is somebody else's business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["CVS_CONFIRM", "ESCROW_CHANGED", "Notification"]

CVS_CONFIRM: Final = "Galaxia.Cvs.Confirm"
ESCROW_CHANGED: Final = "Inicis.Escrow.Changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One webhook that is due.

    `notice_urls` take the place of the merchant's own URL; when there are none, that one is meant.
    """

    imp_uid: str
    merchant_uid: str
    status: str
    cancellation_id: str | None
    notice_urls: tuple[str, ...] = field(repr=False)
    at: int
    event: str | None = None
    """`Inicis.Escrow.Changed` or `Galaxia.Cvs.Confirm`; None for an ordinary one, which has no such field."""
    extra: Mapping[str, Any] | None = field(default=None, hash=False, repr=False)
    """What comes with an event."""

    @property
    def awaits_answer(self) -> bool:
        """Whether somebody waits for the answer: it goes out at once or never, and is not repeated."""
        return self.event == CVS_CONFIRM
