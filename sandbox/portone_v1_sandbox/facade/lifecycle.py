"""Delivery of webhooks, and the end of a sandbox."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..control.webhooks import apply_settings
from ..errors.base import Refusal
from ..webhooks.worker import WebhookWorker
from .faults import Faults
from .webhooks import Webhooks

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..shops.registry import Shops
    from ..state.deliveries import Delivery
    from ..wire.webhooks import WebhookSender

__all__ = ["Lifecycle"]


class Lifecycle:
    """The methods of `Sandbox` that deliver and close. A context manager, for a sandbox in a file."""

    _engine: Engine
    _shops: Shops[Any]
    _sender: WebhookSender | None

    def _set_up(self, sender: WebhookSender | None, settings: dict[str, Any]) -> None:
        self._sender = sender
        self.faults: Faults = Faults(self._engine)
        """Faults of the next requests, and declines of the next charges."""
        if sender is not None:
            self._engine.sender = sender
        self.webhooks: Webhooks = Webhooks(self._engine, self._engine.sender)
        """Webhook settings and deliveries."""
        try:
            with self._engine.transaction():
                apply_settings(self._engine.state, settings)
        except Refusal as refusal:
            self.close()
            raise ValueError(refusal.message) from None

    def deliver(self) -> tuple[Delivery, ...]:
        """Send the webhooks that are due, in order, and return each delivery with its new state.

        The merchant's handler runs meanwhile, so it must not wait for this thread: under asyncio, call it with
        `asyncio.to_thread`.
        """
        return self.webhooks.deliver()

    @contextmanager
    def delivering(self) -> Generator[Self, None, None]:
        """Send each webhook when it is due, in a thread, until the block ends. `SandboxServer` does this by itself."""
        with WebhookWorker(self._engine, self._sender), self._shops.delivering():
            yield self

    def close(self) -> None:
        """Close the file of the sandbox. Later calls fail."""
        if self._engine.store is not None:
            self._engine.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()
