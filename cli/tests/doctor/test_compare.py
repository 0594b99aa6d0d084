"""`doctor --compare`: what differs is named, only reads are sent, and nothing personal is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_sandbox import Sandbox

from ..conftest import Run

PERSON = {
    "buyer_name": "박서준",
    "buyer_email": "seojun@shop.example",
    "buyer_tel": "010-0000-7777",
    "name": "비밀 선물",
}


def compared(run: Run) -> dict[str, dict[str, Any]]:
    ended = run("doctor", "--compare", "-o", "json")
    assert ended.code == ExitCode.SUCCESS
    return {comparison["name"]: comparison for comparison in json.loads(ended.out)}


def test_the_sandbox_agrees_with_itself(run: Run) -> None:
    found = compared(run)
    assert len(found) == 16
    assert {name: comparison["differences"] for name, comparison in found.items() if comparison["differences"]} == {}
    assert found["an unknown payment"]["v1"] == {"status": 404, "code": -1, "message": "존재하지 않는 결제정보입니다."}
    assert "같습니다" in run("doctor", "--compare").out


def test_another_reading_is_named_and_nothing_personal_shown(run: Run, sandbox: Sandbox) -> None:
    engine = sandbox._engine
    paid = sandbox.pay(merchant_uid="order-secret", amount=12000, **PERSON)  # type: ignore[arg-type]
    sandbox.cancel(paid.imp_uid, amount=5000)
    engine.state.payments[paid.imp_uid].status = "paid"
    before = len(sandbox.ledger)
    found = compared(run)
    reading = found["payments.search paid"]
    assert any("reads `paid`" in difference for difference in reading["differences"])
    assert reading["v1"]["partly_refunded"] == 1
    shape = reading["v1"]["shapes"][0]
    assert (shape["card_number"], shape["buyer_name"], shape["cancel_history"]) == ("######*********#", "text", "list")
    text = json.dumps(found, ensure_ascii=False)
    for secret in (*PERSON.values(), paid.imp_uid, "order-secret", "12000", "5000"):
        assert secret not in text
    assert len(sandbox.ledger) == before


def test_only_reads_are_sent(run: Run, sandbox: Sandbox) -> None:
    compared(run)
    assert {exchange.method for exchange in sandbox.journal} - {"GET"} <= {"POST"}
    assert {exchange.path for exchange in sandbox.journal if exchange.method == "POST"} == {"/users/getToken"}


@pytest.mark.parametrize("missing", ["banks", "cards"])
def test_what_v1_does_not_answer_is_left_out(run: Run, sandbox: Sandbox, missing: str) -> None:
    sandbox.faults.fail_next(9, operation=f"codes_list_{missing}")
    assert missing not in compared(run)
