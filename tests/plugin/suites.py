"""Test suites of shops, each in a file of its own, run by one process. The plugin is found by its entry point alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

__all__ = ["OTHERS", "Results", "Suite"]

# Plugins of other tools in this environment, which no test here needs: half of what such a process takes to start.
OTHERS: Final = tuple(f"-pno:{name}" for name in ("schemathesis", "hypothesispytest", "time_machine"))


class Suite(NamedTuple):
    tests: int
    """So many have to pass, and none may do anything else."""
    source: str


class Results:
    """What became of the tests of each suite."""

    def __init__(self, folder: Path, suites: Mapping[str, Suite], *options: str) -> None:
        self._suites = suites
        (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
        for name, suite in suites.items():
            (folder / f"test_{name}.py").write_text(dedent(suite.source), encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout", "60", *OTHERS, *options]
        done = subprocess.run(
            [*command, "--junitxml", "results.xml"],
            cwd=folder,
            env=environment | {"HOME": str(folder), "PY_COLORS": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self._output = done.stdout
        self._cases = [*ET.parse(folder / "results.xml").iter("testcase")]

    def passed(self, name: str) -> None:
        cases = [case for case in self._cases if case.get("classname") == f"test_{name}"]
        assert len(cases) == self._suites[name].tests, self._output
        assert [case.get("name") for case in cases if len(case)] == [], self._output
