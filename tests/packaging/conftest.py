"""The three distributions, built once for all tests of this run, whichever worker comes first."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from scripts.release.build import build
from tests.release.machine import copy_tree

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Return the folder with the wheels and sdists."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    folder = shared / "dist"
    with (shared / "dist.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SOURCE_DATE_EPOCH", "1790000000")
                build(copy_tree(ROOT, shared / "dist.tree"), shared / "dist.part")
            (shared / "dist.part").rename(folder)
    return folder
