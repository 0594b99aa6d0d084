"""`doctor --compare`: what differs is named, only reads are sent, and nothing personal is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_sandbox import Sandbox

from ..conftest import Run
from .other_v1 import Answer, envelope, other_v1

PERSON = {
    "buyer_name": "박서준",
    "buyer_email": "seojun@shop.example",
    "buyer_tel": "010-0000-7777",
    "name": "비밀 선물",
}


def compared(run: Run) -> dict[str, dict[str, Any]]:
    ended = run("doctor", "--compare", "-o", "json")
    assert ended.code == ExitCode.SUCCESS, ended.err
    return {comparison["name"]: comparison for comparison in json.loads(ended.out)}


def differences(found: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    return {name: comparison["differences"] for name, comparison in found.items() if comparison["differences"]}


def test_the_sandbox_agrees_with_itself(run: Run, sandbox: Sandbox) -> None:
    for number, means in enumerate(("card", "point", "trans", "phone", "vbank")):
        sandbox.pay(merchant_uid=f"order-{number}", amount=1000, pay_method=means)
    whole, part = (sandbox.pay(merchant_uid=f"back-{number}", amount=1000, **PERSON) for number in range(2))  # type: ignore[arg-type]
    sandbox.cancel(whole.imp_uid)
    with sandbox.client() as client:
        client.payments.cancel(imp_uid=part.imp_uid, amount=400, checksum=1000, reason="품절")
    sandbox.pay(merchant_uid="failed", amount=1000, status="failed")
    sandbox.pay(merchant_uid="ready", amount=1000, pay_method="vbank", status="ready", buyer_tel="")
    with sandbox.client() as client:
        card = {"card_number": "4242-4242-4242-4242", "expiry": "2030-12", "birth": "900101", "pwd_2digit": "00"}
        client.subscribe.onetime(merchant_uid="api", amount=1000, name="n", **card)  # type: ignore[arg-type]
    found = compared(run)
    assert len(found) == 19
    assert differences(found) == {}
    assert [len(found[f"payments.search {status}"]["v1"]["shapes"]) for status in ("paid", "cancelled")] == [6, 2]
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
    assert (shape["card_number"], shape["buyer_name"]) == ("######*********#", "text")
    assert shape["cancel_history"][0]["reason"] == "관리자페이지취소"
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


def payment(**more: Any) -> dict[str, Any]:
    """Return the sandbox's answer for a paid card, with the changes of a test."""
    with Sandbox() as box, box.client() as client:
        paid = box.pay(merchant_uid="order-1", amount=1000)
        found: dict[str, Any] = client.request("GET", f"/payments/{paid.imp_uid}")
    return found | more


def page(*rows: Any) -> Answer:
    return envelope({"total": len(rows), "previous": 0, "next": 0, "list": [*rows]})


def against(run: Run, monkeypatch: pytest.MonkeyPatch, answers: Mapping[str, Answer]) -> dict[str, dict[str, Any]]:
    with other_v1(answers) as v1:
        monkeypatch.setenv("PORTONE_V1_BASE_URL", v1.url)
        found = compared(run)
    assert {method for method, path in v1.asked if path != "/users/getToken"} == {"GET"}
    return found


def test_a_v1_that_differs_is_named_thing_by_thing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code, text, HTTP status, header, mask, state, null and 0, a field more and one less."""
    with Sandbox().client() as client:
        banks = [bank.to_dict() for bank in client.codes.list_banks()]
    row = payment(card_number="1234-****-****-5678", card_quota=None, newcomer=1, custom_data="{}")
    del row["escrow"]
    refunded = payment(
        status="cancelled",
        cancel_amount=1000,
        cancel_reason="취소요청api",
        cancel_history=[{"pg_tid": "other", "amount": 1000, "cancelled_at": 1, "reason": "취소요청api"}],
    )
    found = against(
        run,
        monkeypatch,
        {
            "/payments/imp_": envelope(None, status=404, code=1, message="결제정보가 없습니다.", x_trace_id="77aa"),
            "/subscribe/customers/": envelope(None, status=404, code=1, message="없는 빌링키"),
            "/banks": Answer(200, envelope([*banks, {"code": "777", "name": "새은행"}]).body, "text/json"),
            "/payments/status/paid": page(row, payment(status="settled", pay_method="crypto", pg_provider="newpay")),
            "/payments/status/cancelled": page(refunded),
            "/payments/status/wrong": envelope(None, status=400, code=-7, message="status 값이 올바르지 않습니다."),
        },
    )
    named = differences(found)
    assert "code: V1 1, sandbox -1" in named["an unknown payment"]
    assert any(text.startswith("message: V1 '결제정보가 없습니다.'") for text in named["an unknown payment"])
    assert "status: V1 404, sandbox 200" in named["an unknown billing key"]
    assert any(text.startswith("code: V1 -7") for text in named["a status that does not exist"])
    assert "a success: content-type: V1 text/json, sandbox application/json;charset=utf-8" in named["headers"]
    assert "a refusal: V1 sends x-trace-id, the sandbox does not" in named["headers"]
    assert named["banks"] == ["V1 has 777, the sandbox does not"]
    paid = named["payments.search paid"]
    where = "html5_inicis card paid: "
    assert f"{where}card_number: V1 '####-****-****-####', sandbox '######*********#'" in paid
    assert f"{where}card_quota: V1 None, sandbox 0" in paid
    assert f"{where}V1 sends newcomer, the sandbox does not" in paid
    assert f"{where}the sandbox sends escrow, V1 does not" in paid
    assert f"{where}custom_data: V1 'text', sandbox None" not in paid  # what the shop sent is no difference
    assert "status: V1 has settled, for which the SDK has no name" in paid
    assert "pay_method: V1 has crypto, for which the SDK has no name" in paid
    assert "pg_provider: V1 has newpay, for which the SDK has no name" in paid
    assert "newpay crypto settled: the sandbox cannot simulate it" in paid
    (cancelled,) = (text for text in named["payments.search cancelled"] if "pg_tid" in text)
    assert cancelled == "html5_inicis card cancelled: cancel_history[].pg_tid: V1 'text', sandbox \"the payment's\""


ODD: dict[str, Answer] = {
    "no object": page("row", 7, None, [], payment()),
    "no list": envelope({"total": 1, "list": {"a": 1}}),
    "no page": envelope([1, 2]),
    "texts for numbers": page(payment(amount="1000", cancel_amount="40", status="paid")),
    "other types": page(payment(amount=None, cancel_amount={"a": 1}, status=7, pay_method=None, pg_provider=["a"])),
    "deep": page(payment(cancel_history=[7], custom_data={"a": {"b": []}}, card_number=17, cancel_reason={})),
    "halves of characters": page(payment(buyer_name="\ud800", status="\udfff", fail_reason="\ud800")),
    "nan": Answer(200, b'{"code": 0, "message": null, "response": {"list": [{"amount": NaN, "status": "paid"}]}}'),
    "huge": page(payment(amount=10**40, **{f"field_{number}": "x" for number in range(0)})),
    "many fields": page({f"field_{chr(97 + number % 26)}{chr(97 + number // 26)}": 1 for number in range(500)}),
    "no json": Answer(200, b"<html>502</html>", "text/html"),
    "binary": Answer(200, bytes(range(256)), "application/octet-stream"),
    "code is text": envelope(None, code="0", message="x"),
    "message is an object": envelope(None, status=400, code=1, message={"a": "seojun@shop.example"}),
    "server error": Answer(500, b"", "text/plain"),
}


@pytest.mark.parametrize("odd", ODD)
def test_a_v1_that_answers_odd_values(odd: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never a crash: each is named, or left out."""
    everywhere = dict.fromkeys(
        ("/payments/status/", "/payments/imp_", "/payments/find", "/banks", "/cards", "/certifications/"), ODD[odd]
    )
    found = against(run, monkeypatch, everywhere)
    assert differences(found)
    assert "seojun" not in json.dumps(found)


SECRETS = {
    "a mail address": "seojun@shop.example",
    "a telephone number": "010-4321-8765",
    "a card number": "4330-1234-5678-9012",
    "a key": "sk_live_9aFq2LmX7vBn3KpT",
    "an address of a receipt": "https://pg.example/receipt?tid=A1B2&name=seojun",
    "a resident number": "900101-1234567",
    "a UUID": "3f0e8a52-5a1c-4b8e-9a3f-0f1e2d3c4b5a",
}


@pytest.mark.parametrize("kind", SECRETS)
def test_a_v1_that_puts_secrets_everywhere(
    kind: str, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In values, names of fields, codes, headers and sentences: no report holds any of it."""
    secret = SECRETS[kind]
    row = dict.fromkeys(payment(), secret) | {"amount": 1, "status": "paid", secret: 1, "cancel_history": [{secret: 1}]}
    answers = {
        "/payments/status/": page(row, {**payment(), "pg_provider": secret, "pay_method": secret}),
        "/payments/imp_": envelope(None, status=404, code=-1, message=f"없는 결제 {secret} 입니다", x_who=secret),
        "/payments/find": envelope(None, status=400, code=1, message=secret),
        "/banks": envelope([{"code": secret, "name": secret}, {"code": "004", "name": "a"}], x_who=secret),
    }
    report = tmp_path / "report.json"
    with other_v1(answers) as v1:
        monkeypatch.setenv("PORTONE_V1_BASE_URL", v1.url)
        shown = run("doctor", "--compare", "--report", report)
    assert shown.code == ExitCode.SUCCESS
    text = report.read_text("utf-8")
    for place in (text, shown.out, shown.err):
        for part in (secret, *(each for each in secret.replace("@", "-").split("-") if len(each) > 3)):
            assert part not in place
    assert len(json.loads(text)) > 10


def test_a_wrong_key_is_no_difference(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTONE_V1_SECRET", "wrong")
    ended = run("doctor", "--compare", "-o", "json")
    assert ended.code == ExitCode.REFUSED
    assert "differences" not in ended.out


def test_a_v1_out_of_reach_is_no_difference(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTONE_V1_BASE_URL", "http://127.0.0.1:9")
    assert run("doctor", "--compare", "-o", "json").code == ExitCode.UNREACHABLE


def test_a_report_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    ended = run("doctor", "--compare", "--report", tmp_path / "nowhere" / "report.json")
    assert ended.code == ExitCode.USAGE
    assert "cannot write" in ended.err
