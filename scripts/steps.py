"""What the steps of scripts/ share: options, a line for each problem, and the programs that they run."""

from __future__ import annotations

import argparse
import ipaddress
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

ROOT: Final = Path(__file__).resolve().parent.parent
Options = argparse.Namespace
Table = Mapping[str, Mapping[str, Any]]
"""Each option of a step, as the arguments of argparse."""


class StepError(Exception):
    """The step ends; each line of the message names a problem."""


class Parser(argparse.ArgumentParser):
    """A parser that reports a wrong command line in one line."""

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
    except subprocess.CalledProcessError as error:  # uv names what it did not find or could not install
        complain(name, str(error.stderr))
    return 1


def run(*command: str | Path, failure: str = "", **how: Any) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and keep its output. `failure` is the message if it fails, instead of its own."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    if failure and done.returncode != 0:
        *_, last = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()
        raise StepError(f"{failure}: {last}")
    return done


def tool(name: str) -> str:
    """Return the path of a program in the environment of this Python."""
    return str(Path(sys.executable).with_name(name))


def clean(**more: str) -> dict[str, str]:
    """Return the environment variables without those that redirect installers, Pythons and the client.

    With a journal of their own (`PORTONE_V1_INTENTS`), the writes of a check would depend on each other.
    """
    strange = ("UV_", "PIP_", "PYTEST_", "PYTHON", "PORTONE_V1_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "UV_PYTHON_DOWNLOADS": "never", "UV_NO_CONFIG": "1"} | more


def fresh(folder: Path, python: Path, *installs: str, environment: dict[str, str] | None = None) -> Path:
    """Create an environment and return its Python. `installs` are the arguments of `uv pip install`."""
    uv, given = tool("uv"), clean() if environment is None else environment

    own = folder / "bin" / "python"
    commands: list[list[str | Path]] = [["venv", "--quiet", "--python", python, folder]]
    if installs:
        commands.append(["pip", "install", "--quiet", "--python", own, *installs])
    for command in commands:
        subprocess.run([uv, *command], env=given, check=True, capture_output=True, text=True)
    return own


def on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def complain(name: str, *lines: str) -> None:
    for line in lines:
        print(f"{re.split('[ .]', name)[-1]}: {line}", file=sys.stderr)
