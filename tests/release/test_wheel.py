"""The built wheels, installed: flows of a shop on every Python from 3.11 up that is here."""

from __future__ import annotations

import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from scripts.release.materials import closure
from scripts.steps import StepError
from tests.release.machine import OLDEST, pythons
from tests.release.wheel_test import run_flows
from tests.release.wheels import repack

pytestmark = [pytest.mark.apart, pytest.mark.xdist_group("release")]  # what they install is built once

FLOWS = ("tests/flows/test_payments.py", "tests/flows/test_billing_keys.py")
FOUND = pythons()


def test_the_python_that_runs_this_is_among_them() -> None:
    minors = {tuple(int(part) for part in version.split(".")[:2]) for version in FOUND}
    assert sys.version_info[:2] in minors
    assert min(minors) >= OLDEST
    assert len(minors) == len(FOUND)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("python", FOUND)
def test_flows_of_the_installed_wheels(made: list[Path], tmp_path: Path, python: str) -> None:
    result = run_flows(made, FOUND[python], tmp_path.resolve(), tests=FLOWS)
    passed, _, rest = result.partition(" passed")
    assert int(passed) >= 40
    assert "failed" not in rest
    assert "skipped" not in rest


def test_a_flow_that_fails_fails_the_wheels(made: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "test_broken.py"
    broken.write_text("def test_it() -> None:\n    assert False\n", encoding="utf-8")
    with pytest.raises(StepError, match="1 failed"):
        run_flows(made, Path(sys.executable), tmp_path / "run", tests=(str(broken),))


def test_a_repacked_wheel_holds_what_was_installed(tmp_path: Path) -> None:
    found = closure(["httpx"])
    assert {"httpx", "httpcore", "h11", "anyio", "certifi", "idna"} <= found.keys()
    wheel = repack(found["httpx"], tmp_path)
    assert wheel.name == f"httpx-{distribution('httpx').version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert "httpx/_client.py" in names
    assert not any(name.endswith((".pyc", "/INSTALLER", "/direct_url.json")) for name in names)
