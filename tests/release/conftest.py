"""What `make build` makes of this tree, once for all that only look at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import build_release
from scripts.release.building import version_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def version() -> str:
    return version_of(ROOT)


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "dist"
    assert build_release.main(["--output", str(folder)]) == 0
    return folder


@pytest.fixture
def wheel(dist: Path, version: str) -> Path:
    return dist / f"portone_v1-{version}-py3-none-any.whl"
