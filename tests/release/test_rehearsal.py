"""`make rehearsal`: two releases in a row, from the specification to an environment that reads the new field."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.release.rehearsal import PAGE, rehearse
from tests.release.transcript import UnexpectedError, carry_out, write_page

ROOT = Path(__file__).parents[2]


@pytest.mark.apart
@pytest.mark.timeout(900)
def test_the_rehearsal_and_what_is_written_of_it(tmp_path: Path) -> None:
    text = rehearse(ROOT, tmp_path)
    for each in (
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
        assert each in text
    assert str(tmp_path) not in text
    assert PAGE.read_text(encoding="utf-8") == text, "docs/rehearsal.md is stale: make rehearsal"


def _carried_out(page: str, folder: Path) -> str:
    return carry_out(page, folder, {"PATH": "/usr/bin:/bin"}, {str(folder): "HERE"})


def test_what_a_command_says_is_written_below_it(tmp_path: Path) -> None:
    page = "# A page\n\n<!-- $ echo 12.5s > left -->\n```console\n$ pwd && cat left\nwhat it said before\n```\n"
    assert _carried_out(page, tmp_path) == page.replace("what it said before", "HERE\n<time>")


@pytest.mark.parametrize("block", ["```console\n$ {}\n```", "<!-- $ {} -->"])
def test_a_step_that_ends_otherwise_stops_it(block: str, tmp_path: Path) -> None:
    with pytest.raises(UnexpectedError, match="exit status 3, not 0"):
        _carried_out(block.format("exit 3"), tmp_path)
    with pytest.raises(UnexpectedError, match="exit status 1, not 0"):
        _carried_out(block.format("! true"), tmp_path)
    _carried_out(block.format("! false"), tmp_path)


def test_who_reads_the_page_while_it_is_written_reads_all_of_it(tmp_path: Path) -> None:
    """Under load a step was once missing: the comparison had read a page that was being written."""
    path, text = tmp_path / "rehearsal.md", "\n".join(f"$ step {number}" for number in range(20_000))

    def rewrite() -> None:
        for _ in range(30):
            write_page(path, text)

    rewrite()
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(rewrite)
        seen = {path.read_text(encoding="utf-8")}
        while not writing.done():
            seen.add(path.read_text(encoding="utf-8"))
    assert seen == {text}
