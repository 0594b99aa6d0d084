"""Settings of the server: from flags, else `PORTONE_V1_SANDBOX_*`, else `sandbox.toml`, else the defaults.

All three use the same names: `--webhook-type json`, `PORTONE_V1_SANDBOX_WEBHOOK_TYPE=json`, `webhook_type = "json"`.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

from .state.channels import DEFAULT_CHANNELS, Channel, ChannelType
from .wire.json_types import is_list, is_object

__all__ = ["PREFIX", "add_flags", "read_configuration"]

PREFIX: Final = "PORTONE_V1_SANDBOX_"


class _Option(NamedTuple):
    kind: type[str] | type[int] | type[bool] | type[list[str]]
    default: Any
    help: str
    metavar: str | None = None
    choices: tuple[str, ...] = ()


OPTIONS: Final[Mapping[str, _Option]] = {
    "host": _Option(str, "127.0.0.1", "bind address (default: loopback only)"),
    "port": _Option(int, 8765, "port; 0 picks a free one (default: 8765)"),
    "expose_to_network": _Option(
        bool, default=False, help="allow a --host other machines can reach; they can control the sandbox"
    ),
    "allowed_hosts": _Option(list, (), "other names of this machine that a Host header may have", "NAME"),
    "imp_key": _Option(str, "sandbox_key", "valid API key (default: sandbox_key)", "KEY"),
    "imp_secret": _Option(str, "sandbox_secret", "its secret (default: sandbox_secret)", "SECRET"),
    "unknown_close_status": _Option(
        str, "failed", "status after closing the window of a PG of which nobody knows", choices=("failed", "ready")
    ),
    "pg_rules": _Option(bool, default=False, help="refuse what the vendor's lists for the PG would not have"),
    "registered_tiers_only": _Option(bool, default=False, help="accept registered Tier codes only"),
    "db": _Option(str, None, "persist state in an SQLite file (default: in memory)", "FILE"),
    "webhook": _Option(str, None, "webhook URL", "URL"),
    "webhook_test": _Option(str, None, "webhook URL for test channels", "URL"),
    "webhook_type": _Option(str, None, "webhook body format (default: json)", choices=("json", "form")),
    "webhook_repeats": _Option(
        bool, default=None, help="retry up to five times, one minute apart, after a network error or 5xx"
    ),
    "webhook_escrow": _Option(bool, default=None, help="also send INICIS escrow events"),
    "allow_remote_webhooks": _Option(bool, default=False, help="allow webhook URLs on other machines"),
}
CHANNEL_KEYS: Final[Mapping[str, type]] = {
    "pg": str,
    "mid": str,
    "key": str,
    "type": str,
    "name": str,
    "sandbox": bool,
}
REQUIRED_CHANNEL_KEYS: Final = ("pg", "mid")
SWITCH: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every option. A flag that is not given stays None."""
    parser.add_argument("--config", metavar="FILE", help="TOML file with these options, and [[channels]]")
    for name, option in OPTIONS.items():
        flag = f"--{name.replace('_', '-')}"
        if option.kind is bool:
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=None, help=option.help)
        elif option.kind is list:
            parser.add_argument(flag, nargs="+", metavar=option.metavar, help=option.help)
        elif option.choices:
            parser.add_argument(flag, choices=option.choices, help=option.help)
        else:
            parser.add_argument(flag, type=option.kind, metavar=option.metavar, help=option.help)


def read_configuration(flags: argparse.Namespace, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the value of every option, and `channels`. Raises ValueError, in one line."""
    given = {name: getattr(flags, name) for name in OPTIONS}
    named = _from_environment(environment)
    path = flags.config or environment.get(f"{PREFIX}CONFIG") or None
    kept: dict[str, Any] = {} if path is None else _from_file(Path(path))
    values = {name: option.default for name, option in OPTIONS.items()} | {"channels": DEFAULT_CHANNELS}
    return values | kept | named | {name: value for name, value in given.items() if value is not None}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)}
    found.pop("config", None)
    values: dict[str, Any] = {}
    for name, text in found.items():
        variable = f"{PREFIX}{name.upper()}"
        if name not in OPTIONS:
            raise ValueError(f"unknown setting {variable}")
        if text:
            values[name] = _of_text(variable, OPTIONS[name], text)
    return values


def _of_text(variable: str, option: _Option, text: str) -> Any:
    if option.kind is bool:
        if text.lower() not in SWITCH:
            raise ValueError(f"{variable} must be true or false")
        return SWITCH[text.lower()]
    if option.kind is int:
        if not (text.isascii() and text.isdigit()):
            raise ValueError(f"{variable} must be a number")
        return int(text)
    if option.choices and text not in option.choices:
        raise ValueError(f"{variable} must be one of {', '.join(option.choices)}")
    return text.split(",") if option.kind is list else text


def _from_file(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise ValueError(f"cannot read {path.name}: {reason}") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name} is not TOML: {error}") from None
    channels = content.pop("channels", None)
    for name, value in content.items():
        option = OPTIONS.get(name)
        if option is None:
            raise ValueError(f"{path.name}: unknown name {name!r}")
        is_kind = all(isinstance(item, str) for item in value) if is_list(value) else type(value) is option.kind
        if not is_kind or is_list(value) != (option.kind is list):
            raise ValueError(f"{path.name}: {name} must be {_shown(option.kind)}")
        if option.choices and value not in option.choices:
            raise ValueError(f"{path.name}: {name} must be one of {', '.join(option.choices)}")
    return content if channels is None else content | {"channels": _channels(path.name, channels)}


def _channels(file: str, entries: object) -> Sequence[Channel]:
    if not is_list(entries) or not entries:
        raise ValueError(f"{file}: channels must be tables, [[channels]]")
    channels = [_channel(f"{file}: channels[{number}]", number, entry) for number, entry in enumerate(entries)]
    keys = [channel.channel_key for channel in channels]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise ValueError(f"{file}: two channels have the key {twice!r}")
    return tuple(channels)


def _channel(place: str, number: int, entry: object) -> Channel:
    if not is_object(entry):
        raise ValueError(f"{place} must be a table")
    for name, value in entry.items():
        if name not in CHANNEL_KEYS:
            raise ValueError(f"{place}: unknown name {name!r}")
        if type(value) is not CHANNEL_KEYS[name] or value == "":
            raise ValueError(f"{place}: {name} must be {_shown(CHANNEL_KEYS[name])}")
    absent = [name for name in REQUIRED_CHANNEL_KEYS if name not in entry]
    if absent:
        raise ValueError(f"{place}: {', '.join(absent)} is missing")
    kind = entry.get("type", "payment")
    if kind not in get_args(ChannelType):
        raise ValueError(f"{place}: type must be one of {', '.join(get_args(ChannelType))}")
    return Channel(
        channel_key=entry.get("key", f"channel-key-00000000-0000-4000-9000-{number + 1:012d}"),
        pg_provider=entry["pg"],
        pg_id=entry["mid"],
        type=kind,
        sandbox=entry.get("sandbox", False),
        channel_name=entry.get("name"),
    )


def _shown(kind: type) -> str:
    return {str: "a text", int: "a number", bool: "true or false"}.get(kind, "a list of texts")
