"""Both sites, built once for all tests of this folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build both languages as `make docs` does."""
    built = tmp_path_factory.mktemp("docs") / "site"
    for config, place in (("mkdocs.yml", built), ("mkdocs.ko.yml", built / "ko")):
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", config, "--site-dir", str(place)]
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return built
