"""A test that is skipped in the CI fails there: a missing package must not look like a pass."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

def test_package():
    pytest.skip("there is no Chromium: apt-get install chromium")

def test_document():
    pytest.skip("the vendor document is not here: x.json")

@pytest.mark.skipif(True, reason="this system has no fork")
def test_system(): ...

@pytest.mark.skipif(True, reason="not today")
def test_mark(): ...
"""


@pytest.mark.parametrize(("variable", "bad", "skipped"), [("PORTONE_V1_CI", 1, 2), ("OTHER", 0, 4)])
def test_skips(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, variable: str, bad: int, skipped: int
) -> None:
    monkeypatch.delenv("PORTONE_V1_CI", raising=False)
    monkeypatch.setenv(variable, "1")
    pytester.makeconftest((ROOT / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=bad, errors=bad, skipped=skipped)  # a mark skips before the test is set up
    if bad:
        result.stdout.fnmatch_lines(["*test_package was skipped in the CI: *apt-get install chromium*"])
