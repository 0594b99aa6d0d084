"""Run the shops and the workers of examples/ with the built wheels, in an environment of their own.

What they need beside the wheels comes from the index, by the hashes of constraints/shops.txt and constraints/arq.txt.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from scripts.release.distributions import version_of, wheels
from scripts.steps import ROOT, Options, fresh, step, tool
from tests.release.machine import given
from tests.release.wheel_test import run_tests

RUNS: Final = {
    "shops": ("-n", "auto", "tests/shops", "--deselect", "tests/shops/test_job_queues.py::test_arq"),
    "arq": ("tests/shops/test_job_queues.py::test_arq",),
}
"""Which tests run with which pins."""


def install(pins: Path, made: Sequence[Path], python: Path, folder: Path) -> Path:
    own = fresh(folder / "venv", python, "--require-hashes", "-r", str(pins), environment=given())
    install = [tool("uv"), "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(own), *map(str, made)]
    subprocess.run(install, env=given(), check=True, capture_output=True, text=True)
    return own


def _run(options: Options) -> None:
    strict = {name: value for name, value in os.environ.items() if name == "PORTONE_V1_CI"}
    made = [wheel.resolve() for wheel in wheels(options.dist, version_of(ROOT))]
    for name, tests in RUNS.items():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place).resolve()
            python = install(ROOT / "constraints" / f"{name}.txt", made, options.python, folder)
            print(f"shops-test: {name}: {run_tests(python, folder, tests, **strict)}", flush=True)


OPTIONS: Final = {
    "--dist": {"type": Path, "default": ROOT / "dist", "help": "what make build made (default: dist/)"},
    "--python": {"type": Path, "default": Path(sys.executable), "help": "default: the one that runs this"},
}
main = partial(step, "tests.release.shops_test", __doc__, OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
