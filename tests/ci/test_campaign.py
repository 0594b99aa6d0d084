"""`make ci-rehearsal` reads the jobs out of the CI's files; docs/ci-rehearsal.md has what came of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ci.campaign import ALL_TESTS, Rehearsal, all_jobs
from tests.ci.jobs import filled, github, gitlab, holds, results_of, updated

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "docs" / "ci-rehearsal.md"
CONTEXT: dict[str, Any] = {
    "matrix": {"python": "3.13"},
    "github": {"head_ref": "", "ref_name": "main", "event_name": "push", "event": {}},
    "needs": {"generate": {"outputs": {"changed": "yes"}}},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("tests on ${{ matrix.python }}", "tests on 3.13"),
        ("${{ matrix.python == '3.13' && 'branch-coverage' || 'test' }}", "branch-coverage"),
        ("${{ github.head_ref || github.ref_name }}", "main"),
        ("${{ github.event.pull_request.head.repo.full_name || 'owner/name' }}", "owner/name"),
    ],
)
def test_an_expression(text: str, value: str) -> None:
    assert filled(text, CONTEXT) == value


def test_a_condition() -> None:
    assert holds("", CONTEXT)
    assert holds("needs.generate.outputs.changed == 'yes' &&\n (github.event_name != 'pull_request')", CONTEXT)
    assert not holds("needs.generate.outputs.changed == 'no'", CONTEXT)


def test_every_job_is_read_with_its_own_script() -> None:
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        for job in github(path):
            for step in job.steps:
                assert "uses" in step or all(line.strip() in text for line in step["run"].splitlines())
    for job in gitlab(ROOT / ".gitlab-ci.yml"):
        assert job.python
        assert job.event in {"tag", "merge request", "schedule"}
    pythons = {job.python for job in all_jobs()}
    assert pythons == {"", "3.11", "3.12", "3.13", "3.14"}


def test_the_page_has_every_job_and_none_that_failed() -> None:
    text = WRITTEN.read_text(encoding="utf-8")
    results = results_of(text)
    assert updated(text, all_jobs(), results) == text, "docs/ci-rehearsal.md is stale: make ci-rehearsal"
    assert "**failed**" not in text
    assert results.keys() >= {job.shown for job in all_jobs()}


def test_only_a_run_of_some_tests_is_reported_as_such() -> None:
    """The build uploads with old twines and the wheels run their flows whole, whatever `TESTS` says."""
    found = {job.shown.partition(" (")[0] for job in all_jobs() if ALL_TESTS.search(str(job.steps))}
    assert found == {"check.yml: test", "release.yml: tests", ".gitlab-ci.yml: test"}


def test_a_job_that_fails_says_why(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path, {}, "")
    [job] = [job for job in all_jobs() if job.shown == "watch.yml: tell"]
    assert rehearsal.run(job) == "not called: its condition does not hold"
    rehearsal.outputs["look"] = {"found": "yes"}
    assert rehearsal.run(job) == "**failed**: no job before it kept report"
    held = tmp_path / "artifacts" / "watch.yml" / "report"
    held.mkdir(parents=True)
    (held / "proposed.patch").write_text("no patch\n", encoding="utf-8")
    assert rehearsal.run(job).startswith("**failed**, status 128: error: No valid patches")
    (held / "proposed.patch").write_text("", encoding="utf-8")
    assert rehearsal.run(job) == "passed"
    assert "gh issue list" in (tmp_path / "called.log").read_text(encoding="utf-8")
