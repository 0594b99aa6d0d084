"""Pythons that are on this machine, and fresh environments of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

OLDEST: Final = (3, 11)


def tool(name: str) -> str:
    """A program of the environment that this runs in."""
    return str(Path(sys.executable).with_name(name))


def clean(**more: str) -> dict[str, str]:
    """The environment variables without those that point installers, Pythons and the client somewhere else.

    With a journal of their own (`PORTONE_V1_INTENTS`), the writes of a check would depend on each other.
    """
    strange = ("UV_", "PIP_", "PYTEST_", "PYTHON", "PORTONE_V1_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "UV_PYTHON_DOWNLOADS": "never", "UV_NO_CONFIG": "1"} | more


def given() -> dict[str, str]:
    """The environment variables of this machine, which say where its index is, for an environment of another Python."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@cache
def pythons() -> dict[str, Path]:
    """The newest CPython of each minor version from 3.11 up that uv finds, by version."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    # Its shims only lead to what is in versions/, and take a second.
    path = [place for place in os.get_exec_path() if Path(place) != pyenv / "shims"]
    places = [*sorted(map(str, pyenv.glob("versions/3.*/bin"))), *path]
    listed = subprocess.run(
        [tool("uv"), "python", "list", "--only-installed", "--all-versions", "--output-format", "json"],
        env=clean(PATH=os.pathsep.join(places)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[tuple[int, int], tuple[int, str, str]] = {}
    for one in json.loads(listed.stdout):
        parts = one["version_parts"]
        minor, newest = (parts["major"], parts["minor"]), (parts["patch"], one["version"], one["path"])
        if minor >= OLDEST and one["implementation"] == "cpython" and "+" not in one["key"]:
            found[minor] = max(newest, found.get(minor, newest))
    return {version: Path(path) for _, (_, version, path) in sorted(found.items())}


def fresh(folder: Path, python: Path, *installs: str, environment: dict[str, str] | None = None) -> Path:
    """A new environment; `installs` are the arguments of `uv pip install`. Its Python comes back."""
    uv, given = tool("uv"), clean() if environment is None else environment

    def run(*command: str | Path) -> None:
        subprocess.run([uv, *command], env=given, check=True, capture_output=True, text=True)

    run("venv", "--quiet", "--python", python, folder)
    own = folder / "bin" / "python"
    if installs:
        run("pip", "install", "--quiet", "--python", own, *installs)
    return own
