"""What is imitated, and on what evidence: the table is complete and keeps up with the handlers."""

from __future__ import annotations

import subprocess
import sys

import pytest
from portone_v1_generated.operations import OPERATIONS
from portone_v1_sandbox import coverage
from portone_v1_sandbox.__main__ import main

from scripts.bundle import SPEC
from scripts.evidence import load


def test_every_operation_stands_in_it_once() -> None:
    assert [row.operation for row in coverage()] == list(OPERATIONS)


def test_every_operation_is_imitated_on_some_evidence() -> None:
    without = [
        row.operation for row in coverage() if not (row.imitated and (row.documented or row.observed or row.assumed))
    ]
    assert without == []


def test_the_table_needs_no_credentials(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--coverage"]) == 0
    head, rule, *rows = capsys.readouterr().out.splitlines()
    assert head == "| operation | imitated | documented | observed | assumed | claims (grade, independent projects) |"
    assert {line.count("|") for line in (head, rule, *rows)} == {7}
    assert len(rows) == len(OPERATIONS)
    assert any("`payments_cancel` | yes |" in row and "partial_cancel_status" in row for row in rows)


def test_claims_stand_beside_their_operation_with_grade_and_number_of_projects(
    capsys: pytest.CaptureFixture[str],
) -> None:
    evidence = load(SPEC)
    claims = {claim.id: claim for row in coverage() for claim in row.claims}
    for claim in evidence.claims:
        if not any(place.partition(".")[0] in OPERATIONS for place in claim["where"]):
            continue
        shown = claims[claim["id"]]
        assert (shown.grade, shown.projects) == (claim["grade"], evidence.independent(claim.get("sources", ())))
    assert main(["--claims"]) == 0
    rows = capsys.readouterr().out.splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [claim["id"] for claim in evidence.claims]


def test_from_the_command_line() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "portone_v1_sandbox", "--coverage"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert shown.stdout.count("\n") == len(OPERATIONS) + 2
    assert shown.stderr == ""


def test_every_observation_is_a_claim_with_sources() -> None:
    """What the table calls observed stands in spec/claims.yaml, where each claim has a grade and its witnesses."""
    evidence = load(SPEC)
    claimed = {place.partition(".")[0] for claim in evidence.claims for place in claim["where"] if claim.get("sources")}
    assert [row.operation for row in coverage() if row.observed and row.operation not in claimed] == []
