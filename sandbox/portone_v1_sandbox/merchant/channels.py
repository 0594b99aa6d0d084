"""The merchant's channels: which one a call uses, and the list of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import no_api_channel, no_payment_channel, unknown_channel_key
from ..errors.checkout import not_registered
from ..state.channels import Channel, ChannelType

__all__ = ["channel_for", "choose_channel", "unknown_channel"]


def choose_channel(
    channels: Sequence[Channel],
    kind: ChannelType,
    *,
    channel_key: str | None = None,
    pg: str | None = None,
    sandbox: bool | None = None,
) -> Channel:
    """Return the channel by key, else by PG, else the first one of the kind. Raises Refusal if there is none."""
    none_left = no_api_channel if kind == "api_payment" else no_payment_channel
    if channel_key:
        chosen = next((channel for channel in channels if channel.channel_key == channel_key), None)
        if chosen is None:
            raise unknown_channel_key()
        if chosen.type != kind:
            raise none_left()
        return chosen
    fitting = (channel for channel in channels if channel.type == kind and sandbox in (None, channel.sandbox))
    first = next(fitting, None)
    if first is None:
        raise none_left()
    if not pg:
        return first
    provider, _, pg_id = pg.partition(".")
    named = (c for c in (first, *fitting) if c.pg_provider == provider and pg_id in ("", c.pg_id))
    return next(named, first)


def channel_for(
    call: Call, kind: ChannelType, *, channel_key: str | None = None, pg: str | None = None, sandbox: bool | None = None
) -> Channel:
    """Return the channel of a call. Raises Refusal if there is none, or if `strict` and the `pg` has no channel.

    V1 then uses the default channel without a word (documented), so the journal notes it.
    """
    channel = choose_channel(call.settings.channels, kind, channel_key=channel_key, pg=pg, sandbox=sandbox)
    provider, _, pg_id = (pg or "").partition(".")
    if not pg or channel_key or (channel.pg_provider == provider and pg_id in ("", channel.pg_id)):
        return channel
    if call.settings.strict:
        raise not_registered()
    call.advice.append(f"unknown pg {pg[:80]!a}: {channel.pg_provider}.{channel.pg_id} is used")
    return channel


def unknown_channel(channels: Sequence[Channel], channel_key: object, pg: object) -> str | None:
    """Return a line about a `channelKey` or `pg` of a page that no channel of the merchant has, else None."""
    if channel_key:
        known = any(channel.channel_key == channel_key for channel in channels)
        return None if known else f"unknown channelKey {str(channel_key)[:80]!a}"
    if not isinstance(pg, str) or not pg:
        return None
    provider, _, pg_id = pg.partition(".")
    if any(each.pg_provider == provider and pg_id in ("", each.pg_id) and each.type == "payment" for each in channels):
        return None
    default = next((each for each in channels if each.type == "payment"), None)
    used = "" if default is None else f": the window falls back to {default.pg_provider}.{default.pg_id}"
    return f"unknown pg {pg[:80]!a}{used}"


@handles(
    "channels_list",
    Evidence(
        documented="the fields; kinds and test channels", assumed="which channels there are: `Sandbox(channels=…)`"
    ),
)
def list_channels(call: Call) -> Answer:
    return Answer([_wire(channel) for channel in call.settings.channels])


def _wire(channel: Channel) -> dict[str, Any]:
    return {
        "channel_key": channel.channel_key,
        "channel_name": channel.channel_name,
        "pg_id": channel.pg_id,
        "pg_provider": channel.pg_provider,
        "sandbox": channel.sandbox,
        "type": channel.type,
    }
