"""Channels as tables: from `sandbox.toml`, a flag, a control call, or V1's response to `GET /users/pg`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Final, get_args

from ..errors.shops import meant
from ..state.channels import Channel, ChannelType
from ..wire.json_types import is_list, is_object

__all__ = ["channel_to_table", "channels_of", "with_channel"]

KEYS: Final[Mapping[str, type]] = {"pg": str, "mid": str, "key": str, "type": str, "name": str, "sandbox": bool}
REQUIRED: Final = ("pg", "mid")
OF_V1: Final[Mapping[str, str]] = {
    "channel_key": "key", "channel_name": "name", "pg_id": "mid", "pg_provider": "pg", "sandbox": "sandbox",
    "type": "type",
}  # fmt: skip
"""The names in `GET /users/pg` → the names here."""


def channels_of(place: str, entries: object, known: Sequence[Channel] = ()) -> tuple[Channel, ...]:
    """Return the channels of these tables. Raises ValueError, in one line.

    One without a key is the known channel of its PG, MID and type, or gets a key that no known channel has.
    """
    if is_object(entries):  # V1's whole answer
        entries = entries.get("response")
    if not is_list(entries) or not entries:
        raise ValueError(f"{place}: channels must be tables, [[channels]]")
    channels: list[Channel] = []
    for number, entry in enumerate(entries):
        channel = _channel(f"{place}: channels[{number}]", entry)
        if not channel.channel_key:
            channel = replace(channel, channel_key=_key(number, channel, known, channels))
        channels.append(channel)
    keys = [channel.channel_key for channel in channels]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise ValueError(f"{place}: two channels have the key {twice!r}")
    return tuple(channels)


def channel_to_table(channel: Channel) -> dict[str, Any]:
    """Return the table of a channel."""
    return {
        "key": channel.channel_key,
        "mid": channel.pg_id,
        "name": channel.channel_name,
        "pg": channel.pg_provider,
        "sandbox": channel.sandbox,
        "type": channel.type,
    }


def _key(number: int, channel: Channel, known: Sequence[Channel], others: Sequence[Channel]) -> str:
    own = (channel.pg_provider, channel.pg_id, channel.type)
    for one in known:
        if (one.pg_provider, one.pg_id, one.type) == own:
            return one.channel_key
    taken = {one.channel_key for one in (*known, *others)}
    keys = (f"channel-key-00000000-0000-4000-9000-{place:012d}" for place in count(number + 1))
    return next(key for key in keys if key not in taken)


def _channel(place: str, given: object) -> Channel:
    if not is_object(given):
        raise ValueError(f"{place} must be a table")
    is_of_v1 = "pg_provider" in given
    entry = {OF_V1[name]: given[name] for name in OF_V1 if name in given} if is_of_v1 else given
    entry = {name: value for name, value in entry.items() if value is not None}
    for name, value in entry.items():
        if name not in KEYS:
            raise ValueError(f"{place}: unknown name {name!r}{meant(name, KEYS)}")
        if type(value) is not KEYS[name] or value == "":
            raise ValueError(f"{place}: {name} must be {'true or false' if KEYS[name] is bool else 'a text'}")
    absent = [name for name in REQUIRED if name not in entry]
    if absent:
        raise ValueError(f"{place}: {', '.join(absent)} is missing")
    kind = entry.get("type", "payment")
    if kind not in get_args(ChannelType):
        raise ValueError(f"{place}: type must be one of {', '.join(get_args(ChannelType))}")
    return Channel(
        channel_key=entry.get("key", ""),
        pg_provider=entry["pg"],
        pg_id=entry["mid"],
        type=kind,
        sandbox=entry.get("sandbox", False),
        channel_name=entry.get("name"),
    )


def with_channel(channels: Sequence[Channel], channel: Channel) -> tuple[Channel, ...]:
    """Return the channels with another one at the end; it replaces the one with the same key."""
    return (*(each for each in channels if each.channel_key != channel.channel_key), channel)
