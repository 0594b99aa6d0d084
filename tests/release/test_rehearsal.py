"""`make rehearsal`: two releases in a row, from the specification to an environment that reads the new field."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scripts.release.page import page, write_page
from scripts.release.rehearsal import rehearse
from scripts.release.transcript import Transcript, UnexpectedError

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "docs" / "rehearsal.md"


@pytest.mark.timeout(900)
def test_the_rehearsal_and_what_is_written_of_it(tmp_path: Path) -> None:
    told = rehearse(ROOT, tmp_path)
    text = "\n".join(told.lines)
    for said in (
        "patch since 1.0.0, the next version is 1.0.1",
        "major since 1.0.1, the next version is 2.0.0",
        "  minor  added: `PaymentPrepare.valid_until`",
        "  major  changed: `prepare.create`: `amount` must be at least 100; before, at least 0",
        "- **breaking** `prepare.create`: `amount` must be at least 100",
        "refused the credentials",
        "has this version already",
        "valid until 2027-01-15 17:00:00+09:00",
        "portone-v1==1.0.1",
    ):
        assert said in text
    assert str(tmp_path) not in text
    assert WRITTEN.read_text(encoding="utf-8") == page(told.lines), "docs/rehearsal.md is stale: make rehearsal"


def test_a_step_that_ends_otherwise_stops_it(tmp_path: Path) -> None:
    told = Transcript(tmp_path, {"PATH": "/usr/bin:/bin"}, {str(tmp_path): "HERE"})
    told.step("pwd && echo 12.5s at 127.0.0.1:4711", ["sh", "-c", "pwd && echo 12.5s at 127.0.0.1:4711"])
    assert told.lines == ["```console", told.steps[0], "HERE", "<time> at 127.0.0.1:8000", "```"]
    with pytest.raises(UnexpectedError, match="exit status 3, not 0"):
        told.step("exit 3", ["sh", "-c", "exit 3"])


def test_who_reads_the_page_while_it_is_written_reads_all_of_it(tmp_path: Path) -> None:
    """Under load a step was once missing: the comparison had read a page that was being written."""
    path, lines = tmp_path / "rehearsal.md", [f"$ step {number}" for number in range(20_000)]

    def rewrite() -> None:
        for _ in range(30):
            write_page(path, lines)

    rewrite()
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(rewrite)
        seen = {path.read_text(encoding="utf-8")}
        while not writing.done():
            seen.add(path.read_text(encoding="utf-8"))
    assert seen == {page(lines)}
