"""Webhooks, from Python: the console's settings and buttons, and a bad network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..control.webhooks import apply_settings
from ..webhooks.queue import delivery_of, discard, resend, resume
from ..webhooks.worker import deliver
from .arguments import check

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..state.deliveries import ContentType, Delivery, WebhookSettings
    from ..wire.webhooks import WebhookSender

__all__ = ["Webhooks"]


class Webhooks:
    """Webhooks of one sandbox: settings, deliveries, and ways to disturb them.

    Deliveries are identified by number. Methods raise Refusal for a number without a delivery.
    """

    def __init__(self, engine: Engine, sender: WebhookSender) -> None:
        self._engine = engine
        self._sender = sender

    @property
    def settings(self) -> WebhookSettings:
        with self._engine.transaction():
            return self._engine.state.webhooks

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Every delivery so far, the oldest first."""
        with self._engine.transaction():
            self._engine.catch_up()
            self._engine.enqueue_deliveries()
            return tuple(self._engine.state.deliveries.values())

    def configure(
        self,
        *,
        url: str | None = "",
        test_url: str | None = "",
        content_type: ContentType | None = None,
        repeats: bool | None = None,
        escrow: bool | None = None,
    ) -> None:
        """Change the settings that are passed; None stops the webhooks to a URL. Raises Refusal for an unusable URL."""
        given: dict[str, Any] = {"content_type": content_type, "repeats": repeats, "escrow": escrow}
        check(url=url, test_url=test_url, **given)
        changes = {name: value for name, value in given.items() if value is not None}
        changes |= {name: value for name, value in (("url", url), ("test_url", test_url)) if value != ""}
        with self._engine.transaction():
            apply_settings(self._engine.state, changes)

    def deliver(self) -> tuple[Delivery, ...]:
        """Send the webhooks that are due, in order, and return each delivery with its new state."""
        return deliver(self._engine, self._sender)

    def resend(self, number: int) -> Delivery:
        """Send the same webhook to the same URL once more, as the console's button does."""
        return self.replay(number)[0]

    def replay(self, *numbers: int) -> tuple[Delivery, ...]:
        """Send these again, in this order."""
        with self._engine.transaction():
            self._engine.enqueue_deliveries()
            return tuple(resend(self._engine.state, numbers))

    def discard(self, *numbers: int) -> tuple[Delivery, ...]:
        """Discard these webhooks, as far as they still wait."""
        with self._engine.transaction():
            self._engine.enqueue_deliveries()
            discard(self._engine.state, numbers)
            return tuple(delivery_of(self._engine.state, number) for number in numbers)

    def discard_next(self, n: int = 1) -> None:
        """Discard the next webhooks."""
        with self._engine.transaction():
            self._engine.enqueue_deliveries()
            self._engine.state.outbox.discard_next = n

    def pause(self) -> None:
        """Pause all deliveries until `resume`."""
        with self._engine.transaction():
            self._engine.state.outbox.paused = True

    def resume(self, *numbers: int) -> None:
        """Resume the deliveries: these first, in this order, then the others."""
        with self._engine.transaction():
            self._engine.enqueue_deliveries()
            resume(self._engine.state, numbers)
