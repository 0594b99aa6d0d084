"""What `conftest.py` makes of outcomes: a skip in the CI fails, and a worker that says less hides nothing."""

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


OUTCOMES = """
import pytest

@pytest.fixture
def broken():
    raise ValueError("set up")

@pytest.fixture
def left():
    yield
    raise ValueError("tear down")

@pytest.fixture
def absent():
    pytest.skip("this system has no such thing")

def test_passes(): ...
def test_is_not_set_up(broken): ...
def test_is_not_torn_down(left): ...
def test_skips(absent): ...
def test_fails(): assert not "so"
def test_fails_and_is_not_torn_down(left): assert not "so"

@pytest.mark.xfail
def test_is_meant_to_fail(): assert not "so"

@pytest.mark.xfail(strict=True)
def test_was_meant_to_fail(): ...
"""


@pytest.mark.apart
@pytest.mark.parametrize("arguments", [(), ("-n", "1"), ("-n", "1", "--durations=3")])
def test_every_outcome_is_reported(pytester: pytest.Pytester, arguments: tuple[str, ...]) -> None:
    pytester.makeconftest((ROOT / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(OUTCOMES)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-rA", *arguments)
    result.assert_outcomes(passed=2, failed=3, errors=3, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["ERROR *::test_is_not_torn_down - *"])


@pytest.mark.apart
def test_a_worker_that_dies_names_its_test(pytester: pytest.Pytester) -> None:
    pytester.makeconftest((ROOT / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile("import os\n\ndef test_passes(): ...\n\ndef test_ends_it_all(): os._exit(3)\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-n", "1", "--max-worker-restart=0")
    result.stdout.fnmatch_lines(["*crashed while running*::test_ends_it_all*"])
