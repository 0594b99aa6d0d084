"""A webhook as an HTTP request, independent of its sender."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

__all__ = ["WebhookAnswer", "WebhookCall", "WebhookSender"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WebhookCall:
    """One POST to the merchant's server. The limits are seconds."""

    url: str
    content_type: str
    body: bytes
    connect_limit: float
    read_limit: float
    total_limit: float

    def __repr__(self) -> str:
        return f"<WebhookCall {self.content_type} {len(self.body)} bytes>"


class WebhookAnswer(int):
    """The merchant's HTTP status, with the beginning of the response."""

    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @classmethod
    def of(cls, status: int, headers: tuple[tuple[str, str], ...], body: bytes) -> Self:
        answer = cls(status)
        answer.headers, answer.body = headers, body
        return answer


WebhookSender = Callable[[WebhookCall], int]
"""Send a webhook and return the merchant's HTTP status, or a `WebhookAnswer`.

Raises OSError, or TimeoutError, if no response came.
"""
