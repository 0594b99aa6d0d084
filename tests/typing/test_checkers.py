"""mypy and pyright, both strict, agree with the cases beside this file, and accept what the documentation shows.

One run of each checker reads both, as it takes longer to read the SDK than to check them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest

from tests.typing.snippets import ROOT, write_snippets

CASES: Final = sorted(Path(__file__).parent.glob("cases_*.py"))
PACKAGES: Final = [str(ROOT / folder) for folder in ("overlay", "generated", "sandbox", "cli")]
OF_PROJECTS: Final = ("ignore-without-code", "redundant-expr", "truthy-bool", "possibly-undefined", "import-untyped")
"""What mypy asks of this project and not of a page; a sample may use an untyped library."""
OF_A_SAMPLE: Final = {
    # A sample may read a row of a cursor or use an untyped library.
    "reportUnknownMemberType": False,
    "reportUnknownVariableType": False,
    "reportUnknownArgumentType": False,
    "reportUnusedImport": False,
    "reportPossiblyUnboundVariable": False,  # by a branch that ends in an exception
    "reportMissingTypeStubs": False,
    "reportUnusedFunction": False,
    "reportDeprecated": False,
    "reportUntypedFunctionDecorator": False,
}
OF_A_CASE: Final = {"reportUnnecessaryTypeIgnoreComment": "error", "reportUnusedExpression": "none"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the snippets and the cases, each into a folder."""
    folder = tmp_path_factory.mktemp("typing")
    for name in ("snippets", "cases"):
        (folder / name).mkdir()
    assert len(write_snippets(folder / "snippets")) > 30
    assert len(CASES) >= 2
    for case in CASES:
        shutil.copy(case, folder / "cases")
    return folder


def test_mypy(written: Path) -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        ours: dict[str, Any] = tomllib.load(file)["tool"]["mypy"]
    paths = [*PACKAGES, str(written)]
    config = written / "mypy.ini"
    config.write_text(
        f"[mypy]\nstrict = {ours['strict']}\nexplicit_package_bases = True\nnamespace_packages = True\n"
        f"enable_error_code = {', '.join(ours['enable_error_code'])}\nmypy_path = {os.pathsep.join(paths)}\n"
        f"[mypy-snippets.*]\ndisable_error_code = {', '.join(OF_PROJECTS)}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "mypy", "--config-file", str(config), "--no-error-summary"]
    command += ["--cache-dir", str(ROOT / ".mypy_cache" / "typing")]  # no lock shared with another run
    files = sorted(written.glob("*/*.py"))
    done = subprocess.run([*command, *map(str, files)], cwd=written, capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0


def test_pyright(written: Path) -> None:
    settings = {
        "include": ["snippets", "cases"],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "executionEnvironments": [
            {"root": "snippets", "extraPaths": PACKAGES, **OF_A_SAMPLE},
            {"root": "cases", "extraPaths": PACKAGES[:2], **OF_A_CASE},
        ],
    }
    (written / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(written)]
    done = subprocess.run(command, cwd=written, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] == len([*written.glob("*/*.py")])
    results = [
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1, one["message"])
        for one in found["generalDiagnostics"]
    ]
    assert results == []
