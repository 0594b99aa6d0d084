"""Pythons that are on this machine, and fresh environments of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

OLDEST: Final = (3, 11)
NEWEST: Final = (3, 15)
PROBE: Final = "import sys; print(*sys.version_info[:3]) if sys.implementation.name == 'cpython' else None"


def tool(name: str) -> str:
    """A program of the environment that this runs in."""
    return str(Path(sys.executable).with_name(name))


def clean(**more: str) -> dict[str, str]:
    """The environment variables without those that point installers, Pythons and the client somewhere else.

    With a journal of their own (`PORTONE_V1_INTENTS`), the writes of a check would depend on each other.
    """
    strange = ("UV_", "PIP_", "PYTHON", "PORTONE_V1_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "UV_PYTHON_DOWNLOADS": "never", "UV_NO_CONFIG": "1"} | more


def _candidates() -> Iterable[Path]:
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for minor in range(OLDEST[1], NEWEST[1] + 1):
        name = f"python3.{minor}"
        yield from (folder / "bin" / name for folder in sorted(versions.glob(f"3.{minor}.*"), reverse=True))
        yield from (Path(folder) / name for folder in os.get_exec_path())
    yield Path(sys.executable)


def pythons() -> dict[str, Path]:
    """The newest Python of each minor version from 3.11 up that answers, by version."""
    found: dict[tuple[int, ...], Path] = {}
    for path in _candidates():
        if path.is_file():
            done = subprocess.run([path, "-IS", "-c", PROBE], capture_output=True, text=True, check=False)
            version = tuple(int(part) for part in done.stdout.split())
            if done.returncode == 0 and version[:2] >= OLDEST and version not in found:
                found[version] = path
    newest = {version[:2]: version for version in sorted(found)}
    return {".".join(map(str, version)): found[version] for version in newest.values()}


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
