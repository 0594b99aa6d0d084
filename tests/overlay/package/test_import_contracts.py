"""`lint-imports` refuses what its contracts in pyproject.toml forbid, imports for types alone included."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = (
    "overlay/portone_v1_runtime",
    "generated/portone_v1_generated",
    "overlay/portone_v1",
    "sandbox/portone_v1_sandbox",
    "cli/portone_v1_cli",
    "scripts",
    "benchmarks",
)
FORBIDDEN = {
    "portone_v1/errors.py": "import portone_v1_sandbox",
    "portone_v1_sandbox/state/cards.py": (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from ..engine.engine import Engine"
    ),
    "portone_v1_sandbox/state/due.py": "from .timeline import next_due",
    "portone_v1_runtime/models/html.py": "from .model import Model",
    "portone_v1_sandbox/server.py": "from portone_v1._http.settings import Settings",
}


def test_each_contract_bites(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / Path(package).name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert linted(tmp_path).returncode == 0
    for name, line in FORBIDDEN.items():
        path = tmp_path / name
        path.write_text(f"{path.read_text('utf-8')}\n{line}\n", "utf-8")
    ended = linted(tmp_path)
    assert ended.returncode == 1
    assert f"Contracts: 0 kept, {len(FORBIDDEN)} broken." in ended.stdout, ended.stdout


def test_the_contract_names_every_private_module_of_the_client() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (named,) = (contract["forbidden_modules"] for contract in contracts if contract["type"] == "forbidden")
    private = {path.stem for path in (ROOT / "overlay" / "portone_v1").iterdir() if re.match("_[a-z]", path.name)}
    assert {f"portone_v1.{name}" for name in private} == set(named)


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [f"{sysconfig.get_path('scripts')}/lint-imports", "--no-cache", "--no-logo"]
    environment = os.environ | {"PYTHONPATH": os.fspath(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
