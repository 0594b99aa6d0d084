"""What `make build` makes of this tree, once for all that only look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.release import build as build_release
from scripts.release.distributions import version_of, wheels
from tests.release.machine import copy_tree

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the tree, so that nobody can change it under the tests."""
    return copy_tree(ROOT, tmp_path_factory.mktemp("copied") / "portone-v1")


@pytest.fixture(scope="session")
def version(tree: Path) -> str:
    return version_of(tree)


@pytest.fixture(scope="session")
def dist(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "dist"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1790000000")
        assert build_release.main(["--root", str(tree), "--output", str(folder)]) == 0
    return folder


@pytest.fixture
def wheel(dist: Path, version: str) -> Path:
    return dist / f"portone_v1-{version}-py3-none-any.whl"


@pytest.fixture
def made(dist: Path, version: str) -> list[Path]:
    """Return all three wheels."""
    return wheels(dist, version)
