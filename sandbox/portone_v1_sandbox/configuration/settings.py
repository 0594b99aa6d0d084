"""The sandbox's own options."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from ..merchant.channel_tables import channels_of
from ..state.channels import DEFAULT_CHANNELS
from ..state.conditions.clock import SandboxClock
from .options import PREFIX, PROXY, SWITCH, Option, Options, add_options, checked_table, of_environment, read_file
from .questions import ASSUMED

__all__ = ["add_flags", "clock_of", "read_configuration"]

KST: Final = timezone(timedelta(hours=9))


OPTIONS: Final[Options] = {
    "host": Option(str, "127.0.0.1", "bind address (default: loopback only)"),
    "port": Option(int, 8765, "port; 0 picks a free one (default: 8765)"),
    "expose_to_network": Option(
        bool, default=False, help="allow a --host other machines can reach; they can control the sandbox"
    ),
    "allowed_hosts": Option(list, (), "other names of this machine that a Host header may have", "NAME"),
    "imp_key": Option(str, "sandbox_key", "valid API key (default: sandbox_key)", "KEY"),
    "imp_secret": Option(str, "sandbox_secret", "its secret (default: sandbox_secret)", "SECRET"),
    "unknown_close_status": Option(
        str,
        "failed",
        "status after closing the window of a PG whose status is not known",
        choices=("failed", "ready"),
    ),
    "pg_rules": Option(bool, default=False, help="refuse calls that break the vendor's rules for the PG"),
    "strict": Option(bool, default=False, help="refuse an unknown pg or channelKey of a page, and unknown fields"),
    "muted_rules": Option(list, (), "rules of the linter that are not reported", "RULE"),
    "partial_cancel_status": Option(
        str, "cancelled", "status after a partial refund (default: cancelled)", choices=("paid", "cancelled")
    ),
    "unknown_billing_key_status": Option(
        str, "200", "HTTP status of an unknown billing key (default: 200)", choices=("200", "404")
    ),
    "tiers": Option(list, (), "registered sub-merchants: ABC or ABC=name", "CODE"),
    "clock_date": Option(str, None, "time at which the clock starts, in Korea: 2026-03-01T09:00", "DATE"),
    "clock_frozen": Option(bool, default=False, help="the clock stands still until it is moved"),
    "clock_rate": Option(float, 1.0, "seconds that pass in one second (default: 1)"),
    "webhook_hosts": Option(list, (), "other machines that may get webhooks", "HOST"),
    "registered_tiers_only": Option(bool, default=False, help="accept registered Tier codes only"),
    "db": Option(str, None, "persist state in an SQLite file (default: in memory)", "FILE"),
    "webhook": Option(str, None, "webhook URL", "URL"),
    "webhook_test": Option(str, None, "webhook URL for test channels", "URL"),
    "webhook_type": Option(str, None, "webhook body format (default: json)", choices=("json", "form")),
    "webhook_repeats": Option(
        bool, default=None, help="retry up to five times, one minute apart, after a network error or 5xx"
    ),
    "webhook_escrow": Option(bool, default=None, help="also send INICIS escrow events"),
    "allow_remote_webhooks": Option(bool, default=False, help="allow webhook URLs on other machines"),
    **ASSUMED,
}
OF_THE_PROCESS: Final = frozenset({"host", "port", "expose_to_network", "allowed_hosts", "db", "allow_remote_webhooks"})
"""Options that a control call cannot change: what the sandbox can reach, and who can reach it."""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every option. A flag that is not given stays None."""
    parser.add_argument("--config", metavar="FILE", help="TOML file with these options, and [[channels]]")
    parser.add_argument(
        "--channel", action="append", metavar="NAME=VALUE,…", help="a channel, instead of the file's: pg=kcp,mid=shop1"
    )
    parser.add_argument("--channels-from", metavar="FILE", help="channels of V1's answer to GET /users/pg")
    add_options(parser, OPTIONS)


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
    ours = {name: value for name, value in found.items() if not name.startswith(f"{PROXY}_")}
    values: dict[str, Any] = {}
    if channels:
        try:
            values["channels"] = channels_of(f"{PREFIX}CHANNELS", json.loads(channels))
        except json.JSONDecodeError:
            raise ValueError(f"{PREFIX}CHANNELS must be a JSON list of channels") from None
    return values | of_environment(ours, OPTIONS, PREFIX)


def _from_file(path: Path) -> dict[str, Any]:
    content = read_file(path)
    channels = content.pop("channels", None)
    content.pop(PROXY, None)
    values = checked_table(path.name, content, OPTIONS)
    return values if channels is None else values | {"channels": channels_of(path.name, channels)}


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
