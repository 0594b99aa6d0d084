"""`PORTONE_V1_LOG`: what stands on standard error."""

from __future__ import annotations

import json
import logging
import re

import httpx
import pytest

from tests.overlay.harness import Answer, Flavour, ScriptedV1, payment


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the written lines without times and the numbers of the calls."""
    written = capsys.readouterr().err.splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\S+ portone_v1 [0-9a-f]{16}/\d ", line) for line in written)
    return [re.sub(r"\d+ ms", "0 ms", line.split(" ", 3)[3]) for line in written]


def test_debug_shows_requests_and_answers_redacted(
    flavour: Flavour, v1: ScriptedV1, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTONE_V1_LOG", "debug")
    v1.default = payment(buyer_name="홍길동", card_number="4242-42**", status="cancelled")
    client = flavour.client(v1)
    client.call(lambda c: c.payments.get("imp_1", include_sandbox=True))
    client.call(lambda c: c.payments.cancel(imp_uid="imp_1", amount=100, reason="고객 요청"))
    token = '{"access_token":"<str 7>","now":1700000000,"expired_at":1700001800}'
    answer = (
        '< 200 in 0 ms {"code":0,"message":null,"response":{"imp_uid":"imp_1","merchant_uid":"order-1","amount":12000,'
        '"cancel_amount":0,"status":"cancelled","buyer_name":"<str 3>","card_number":"<str 9>"}}'
    )
    assert lines(capsys)[:9] == [
        '> POST /users/getToken {"imp_key":"<str 19>","imp_secret":"<str 22>"}',
        f'< 200 in 0 ms {{"code":0,"message":null,"response":{token}}}',
        "= auth.get_token: ok in 0 ms, requests: 1",
        "> GET /payments/imp_1?include_sandbox=true",
        answer,
        "= payments.get: ok in 0 ms, requests: 1",
        '> POST /payments/cancel {"amount":100,"imp_uid":"imp_1","reason":"<str 5>"}',
        answer,
        "= payments.cancel: ok in 0 ms, requests: 1",
    ]


def test_a_path_shows_no_billing_key(
    flavour: Flavour, v1: ScriptedV1, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTONE_V1_LOG", "debug")
    flavour.client(v1).call(lambda c: c.request("GET", "/subscribe/customers/cu-secret", query={"q": "q-secret"}))
    flavour.client(v1).call(lambda c: c.billing_keys.get("cu-secret"))
    asked = [line for line in lines(capsys) if line.startswith("> GET")]
    assert asked == ["> GET /subscribe/…?q=<str 8>", "> GET /subscribe/customers/<str 9>"]


def test_info_shows_one_line_for_each_call(
    flavour: Flavour, v1: ScriptedV1, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTONE_V1_LOG", "info")
    v1.play(httpx.ReadTimeout(""), Answer(200, b"<html>canary</html>"))
    client = flavour.client(v1)
    client.failure(lambda c: c.payments.get("imp_1"))
    assert lines(capsys) == [
        "= auth.get_token: ok in 0 ms, requests: 1",
        "= payments.get: ResponseFormatError in 0 ms, requests: 2",
    ]


@pytest.mark.parametrize("value", ["", "off", "loud"])
def test_anything_else_shows_nothing(
    flavour: Flavour,
    v1: ScriptedV1,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    value: str,
) -> None:
    monkeypatch.setenv("PORTONE_V1_LOG", value)
    with caplog.at_level(logging.WARNING):
        flavour.client(v1).call(lambda c: c.payments.get("imp_1"))
    assert capsys.readouterr().err == ""
    assert [record.levelname for record in caplog.records] == (["WARNING"] if value == "loud" else [])


def test_an_unknown_value_is_shown_by_type_and_length() -> None:
    from portone_v1._observe.console import redact

    body = {
        "amount": 12000,
        "status": "결제됨 4242424242424242",
        "merchant_uid": "order-1",
        "new_field": "someone",
        "010-0000-0000": {"name": "someone"},
        "list": [{"imp_uid": "imp_1"}] * 5,
        "paid_at": 4242424242424242,
        "escrow": False,
    }
    shown = redact(body)
    assert shown == {
        "amount": 12000,
        "status": "<str 20>",
        "merchant_uid": "order-1",
        "new_field": "<str 7>",
        "…": {"name": "<str 7>"},
        "list": [{"imp_uid": "imp_1"}] * 3 + ["<2 more>"],
        "paid_at": "<int 16>",
        "escrow": False,
    }
    assert "someone" not in json.dumps(shown)


def test_a_closed_standard_error_stops_no_call(
    flavour: Flavour, v1: ScriptedV1, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTONE_V1_LOG", "debug")
    monkeypatch.setattr("sys.stderr", None)
    assert flavour.client(v1).call(lambda c: c.payments.get("imp_1")).imp_uid == "imp_1"
