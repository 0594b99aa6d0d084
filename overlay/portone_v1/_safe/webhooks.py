"""`client.webhooks`: of the overlay alone, V1 has no operation for them."""

from __future__ import annotations

from typing import Any

from .._drive import async_bound, bound
from .resolving import resolve

__all__ = ["AsyncWebhooks", "Webhooks"]


class Webhooks:
    """웹훅: reading a payment back that a notice names."""

    def __init__(self, client: Any) -> None:
        self.resolve = bound(resolve, client)


class AsyncWebhooks:
    """웹훅: reading a payment back that a notice names."""

    def __init__(self, client: Any) -> None:
        self.resolve = async_bound(resolve, client)
