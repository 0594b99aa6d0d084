"""Options, each set by one name in three places: a flag, a variable, a file."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

from ..errors.shops import meant
from ..wire.json_types import is_list

__all__ = [
    "PREFIX",
    "PROXY",
    "SWITCH",
    "Option",
    "Options",
    "Parser",
    "add_options",
    "checked_table",
    "named_file",
    "of_environment",
    "read_file",
]

PREFIX: Final = "PORTONE_V1_SANDBOX_"
PROXY: Final = "proxy"
"""Name of the table in the file, and prefix of the variables, that set the proxy instead of the sandbox."""
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


class Option(NamedTuple):
    """One option: what it holds, its default and what `--help` says."""

    kind: type[str] | type[int] | type[float] | type[bool] | type[list[str]]
    default: Any
    help: str
    metavar: str | None = None
    choices: tuple[str, ...] = ()


Options = Mapping[str, Option]


class Parser(argparse.ArgumentParser):
    """A parser that reports a wrong command line in one line, and suggests the right flag."""

    def error(self, message: str) -> NoReturn:
        _, unknown, given = message.partition("unrecognized arguments: ")
        close = meant(given.partition(" ")[0].partition("=")[0], self._option_string_actions) if unknown else ""
        self.exit(2, f"{self.prog}: {message}{close}; see --help\n")


def add_options(parser: argparse.ArgumentParser, options: Options) -> None:
    """Add a flag for every option. A flag that is not given stays None."""
    for name, option in options.items():
        flag = f"--{name.replace('_', '-')}"
        if option.kind is bool:
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=None, help=option.help)
        elif option.kind is list:
            parser.add_argument(flag, nargs="+", metavar=option.metavar, help=option.help)
        elif option.choices:
            parser.add_argument(flag, choices=option.choices, help=option.help)
        else:
            parser.add_argument(flag, type=option.kind, metavar=option.metavar, help=option.help)


def of_environment(named: Mapping[str, str], options: Options, prefix: str) -> dict[str, Any]:
    """Return the values of the variables `prefix` + name. Raises ValueError."""
    values: dict[str, Any] = {}
    for name, text in named.items():
        variable = f"{prefix}{name.upper()}"
        if name not in options:
            raise ValueError(f"unknown setting {variable}{meant(name, options)}")
        if text:
            values[name] = _of_text(variable, options[name], text)
    return values


def _of_text(variable: str, option: Option, text: str) -> Any:
    if option.kind is bool:
        if text.lower() not in SWITCH:
            raise ValueError(f"{variable} must be true or false")
        return SWITCH[text.lower()]
    if option.kind in (int, float):
        try:
            return option.kind(text)
        except ValueError:
            raise ValueError(f"{variable} must be a number") from None
    if option.choices and text not in option.choices:
        raise ValueError(f"{variable} must be one of {', '.join(option.choices)}")
    return text.split(",") if option.kind is list else text


def named_file(flag: str, name: str | None) -> str | None:
    """Return the file that a flag names. Raises ValueError for an empty name, as a shell's unset variable gives it."""
    if name == "":
        raise ValueError(f"{flag} must name a file")
    return name


def read_file(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds. Raises ValueError."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise ValueError(f"cannot read {path.name}: {reason}") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name} is not TOML: {error}") from None


def checked_table(place: str, content: Mapping[str, Any], options: Options) -> dict[str, Any]:
    """Return a table whose names and kinds are those of the options. Raises ValueError."""
    values = dict(content)
    for name, value in content.items():
        option = options.get(name)
        if option is None:
            raise ValueError(f"{place}: unknown name {name!r}{meant(name, options)}")
        if type(value) is int and str(value) in option.choices:
            values[name] = str(value)  # unknown_billing_key_status = 404
            continue
        is_kind = all(isinstance(item, str) for item in value) if is_list(value) else _is_of(value, option)
        if not is_kind or is_list(value) != (option.kind is list):
            raise ValueError(f"{place}: {name} must be {_shown(option.kind)}")
        if option.choices and value not in option.choices:
            raise ValueError(f"{place}: {name} must be one of {', '.join(option.choices)}")
    return values


def _is_of(value: object, option: Option) -> bool:
    return type(value) is option.kind or (option.kind is float and type(value) is int)


def _shown(kind: type) -> str:
    return {str: "a text", int: "a number", float: "a number", bool: "true or false"}.get(kind, "a list of texts")
