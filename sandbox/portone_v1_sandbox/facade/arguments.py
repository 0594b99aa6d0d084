"""Check the arguments of the sandbox in Python: one sentence refuses a wrong value, before anything is created.

Flags, variables and `sandbox.toml` are checked where they are read, control calls by their own handlers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, cast, get_args

from ..control.settings import CHOICES
from ..control.webhooks import CONTENT_TYPES
from ..state.channels import Channel, ChannelType
from ..state.conditions.assumptions import Assumptions
from ..state.conditions.clock import SandboxClock

__all__ = ["channels_in", "check", "texts_in"]

Rule = Callable[[str, object], None]


def check(**given: object) -> None:
    """Check the arguments of `Sandbox` that are passed here by name. Raises TypeError, ValueError."""
    for name, value in given.items():
        RULES[name](name, value)


def texts_in(name: str, given: object) -> tuple[str, ...]:
    """Return a list of texts as a tuple. A single text is not taken as a list of its letters. Raises TypeError."""
    texts = tuple(_items(name, given, "a list of texts"))
    if wrong := [one for one in texts if not isinstance(one, str)]:
        raise TypeError(f"{name} must be a list of texts, not of {type(wrong[0]).__name__}")
    return tuple(map(str, texts))


def channels_in(given: object) -> tuple[Channel, ...]:
    """Return a list of channels as a tuple. Raises TypeError, ValueError."""
    channels: list[Channel] = []
    for number, channel in enumerate(_items("channels", given, "a list of Channel")):
        place = f"channels[{number}]"
        if not isinstance(channel, Channel):
            raise TypeError(f"{place} must be a Channel, not {type(channel).__name__}")
        for name in ("channel_key", "pg_provider", "pg_id"):
            _filled(f"{place}.{name}", getattr(channel, name))
        _one_of(get_args(ChannelType))(f"{place}.type", channel.type)
        _switch(f"{place}.sandbox", channel.sandbox)
        _switch(f"{place}.tells_phone", channel.tells_phone)
        _or_none(_text)(f"{place}.channel_name", channel.channel_name)
        channels.append(channel)
    keys = [channel.channel_key for channel in channels]
    if twice := [key for key in keys if keys.count(key) > 1]:
        raise ValueError(f"channels: two channels have the key {twice[0]!r}")
    return tuple(channels)


def _items(name: str, given: object, wanted: str) -> Iterable[object]:
    kind: type[object] = type(given)
    if issubclass(kind, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise TypeError(f"{name} must be {wanted}, not {kind.__name__}")
    return cast("Iterable[object]", given)


def _text(name: str, value: object) -> None:
    """Check that a value is a text. The message does not show it, because it may be a secret."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, not {type(value).__name__}")


def _filled(name: str, value: object) -> None:
    _text(name, value)
    if not value:
        raise ValueError(f"{name} must not be empty")


def _switch(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {type(value).__name__}")


def _path(name: str, value: object) -> None:
    if not isinstance(value, str) and not hasattr(value, "__fspath__"):
        raise TypeError(f"{name} must be the path of a file, not {type(value).__name__}")
    if value == "":
        raise ValueError(f"{name} must not be empty")


def _function(name: str, value: object) -> None:
    if not callable(value):
        raise TypeError(f"{name} must be a function that takes a WebhookCall, not {type(value).__name__}")


def _clock(name: str, value: object) -> None:
    if not isinstance(value, SandboxClock):
        raise TypeError(f"{name} must be a SandboxClock, as SandboxClock.frozen_at(…), not {type(value).__name__}")


def _assumptions(name: str, value: object) -> None:
    if not isinstance(value, Assumptions):
        raise TypeError(f"{name} must be Assumptions(…), not {type(value).__name__}")


def _port(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be a number, not {type(value).__name__}")


def _one_of(choices: tuple[object, ...]) -> Rule:
    def rule(name: str, value: object) -> None:
        if isinstance(value, bool) or value not in choices:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, not {value!r:.80}")

    return rule


def _or_none(rule: Rule) -> Rule:
    return lambda name, value: None if value is None else rule(name, value)


RULES: Final[Mapping[str, Rule]] = {
    "imp_key": _filled,
    "imp_secret": _filled,
    "clock": _or_none(_clock),
    "pg_rules": _switch,
    "registered_tiers_only": _switch,
    "strict": _switch,
    "db": _or_none(_path),
    "webhook_url": _or_none(_text),
    "webhook_test_url": _or_none(_text),
    "webhook_content_type": _or_none(_one_of(CONTENT_TYPES)),
    "webhook_repeats": _or_none(_switch),
    "webhook_escrow": _or_none(_switch),
    "allow_remote_webhooks": _switch,
    "webhook_sender": _or_none(_function),
    "assumptions": _or_none(_assumptions),
    "url": _or_none(_text),
    "test_url": _or_none(_text),
    "content_type": _or_none(_one_of(CONTENT_TYPES)),
    "repeats": _or_none(_switch),
    "escrow": _or_none(_switch),
    "host": _text,
    "port": _port,
    "expose_to_network": _switch,
    **{name: _one_of(choices) for name, choices in CHOICES.items()},
}
