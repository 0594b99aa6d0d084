"""`make rehearsal`: from a field in the specification to an environment that reads it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.release.rehearsal import rehearse
from scripts.release.transcript import Transcript, UnexpectedError

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "docs" / "rehearsal.md"


@pytest.mark.timeout(600)
def test_the_rehearsal_and_what_is_written_of_it(tmp_path: Path) -> None:
    told = rehearse(ROOT, tmp_path)
    text = "\n".join(told.lines)
    assert "  minor  added: `PaymentPrepare.valid_until`" in text
    assert re.search(r"drift: generated/ is what spec/ gives", text)
    assert "refused the credentials" in text
    assert "has this version already" in text
    assert "valid until 2027-01-15 17:00:00+09:00" in text
    assert str(tmp_path) not in text
    written = WRITTEN.read_text(encoding="utf-8")
    assert [line for line in written.splitlines() if line.startswith("$ ")] == told.steps


def test_a_step_that_ends_otherwise_stops_it(tmp_path: Path) -> None:
    told = Transcript(tmp_path, {"PATH": "/usr/bin:/bin"}, {str(tmp_path): "HERE"})
    told.step("pwd && echo 12.5s at 127.0.0.1:4711", ["sh", "-c", "pwd && echo 12.5s at 127.0.0.1:4711"])
    assert told.lines == ["```console", told.steps[0], "HERE", "<time> at 127.0.0.1:8000", "```"]
    with pytest.raises(UnexpectedError, match="exit status 3, not 0"):
        told.step("exit 3", ["sh", "-c", "exit 3"])
