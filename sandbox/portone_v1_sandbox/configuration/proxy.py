"""The proxy's options."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ..wire.json_types import is_object
from .options import PREFIX, PROXY, Option, Options, add_options, checked_table, of_environment, read_file

__all__ = ["add_proxy_flags", "read_proxy_configuration"]

PROXY_PREFIX: Final = f"{PREFIX}{PROXY.upper()}_"
OPTIONS: Final[Options] = {
    "host": Option(str, "127.0.0.1", "bind address (default: loopback only)"),
    "port": Option(int, 8766, "port; 0 picks a free one (default: 8766)"),
    "expose_to_network": Option(
        bool, default=False, help="allow a --host other machines can reach, such as a phone; all of them get tunnels"
    ),
    "allowed_hosts": Option(
        list, (), "other names of this machine, and hosts of the own network that a tunnel may reach", "NAME"
    ),
    "only": Option(bool, default=False, help="refuse every host but the vendor's two, instead of a tunnel to it"),
    "sandbox": Option(str, None, "a sandbox that runs already (default: start one)", "URL"),
    "folder": Option(str, None, "where the certificate is kept (default: ~/.portone-v1-sandbox)", "DIR"),
}


def add_proxy_flags(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every option. A flag that is not given stays None."""
    parser.add_argument("--config", metavar="FILE", help="TOML file of the sandbox, with these options in [proxy]")
    add_options(parser, OPTIONS)


def read_proxy_configuration(flags: argparse.Namespace, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the value of every option. Raises ValueError, in one line."""
    given = {name: getattr(flags, name) for name in OPTIONS}
    found = {
        name.removeprefix(PROXY_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PROXY_PREFIX)
    }
    path = flags.config or environment.get(f"{PREFIX}CONFIG") or None
    kept: dict[str, Any] = {} if path is None else _table(Path(path))
    values = {name: option.default for name, option in OPTIONS.items()}
    named = of_environment(found, OPTIONS, PROXY_PREFIX)
    return values | kept | named | {name: value for name, value in given.items() if value is not None}


def _table(path: Path) -> dict[str, Any]:
    table = read_file(path).get(PROXY, {})
    if not is_object(table):
        raise ValueError(f"{path.name}: {PROXY} must be a table")
    return checked_table(f"{path.name}: [{PROXY}]", table, OPTIONS)
