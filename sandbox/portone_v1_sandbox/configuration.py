"""Settings of the server: from flags, else `PORTONE_V1_SANDBOX_*`, else `sandbox.toml`, else the defaults.

All three use the same names: `--webhook-type json`, `PORTONE_V1_SANDBOX_WEBHOOK_TYPE=json`, `webhook_type = "json"`.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final, NamedTuple

from .errors.shops import meant
from .merchant.channel_tables import channels_of
from .state.channels import DEFAULT_CHANNELS
from .state.conditions.clock import SandboxClock
from .wire.json_types import is_list

__all__ = ["PREFIX", "add_flags", "clock_of", "read_configuration"]

KST: Final = timezone(timedelta(hours=9))
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
        str,
        "failed",
        "status after closing the window of a PG whose status is not known",
        choices=("failed", "ready"),
    ),
    "pg_rules": _Option(bool, default=False, help="refuse calls that break the vendor's rules for the PG"),
    "strict": _Option(bool, default=False, help="refuse an unknown pg or channelKey of a page, and unknown fields"),
    "partial_cancel_status": _Option(
        str, "cancelled", "status after a partial refund (default: cancelled)", choices=("paid", "cancelled")
    ),
    "unknown_billing_key_status": _Option(
        str, "200", "HTTP status of an unknown billing key (default: 200)", choices=("200", "404")
    ),
    "clock_date": _Option(str, None, "time at which the clock starts, in Korea: 2026-03-01T09:00", "DATE"),
    "clock_frozen": _Option(bool, default=False, help="the clock stands still until it is moved"),
    "clock_rate": _Option(int, 1, "seconds that pass in one second (default: 1)"),
    "webhook_hosts": _Option(list, (), "other machines that may get webhooks", "HOST"),
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
    parser.add_argument(
        "--channel", action="append", metavar="NAME=VALUE,…", help="a channel, instead of the file's: pg=kcp,mid=shop1"
    )
    parser.add_argument("--channels-from", metavar="FILE", help="channels of V1's answer to GET /users/pg")
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
    if flags.channels_from:
        kept["channels"] = channels_of(flags.channels_from, _json(Path(flags.channels_from)))
    if flags.channel:
        given["channels"] = channels_of("--channel", [_table(text) for text in flags.channel])
    values = {name: option.default for name, option in OPTIONS.items()} | {"channels": DEFAULT_CHANNELS}
    return values | kept | named | {name: value for name, value in given.items() if value is not None}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)}
    found.pop("config", None)
    channels = found.pop("channels", "")
    values: dict[str, Any] = {}
    if channels:
        try:
            values["channels"] = channels_of(f"{PREFIX}CHANNELS", json.loads(channels))
        except json.JSONDecodeError:
            raise ValueError(f"{PREFIX}CHANNELS must be a JSON list of channels") from None
    for name, text in found.items():
        variable = f"{PREFIX}{name.upper()}"
        if name not in OPTIONS:
            raise ValueError(f"unknown setting {variable}{meant(name, OPTIONS)}")
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
            raise ValueError(f"{path.name}: unknown name {name!r}{meant(name, OPTIONS)}")
        is_kind = all(isinstance(item, str) for item in value) if is_list(value) else type(value) is option.kind
        if not is_kind or is_list(value) != (option.kind is list):
            raise ValueError(f"{path.name}: {name} must be {_shown(option.kind)}")
        if option.choices and value not in option.choices:
            raise ValueError(f"{path.name}: {name} must be one of {', '.join(option.choices)}")
    return content if channels is None else content | {"channels": channels_of(path.name, channels)}


def _table(text: str) -> dict[str, Any]:
    """Return the table of `pg=kcp,mid=shop1,sandbox=true`."""
    pairs = (part.partition("=") for part in text.split(","))
    table: dict[str, Any] = {name.strip(): value for name, _, value in pairs}
    if "sandbox" in table:
        table["sandbox"] = SWITCH.get(table["sandbox"].lower(), table["sandbox"])
    return table


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"cannot read {path.name}: {error.strerror}") from None
    except ValueError:
        raise ValueError(f"{path.name} is not JSON") from None


def clock_of(settings: Mapping[str, Any]) -> SandboxClock | None:
    """Return the clock of the settings, None for one that they say nothing about. Raises ValueError."""
    date = settings["clock_date"]
    if date is None and not settings["clock_frozen"] and settings["clock_rate"] == 1:
        return None
    try:
        at = None if date is None else int(date) if date.isdigit() else _korean(date)
    except ValueError:
        raise ValueError("clock_date must be a date such as 2026-03-01T09:00, or UNIX seconds") from None
    return SandboxClock(at, frozen=settings["clock_frozen"], rate=settings["clock_rate"])


def _korean(date: str) -> int:
    at = datetime.fromisoformat(date)
    return int((at if at.tzinfo else at.replace(tzinfo=KST)).timestamp())


def _shown(kind: type) -> str:
    return {str: "a text", int: "a number", bool: "true or false"}.get(kind, "a list of texts")
