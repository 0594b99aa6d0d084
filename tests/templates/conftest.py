"""A copy of the small specification, for a test to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.templates.broken_spec import MINI


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return shutil.copytree(MINI, tmp_path / "spec")
