"""What the READMEs and the documentation show is accepted by mypy and pyright, both strict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.typing.snippets import ROOT, write_snippets

PACKAGES = [str(ROOT / folder) for folder in ("overlay", "generated", "sandbox", "cli")]


@pytest.fixture
def snippets(tmp_path: Path) -> list[Path]:
    written = write_snippets(tmp_path)
    assert len(written) > 30
    return written


def test_mypy(snippets: list[Path]) -> None:
    command = [sys.executable, "-m", "mypy", "--config-file", "", "--strict", "--no-error-summary"]
    command += ["--disable-error-code", "import-untyped", "--cache-dir", str(ROOT / ".mypy_cache" / "snippets")]
    packages = {"MYPYPATH": os.pathsep.join(PACKAGES)}
    done = subprocess.run(
        [*command, *map(str, snippets)], env={**os.environ, **packages}, capture_output=True, text=True, check=False
    )
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0


def test_pyright(snippets: list[Path]) -> None:
    folder = snippets[0].parent
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "extraPaths": PACKAGES,
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
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] == len(snippets)
    results = [
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1, one["message"])
        for one in found["generalDiagnostics"]
    ]
    assert results == []
