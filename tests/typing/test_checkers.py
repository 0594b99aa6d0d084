"""mypy and pyright, both strict, agree with the files beside this one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CASES = sorted(HERE.glob("cases_*.py"))


def test_mypy() -> None:
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--no-error-summary"]
    done = subprocess.run([*command, *map(str, CASES)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0


def test_pyright(tmp_path: Path) -> None:
    settings = {
        "include": [str(case) for case in CASES],
        "extraPaths": [str(ROOT / "overlay"), str(ROOT / "generated")],
        "typeCheckingMode": "strict",
        "reportUnnecessaryTypeIgnoreComment": "error",
        "reportUnusedExpression": "none",
        "pythonVersion": "3.11",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run([*command, "--project", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)
    answer = json.loads(done.stdout)
    told = [
        f"{Path(d['file']).name}:{d['range']['start']['line'] + 1}: {d['message']}"
        for d in answer["generalDiagnostics"]
    ]
    assert told == []
    assert answer["summary"]["filesAnalyzed"] == len(CASES)
