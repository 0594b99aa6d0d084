"""Fresh environments of a Python, and the variables that a program of a release may see."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


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
