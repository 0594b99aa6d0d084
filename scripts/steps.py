"""How a step of scripts/ speaks: its options, a line for each thing that is wrong, its exit status."""

from __future__ import annotations

import argparse
import ipaddress
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

ROOT: Final = Path(__file__).resolve().parent.parent
Options = argparse.Namespace
Table = Mapping[str, Mapping[str, Any]]
"""Each option of a step as argparse takes it."""


class StepError(Exception):
    """The step ends here; each line of the message says what is wrong."""


class Parser(argparse.ArgumentParser):
    """A parser that reports a wrong command line by one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def step(
    name: str,
    about: str | None,
    options: Table,
    action: Callable[[Options], int | None],
    arguments: list[str] | None = None,
) -> int:
    """Run `python -m <name>`."""
    parser = Parser(prog=f"python -m {name}", description=about)
    for option, how in options.items():
        parser.add_argument(option, **how)
    chosen = parser.parse_args(arguments)
    try:
        return action(chosen) or 0
    except StepError as error:
        complain(name, *str(error).splitlines())
    except subprocess.CalledProcessError as error:  # uv says what it did not find or could not install
        complain(name, str(error.stderr))
    return 1


def run(*command: str | Path, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and keep what it prints; the caller says what its failure means."""
    return subprocess.run(command, capture_output=True, text=True, check=False, **how)


def on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def complain(name: str, *lines: str) -> None:
    for line in lines:
        print(f"{re.split('[ .]', name)[-1]}: {line}", file=sys.stderr)


def dispatch(package: str, about: str, steps: Mapping[str, str], arguments: list[str] | None = None) -> int:
    """Run `python -m <package> STEP`. Load that step only: an upload needs none of the tools of a build."""
    given = sys.argv[1:] if arguments is None else arguments
    if not given or given[0] not in steps:
        stream = sys.stdout if given[:1] in (["--help"], ["-h"]) else sys.stderr
        print(f"usage: python -m {package} STEP [--help]\n\n{about}\n", file=stream)
        for name, what in steps.items():
            print(f"  {name:14} {what}", file=stream)
        return 0 if stream is sys.stdout else 2
    module = import_module(f"{package}.{given[0].replace('-', '_')}")
    status: int = module.main(given[1:])
    return status
