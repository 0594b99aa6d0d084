"""What is shown of an answer, and what is not."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

import pytest
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_generated.api.naver import NaverApi
from portone_v1_sandbox import Sandbox

from .conftest import Run, Spawn, finish
from .network import Network

BUYER = {
    "buyer_name": "홍길동",
    "buyer_tel": "010-0000-0000",
    "buyer_email": "hong@example.com",
    "buyer_addr": "서울시 어딘가 1",
}


@pytest.fixture
def imp_uid(sandbox: Sandbox) -> str:
    return sandbox.pay(merchant_uid="order-1", amount=15000, name="책", **BUYER).imp_uid  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_personal_data_is_shown_only_where_it_is_asked_for(run: Run, imp_uid: str, form: str) -> None:
    plain = run("payments", "get", imp_uid, "--output", form)
    shown = run("payments", "get", imp_uid, "--output", form, "--show-personal")
    assert plain.code == shown.code == 0
    for value in BUYER.values():
        assert value not in plain.out + plain.err
        assert value in shown.out
    assert re.search(r"4242[0-9*]*\*{4}", plain.out)  # as V1 masks it
    assert "***" in plain.out


def test_json_has_exact_amounts_and_kst_times(run: Run, imp_uid: str) -> None:
    body = json.loads(run("-o", "json", "payments", "get", imp_uid).out)
    assert body["imp_uid"] == imp_uid
    assert body["amount"] == 15000
    assert body["paid_at"].endswith("+09:00")
    assert body["failed_at"] is None
    assert body["cancel_history"] == []


def test_a_fraction_stays_exact(run: Run, sandbox: Sandbox) -> None:
    paid = sandbox.pay(merchant_uid="order-usd", amount=__import__("decimal").Decimal("10.10"), currency="USD")
    assert '"amount":10.1' in run("payments", "get", paid.imp_uid, "-o", "json").out


def test_csv_of_a_list_has_a_row_for_each(run: Run, sandbox: Sandbox, imp_uid: str) -> None:
    sandbox.pay(merchant_uid="order-2", amount=7000, name="=HYPERLINK(1)")
    rows = list(csv.DictReader(io.StringIO(run("payments", "search", "paid", "-o", "csv").out)))
    assert [row["merchant_uid"] for row in rows] == ["order-2", "order-1"]
    assert rows[0]["name"] == "'=HYPERLINK(1)"  # a spreadsheet must not run what a buyer wrote
    assert rows[1]["imp_uid"] == imp_uid


def test_a_page_says_what_is_left(run: Run, sandbox: Sandbox) -> None:
    for number in range(3):
        sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
    ended = run("payments", "search", "paid", "--limit", "2")
    assert "2 of 3 · 다음 next page: --page 2" in ended.err
    assert "1 of" not in run("payments", "search", "paid", "--limit", "2", "--page", "2").err.replace("1 of 3", "")


def test_ids_that_are_missing_are_named(run: Run, imp_uid: str) -> None:
    ended = run("payments", "get-many", "--imp-uid", imp_uid, "--imp-uid", "imp_nowhere")
    assert ended.code == ExitCode.SUCCESS
    assert "not found: imp_nowhere" in ended.err
    assert imp_uid in ended.out


def test_long_numbers_of_orders_are_no_card_numbers(run: Run, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="2026010112345678", amount=1000, name="카드 4242424242424242")
    body = json.loads(run("payments", "find", "2026010112345678", "-o", "json").out)
    assert body["merchant_uid"] == "2026010112345678"
    assert body["name"] == "카드 ****"


def test_control_characters_of_an_answer_do_not_reach_the_terminal(run: Run, sandbox: Sandbox) -> None:
    paid = sandbox.pay(merchant_uid="order-esc", amount=1000, name="책\x1b[31m\x07")
    ended = run("payments", "get", paid.imp_uid)
    assert "\x1b" not in ended.out
    assert "\x07" not in ended.out
    assert "책" in ended.out


ODD = b'"currency":"K\\u001b]0;x","[/b]":1,"\\u001b[31mred":2,"\\u202ebidi":3'


def test_a_field_that_v1_adds_is_shown_whatever_its_name(
    run: Run, terminal: Spawn, network: Network, imp_uid: str
) -> None:
    """Names reach the terminal as values do, and no markup of the console is in them."""
    network.alter = lambda body: body.replace(b'"currency":"KRW"', ODD)
    for command in (("payments", "get", imp_uid), ("payments", "search", "paid"), ("explain", imp_uid)):
        for form in ("table", "json", "csv"):
            ended = run(*command, "-o", form)
            assert ended.code == 0, ended.err
            assert form == "csv" or "\x1b" not in ended.out + ended.err
            assert form != "table" or "\u202e" not in ended.out
            code, shown = finish(terminal(*command, "-o", form))  # where nobody reads it but a terminal
            assert code == 0
            assert "\x1b" not in shown
            assert "\u202e" not in shown
    assert "[/b]" in run("payments", "get", imp_uid).out


def test_an_amount_that_cannot_be_read_is_shown_as_it_came(run: Run, network: Network, imp_uid: str) -> None:
    network.alter = lambda body: body.replace(b'"amount":15000', b'"amount":"\\u001bmany"')
    assert run("payments", "get", imp_uid).code == 0
    assert run("explain", imp_uid).code == 0
    assert run("explain", imp_uid, "-o", "json").code == 0


def test_nothing_found_is_reported(run: Run) -> None:
    ended = run("payments", "search", "failed")
    assert ended.code == 0
    assert ended.out == ""
    assert "결과 없음 · no results" in ended.err


def test_a_day_as_the_end_of_a_range_is_all_of_it(run: Run, imp_uid: str) -> None:
    today = json.loads(run("payments", "get", imp_uid, "-o", "json").out)["paid_at"][:10]
    for end in (today, today.replace("-", ""), f"{date.fromisoformat(today):%G-W%V-%u}"):
        assert imp_uid in run("payments", "search", "paid", "--from", today, "--to", end).out


def test_an_answer_that_no_model_describes_shows_no_personal_data_either(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = {"code": "0000", "buyer_name": "홍길동", "data": [{"phone": "010-0000-0000", "amount": 100}]}

    def confirm(_: NaverApi, imp_uid: str) -> dict[str, object]:
        return {**answer, "imp_uid": imp_uid}

    monkeypatch.setattr(NaverApi, "confirm", confirm)
    for form in ("table", "json", "csv"):
        ended = run("naver", "confirm", "imp_1", "--yes", "-o", form)
        assert ended.code == ExitCode.SUCCESS
        assert "홍길동" not in ended.out
        assert "010-0000-0000" not in ended.out
        assert "홍길동" in run("naver", "confirm", "imp_1", "--yes", "-o", form, "--show-personal").out
