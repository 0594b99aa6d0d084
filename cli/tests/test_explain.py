"""`explain`: what an operator pastes, and what it explains."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_sandbox import Sandbox

from .conftest import Run


@pytest.mark.parametrize(
    ("text", "korean"),
    [
        (
            "payments.get: not found (HTTP 404, code 1): 존재하지 않는 결제정보입니다.",
            "테스트 채널의 결제이거나, 다른 상점",
        ),
        ('{"code": 1, "message": "이미 전액취소된 주문입니다.", "response": null}', "이미 취소된 결제"),
        ('{"tx_id": "t", "payment_id": "p", "status": "Paid"}', "포트원 V2의 웹훅"),
        ('{"imp_uid": "imp_1234567890", "merchant_uid": "m", "status": "ready"}', "콘솔의 웹훅 호출 테스트"),
        ("한도초과", "카드사나 은행이 승인하지 않았습니다"),
        ("가맹점 잔액부족으로 취소할 수 없습니다.", "취소가 거절되었습니다"),
        ("[취소실패] 당일 취소 한도초과", "취소가 거절되었습니다"),
        ("subscribe.again: outcome unknown", "돈이 움직였을 수 있습니다"),
        ("schedule_at=1764000000000", "밀리초"),
        ("F1002 이미 결제가 이루어진 거래건입니다.", "같은 주문번호로"),
        ("payments.get: authentication failed (HTTP 401)", "API 키나 Secret"),
        ("카드사 심사 중입니다", "심사"),
        ("could not connect (ConnectError)", "portone-v1 doctor"),
    ],
)
def test_a_known_text(run: Run, text: str, korean: str) -> None:
    ended = run("explain", text)
    assert ended.code == ExitCode.SUCCESS
    assert korean in ended.out
    assert "→" in ended.out
    assert run("explain", "-", stdin=text).out == ended.out


def test_a_payment_in_each_state(run: Run, sandbox: Sandbox) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=15000)
    failed = sandbox.pay(merchant_uid="order-2", amount=15000, status="failed", fail_reason="한도초과")
    assert "취소 가능 금액은 15,000원입니다" in run("explain", paid.imp_uid).out
    assert "카드사나 은행이 승인하지 않았습니다" in run("explain", failed.imp_uid).out
    sandbox.client().payments.cancel_once(imp_uid=paid.imp_uid, amount=5000, key="return-1")
    assert sandbox.client().payments.get(paid.imp_uid).status == "cancelled"  # as V1 says after a part, too
    partly = run("explain", paid.imp_uid).out
    assert "취소 가능 금액은 10,000원입니다. 일부는 취소되었습니다" in partly
    assert "전액취소된" not in partly
    sandbox.client().payments.cancel(imp_uid=paid.imp_uid, amount=Decimal(10000))
    body = json.dumps({"imp_uid": paid.imp_uid, "merchant_uid": "order-1", "status": "cancelled"})
    ended = run("explain", body, "-o", "json")
    assert [row["en"] for row in json.loads(ended.out)] == [
        "A V1 webhook: the payment's state changed. The body proves nothing.",
        "The payment is fully refunded.",
    ]
    assert "V1 webhook" in run("explain", body, "--offline").out
    for unknown in ("imp_000000000000", "imp_99"):
        ended = run("explain", unknown)
        assert ended.code == ExitCode.SUCCESS
        assert "다른 상점" in ended.out
        assert "--include-sandbox" not in ended.out  # `explain` looks among test payments, too


def test_what_is_pasted_is_not_shown_again(run: Run) -> None:
    ended = run("explain", "홍길동 4242424242424242 뭔가 이상함")
    assert ended.code == ExitCode.REFUSED
    assert "4242" not in ended.out + ended.err
    assert "홍길동" not in ended.out + ended.err
    assert run("explain", " ").code == ExitCode.USAGE
