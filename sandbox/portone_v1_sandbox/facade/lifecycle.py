"""Delivery of webhooks, and the file that a sandbox is kept in."""

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
    from ..state.deliveries import Delivery
    from ..wire.webhooks import WebhookSender

__all__ = ["Lifecycle"]


class Lifecycle:
    """The methods of `Sandbox` that deliver and close. A context manager, for a sandbox in a file."""

    _engine: Engine
    _sender: WebhookSender | None

    def _set_up(self, sender: WebhookSender | None, settings: dict[str, Any]) -> None:
        self._sender = sender
        self.faults: Faults = Faults(self._engine)
        """What is to go wrong with the next requests and charges."""
        if sender is not None:
            self._engine.sender = sender
        self.webhooks: Webhooks = Webhooks(self._engine, self._engine.sender)
        """Where webhooks go, and what became of each."""
        try:
            with self._engine.transaction():
                apply_settings(self._engine.state, settings)
        except Refusal as refusal:
            self.close()
            raise ValueError(refusal.message) from None

    def deliver(self) -> tuple[Delivery, ...]:
        """Sends the webhooks that are due by now, in order, and answers how each stands then.

        The merchant's handler runs meanwhile, so it must not wait for this thread: under asyncio, call it with
        `asyncio.to_thread`.
        """
        return self.webhooks.deliver()

    @contextmanager
    def delivering(self) -> Generator[Self, None, None]:
        """While it lasts, a thread sends each webhook as soon as it is due. A `SandboxServer` does this by itself."""
        with WebhookWorker(self._engine, self._sender):
            yield self

    def close(self) -> None:
        """Lets go of the file that the sandbox is kept in. What comes after is refused."""
        if self._engine.store is not None:
            self._engine.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()
