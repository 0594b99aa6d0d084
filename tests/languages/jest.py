"""jest for the shop in Node, as its lock names it: 298 packages, each with version and hash."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from scripts.ci.npm import install
from scripts.steps import StepError

NAMES: Final = ("package.json", "package-lock.json", ".npmrc")
KEPT: Final = Path(sys.prefix) / "share" / "jest"


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
        try:
            modules = install(shop, Path(made))
        except StepError as error:
            if os.environ.get("PORTONE_V1_CI"):
                pytest.fail(str(error))
            pytest.skip(str(error))
        place.parent.mkdir(exist_ok=True)
        with suppress(OSError):  # another process of these tests was first
            modules.rename(place)
