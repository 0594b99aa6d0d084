"""Control calls for the channels: add one that a page has named, or those of a response of V1."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ..errors.base import PORTONE, Refusal, missing
from ..merchant.channel_tables import channels_of, with_channel
from ..wire.forms import body_values
from .settings import settings_to_wire

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..state.channels import Channel
    from ..wire.messages import Request

__all__ = ["CHANNEL_CONTROLS", "CHANNEL_NAMES"]

TABLE: Final = ("pg", "mid", "key", "type", "name", "sandbox")


def _adopt(engine: Engine, request: Request) -> dict[str, Any]:
    """Add a channel that a page has named: `pg`, `mid`, `key`, `type`, `name`, `sandbox`."""
    values = body_values(request)
    if "pg" not in values:
        raise missing(["pg"])
    (channel,) = _read([{"mid": "adopted", "name": None} | values], engine.settings.channels)
    engine.change(channels=with_channel(engine.settings.channels, channel))
    return settings_to_wire(engine)


def _import(engine: Engine, request: Request) -> dict[str, Any]:
    """Add the channels of V1's response to `GET /users/pg`; one with a known key replaces that channel."""
    values = body_values(request)
    if "channels" not in values:
        raise missing(["channels"])
    channels = engine.settings.channels
    for channel in _read(values["channels"], channels):
        channels = with_channel(channels, channel)
    engine.change(channels=channels)
    return settings_to_wire(engine)


def _read(tables: Any, known: Sequence[Channel]) -> tuple[Channel, ...]:
    try:
        return channels_of("channels", tables, known)
    except ValueError as error:
        raise Refusal(400, PORTONE, f"{error}.") from None


CHANNEL_CONTROLS: Final[dict[str, dict[str, Callable[[Engine, Request], Any]]]] = {
    "/_sandbox/channels/adopt": {"POST": _adopt},
    "/_sandbox/channels/import": {"POST": _import},
}
CHANNEL_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "/_sandbox/channels/adopt": TABLE,
    "/_sandbox/channels/import": ("channels",),
}
