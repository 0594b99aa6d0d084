"""What V1 would tell the merchant's server: webhooks as pure data. Who sends them is somebody else's business."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Notice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One webhook that is due.

    `notice_urls` take the place of the merchant's own URL; when there are none, that one is meant.
    """

    imp_uid: str
    merchant_uid: str
    status: str
    cancellation_id: str | None
    notice_urls: tuple[str, ...]
    at: int
