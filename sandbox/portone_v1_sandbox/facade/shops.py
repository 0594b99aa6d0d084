"""Named shops, snapshots and scenarios, from Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from ..shops.registry import Held, Shops
from ..shops.scenarios import play
from ..shops.snapshots import Snapshot, restore, take_snapshot
from ..state.conditions.clock import SandboxClock

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..wire.webhooks import WebhookSender

__all__ = ["ShopControls"]


class ShopControls:
    """The methods of `Sandbox` about shops by name, snapshots and scenarios."""

    _engine: Engine
    _sender: WebhookSender | None

    def _set_up_shops(self, shops: Shops[Self] | None) -> None:
        self._shops: Shops[Self] = Shops(self._make) if shops is None else shops
        self._engine.shops = self._shops

    def _make(self, _name: str) -> Held[Self]:
        """Return a new shop with the settings, the webhook addresses and the time of this one."""
        settings, webhooks = self._engine.settings, self._engine.state.webhooks
        make = cast("Callable[..., Self]", type(self))  # this is a part of `Sandbox`
        made = make(
            **{each.name: getattr(settings, each.name) for each in fields(settings)},
            clock=SandboxClock.going_on(**self._engine.clock.reading()),
            webhook_url=webhooks.url,
            webhook_test_url=webhooks.test_url,
            webhook_content_type=webhooks.content_type,
            webhook_repeats=webhooks.repeats,
            webhook_escrow=webhooks.escrow,
            allow_remote_webhooks=webhooks.allow_remote,
            webhook_hosts=webhooks.hosts,
            webhook_sender=self._sender,
        )
        made._set_up_shops(self._shops)  # noqa: SLF001 - of the same class
        return Held(made, made._engine, self._sender)  # noqa: SLF001

    @property
    def shops(self) -> Shops[Self]:
        """Shops by name, selected by the header `X-Sandbox: <name>`. `open(name)` creates one."""
        return self._shops

    def snapshot(self) -> Snapshot:
        """Return a copy of everything in this shop, for `restore`."""
        return take_snapshot(self._engine)

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a snapshot of this shop or of another one, including the time. No imp_uid is used twice."""
        restore(self._engine, snapshot)

    def play(
        self,
        scenario: Literal["five_orders", "subscription_month"],
        *,
        prefix: str | None = None,
        tier: str | None = None,
    ) -> dict[str, Any]:
        """Play a scenario and return its ids; order numbers and customers begin with the prefix.

        `five_orders`: three paid, one cancelled, one waiting for its deposit. `subscription_month`: three customers
        that are billed weekly, one charge declined; it moves the clock by 30 days.
        Raises Refusal if an order number is taken.
        """
        with self._engine.transaction():
            self._engine.catch_up()
            return play(self._engine, scenario, prefix, tier)
