"""What a trial of a release takes of this machine: its Pythons, its variables, and the tree as git would have it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

from scripts.steps import clean, run, tool

OLDEST: Final = (3, 11)


def given() -> dict[str, str]:
    """Return the variables of this machine, with the place of its index, for an environment of another Python."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@cache
def pythons() -> dict[str, Path]:
    """Return the newest CPython of each minor version since 3.11 that uv finds, by version."""
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


def copy_tree(root: Path, target: Path) -> Path:
    """Copy the tree as git would have it if it were committed now."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=root)
    listed.check_returncode()
    for name in listed.stdout.split("\0"):
        if name and (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)
    return target
