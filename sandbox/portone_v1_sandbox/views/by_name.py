"""Records by the name of their row, by which a page asks for it again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..evidence.log import CALLS

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..evidence.events import Event
    from ..state.deliveries import Delivery
    from ..state.notifications import Notification

    Webhook = tuple[Notification, Delivery | None]

__all__ = ["events_named", "of_tier_and_uid", "webhook_name", "webhooks_named"]

NUMBER: Final = re.compile("[0-9]{1,15}")


def of_tier_and_uid(records: Mapping[Any, Any], name: str) -> list[Any]:
    """Return the records named `tier/uid`. Either part may contain a `/`."""
    parts = name.split("/")
    keys = [("/".join(parts[:n]) or None, "/".join(parts[n:])) for n in range(1, len(parts))]
    return [records[key] for key in keys if key in records]


def webhook_name(webhook: Webhook) -> str:
    notification, delivery = webhook
    return f"{notification.imp_uid}.{notification.at}" if delivery is None else str(delivery.number)


def webhooks_named(engine: Engine, name: str) -> list[Webhook]:
    if NUMBER.fullmatch(name):
        delivery = engine.state.deliveries.get(int(name))
        return [] if delivery is None else [(delivery.notification, delivery)]
    webhooks = engine.webhooks.of(engine.state).naming(name.rpartition(".")[0])
    return [webhook for webhook in webhooks if webhook_name(webhook) == name]


def events_named(engine: Engine, name: str) -> list[Event]:
    event = engine.evidence.get(int(name)) if NUMBER.fullmatch(name) else None
    return [event] if event is not None and event.kind in CALLS else []
