"""Every script of the pipeline runs alone, from anywhere, and says what it is for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import generate
from tests.spec.trees import MINI, ROOT

SCRIPTS = ("generate", "lint_spec")


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_help(script: str, tmp_path: Path) -> None:
    done = _run(tmp_path, f"scripts.{script}", "--help")
    assert done.returncode == 0
    assert done.stderr == ""
    assert f"python -m scripts.{script}" in done.stdout
    assert "--spec" in done.stdout


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_unknown_option(script: str, tmp_path: Path) -> None:
    done = _run(tmp_path, f"scripts.{script}", "--colour")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_generate_needs_no_validator_of_openapi(tmp_path: Path) -> None:
    """`make demo` installs none; JSON Schema is jsonschema-rs."""
    code = "import scripts.generate, sys; print(*({'jsonschema', 'openapi_spec_validator'} & sys.modules.keys()))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert done.stdout.strip() == b""


def test_lint_from_anywhere(tmp_path: Path) -> None:
    done = _run(tmp_path, "scripts.lint_spec")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"lint_spec: \d+ operations keep ", done.stdout)


def test_nothing_has_drifted(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr().out == "drift: generated/ is what spec/ gives\n"


def test_drift_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate.build(tmp_path / "made", MINI)
    options = ["--spec", str(MINI), "--output", str(tmp_path / "made"), "--check"]
    assert generate.main(options) == 0
    package = tmp_path / "made" / "portone_v1_generated"
    touched = package / "models" / "shop.py"
    touched.write_text(touched.read_text(encoding="utf-8").replace("One article.", "One thing."), encoding="utf-8")
    (package / "py.typed").unlink()
    (package / "left_over.py").write_text("", encoding="utf-8")
    capsys.readouterr()
    assert generate.main(options) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    lines = printed.err.splitlines()
    assert lines[:3] == [
        "stale    portone_v1_generated/left_over.py",
        "differs  portone_v1_generated/models/shop.py",
        "missing  portone_v1_generated/py.typed",
    ]
    assert '-    """One thing."""' in lines
    assert '+    """One article."""' in lines
    assert lines[-1] == "generate: 3 files differ: make generate"
    assert len(lines) < 50


def test_drift_of_what_can_not_be_generated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--spec", str(tmp_path), "--check"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
