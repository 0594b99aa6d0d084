"""The vendor's deprecated clients, unchanged but for the base address, live in the sandbox as they did on V1."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1_sandbox import SandboxServer

from tests.interop.conftest import Run

MONEY = [("charge", "order-1", 12000), ("refund", "order-1", 5000), ("refund", "order-1", 7000)]
MONEY += [("charge", "order-3", 9900)]


pytestmark = pytest.mark.apart


def money(server: SandboxServer) -> list[tuple[str, str, int]]:
    return [(m.kind, m.merchant_uid, int(m.amount)) for m in server.sandbox.ledger]


def check_payments(told: dict[str, Any], partly: dict[str, Any], wholly: dict[str, Any]) -> None:
    assert (told["status"], told["amount"], told["channel"]) == ("paid", 12000, "api")
    assert (partly["status"], partly["cancel_amount"]) == ("cancelled", 5000)
    assert (wholly["status"], wholly["cancel_amount"], len(wholly["cancel_history"])) == ("cancelled", 12000, 2)


def check_schedules(scheduled: list[dict[str, Any]], revoked: list[dict[str, Any]]) -> None:
    assert [s["schedule_status"] for s in scheduled] == ["scheduled", "scheduled"]
    assert [(s["merchant_uid"], s["schedule_status"]) for s in revoked] == [("month-2", "revoked")]


def test_node(run_node: Run, server: SandboxServer) -> None:
    told = run_node()
    check_payments(told["onetime"], told["partly"], told["wholly"])
    assert told["byImpUid"] == told["byMerchant"] == told["onetime"]
    assert told["again_"] == {"code": "IAMPORT_1", "message": "이미 전액취소된 주문입니다."}
    assert told["prepared"]["amount"] == told["readPrepared"]["amount"] == 1000
    assert told["preparedTwice"]["code"] == "IAMPORT_1"
    assert told["readKey"] == told["key"]
    assert (told["key"]["customer_uid"], told["key"]["card_number"]) == ("customer-1", "424242******4242")
    assert (told["charged"]["status"], told["charged"]["customer_uid_usage"]) == ("paid", "payment")
    assert told["chargedTwice"]["code"] == "IAMPORT_1"
    check_schedules(told["scheduled"], told["revoked"])
    assert told["revokedTwice"] == {"code": "IAMPORT_1", "message": "취소할 예약결제 기록이 존재하지 않습니다."}
    assert (told["account"]["status"], told["account"]["vbank_code"]) == ("ready", "004")
    assert [payment["merchant_uid"] for payment in told["list"]["list"]] == ["order-3"]
    assert told["deleted"]["customer_uid"] == "customer-1"
    assert told["deletedTwice"]["code"] == "IAMPORT_1"
    assert told["unknown"]["code"] == "HTTP_404"
    assert told["refusedCard"]["code"] == "IAMPORT_-1"
    assert told["stranger"]["code"] == "HTTP_401"
    assert money(server) == MONEY


def test_python(run_python: Run, server: SandboxServer) -> None:
    told = run_python()
    check_payments(told["onetime"], told["partly"], told["wholly"])
    assert told["by_imp_uid"] == told["by_merchant_uid"] == told["onetime"]
    assert told["is_paid"] == [True, False]
    assert told["cancelled_again"] == [1, "이미 전액취소된 주문입니다."]
    assert told["unknown_cancel"] == [1, "취소할 결제건이 존재하지 않습니다."]
    assert told["prepared"]["amount"] == 1000
    assert told["validated"] == [True, False]
    assert told["read_key"] == told["key"]
    assert told["charged"]["status"] == "paid"
    assert told["charged_without_key"][1] == "등록되지 않은 구매자입니다."
    check_schedules(told["scheduled"], told["revoked"])
    assert (told["schedule"]["merchant_uid"], told["schedule"]["schedule_status"]) == ("month-1", "scheduled")
    assert [schedule["merchant_uid"] for schedule in told["between"]["list"]] == ["month-2", "month-1"]
    assert told["revoked_again"] == [1, "취소할 예약결제 기록이 존재하지 않습니다."]
    assert told["deleted"]["customer_uid"] == "customer-1"
    assert told["deleted_again"] == [1, "요청하신 customer_uid(customer-1)로 등록된 정보를 찾을 수 없습니다."]
    assert told["unknown"] == [404]
    assert told["uncertified"] == [404]
    code, message = told["bad_card"]
    assert code == -1
    assert "유효하지않은 카드번호를 입력하셨습니다." in message
    assert told["stranger"] == [401]
    assert money(server) == MONEY


def test_schedules_of_the_clients_are_charged_when_they_are_due(run_python: Run, server: SandboxServer) -> None:
    """The one that the client left stands, though it has deleted the key since."""
    run_python()
    server.sandbox.clock.advance(days=3)
    schedule = server.sandbox.client().subscribe.get_schedule("month-1")
    assert schedule.schedule_status == "executed"
    assert money(server) == MONEY
