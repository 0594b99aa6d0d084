"""`refund-bank` and `pg`: no network, and nothing guessed."""

from __future__ import annotations

import json

from portone_v1_cli.exit_codes import ExitCode

from .conftest import Run


def test_a_refund_bank(run: Run) -> None:
    ended = run("refund-bank", "kcp", "KB국민은행", "-o", "json")
    assert ended.code == ExitCode.SUCCESS
    assert json.loads(ended.out) == [{"pg": "kcp", "bank": "KB국민은행", "standard_code": "004", "refund_bank": "BK04"}]


def test_a_bank_that_nobody_knows(run: Run) -> None:
    ended = run("refund-bank", "welcome", "농협")
    assert ended.code == ExitCode.REFUSED
    assert "welcome is not known to refund to" in ended.out + ended.err


def test_a_pg_by_its_name(run: Run) -> None:
    rows = json.loads(run("pg", "카카오페이", "-o", "json").out)
    found = {row["what"]: row for row in rows}
    assert found["pay_methods.answered"]["grade"] == "captured"
    assert run("pg", "없는페이").code == ExitCode.REFUSED
