"""Run the flows of a shop against the built wheels, installed, on every Python from 3.11 up that is here.

Fresh environments are filled from what is installed already, without an index and a network, unless a resolution is
asked for: then the oldest or the newest dependencies that the wheels allow come from the index.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from scripts.release.distributions import DISTRIBUTIONS, version_of, wheels
from scripts.steps import ROOT, Options, StepError, Table, clean, fresh, step, tool
from tests.release.machine import given, pythons
from tests.release.wheels import runtime_wheels

FLOWS = ("tests/flows",)
# Writing generated/ is no part of a wheel.
NOT_OF_A_WHEEL = "tests/flows/test_demo.py::test_the_first_step_finds_nothing_to_change"
HARNESS = ("pytest>=9", "pytest-timeout>=2.4")
WHERE = "import {names}; print(*(module.__file__ for module in ({names})), sep='\\n')"


def _from_here(made: Sequence[Path], python: Path, folder: Path) -> Path:
    """Install from what this environment contains."""
    held = runtime_wheels(folder / "wheels", *HARNESS)
    sources = ("--offline", "--no-index", "--find-links", str(held))
    return fresh(folder / "venv", python, *sources, *map(str, made), *HARNESS)


def _resolved(made: Sequence[Path], python: Path, folder: Path, resolution: str) -> Path:
    """Install the oldest or the newest allowed versions from the index that uv is configured for."""
    chosen = folder / "chosen.txt"
    projects = [ROOT / one.folder / "pyproject.toml" for one in DISTRIBUTIONS]
    ours = [word for one in DISTRIBUTIONS for word in ("--no-emit-package", one.name)]
    subprocess.run(
        [tool("uv"), "pip", "compile", "--quiet", "--no-build", "--resolution", resolution, "--all-extras", *ours,
         "--python", python, *projects, "--output-file", chosen],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return fresh(folder / "venv", python, "-r", str(chosen), *map(str, made), *HARNESS, environment=given())


def run_flows(
    made: Sequence[Path], python: Path, folder: Path, *, tests: tuple[str, ...] = FLOWS, resolution: str | None = None
) -> str:
    """Return pytest's last line. Raises if a test fails, or if it tested the tree and not the wheels."""
    own = _resolved(made, python, folder, resolution) if resolution else _from_here(made, python, folder)
    return run_tests(own, folder, tests, **({"PORTONE_V1_EXTRAS": "1"} if resolution else {}))


def run_tests(own: Path, folder: Path, tests: tuple[str, ...], **variables: str) -> str:
    """Run the tests in an environment that is already installed."""
    environment = clean(**variables)
    where = WHERE.format(names=", ".join(package for one in DISTRIBUTIONS for package in one.packages))
    found = subprocess.run([own, "-c", where], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    if not all(Path(line).is_relative_to(folder) for line in found.stdout.split("\n") if line):
        raise StepError(f"the tree is tested, not the wheels: {found.stdout}")
    command = [str(own), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--deselect", NOT_OF_A_WHEEL, *tests]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StepError(done.stdout[-4000:] + done.stderr[-2000:])
    return done.stdout.strip().splitlines()[-1]


def _run(options: Options) -> None:
    made = [wheel.resolve() for wheel in wheels(options.dist, version_of(ROOT))]
    chosen = {str(path): path for path in options.python} if options.python else pythons()
    for version, python in chosen.items():
        with tempfile.TemporaryDirectory() as folder:
            tests, place = tuple(options.tests), Path(folder).resolve()
            summary = run_flows(made, python, place, tests=tests, resolution=options.resolution)
        print(f"wheel-test: {version}: {summary}", flush=True)


OPTIONS: Final[Table] = {
    "--dist": {"type": Path, "default": ROOT / "dist", "help": "what make build made (default: dist/)"},
    "--python": {"action": "append", "type": Path, "help": "only this one (may be given again)"},
    "--resolution": {"choices": ["lowest-direct", "highest"], "help": "dependencies from the index"},
    "tests": {"nargs": "*", "default": list(FLOWS), "help": f"default: {' '.join(FLOWS)}"},
}
main = partial(step, "tests.release.wheel_test", __doc__, OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
