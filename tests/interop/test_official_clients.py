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


def check_payments(paid: dict[str, Any], partly: dict[str, Any], wholly: dict[str, Any]) -> None:
    assert (paid["status"], paid["amount"], paid["channel"]) == ("paid", 12000, "api")
    assert (partly["status"], partly["cancel_amount"]) == ("cancelled", 5000)
    assert (wholly["status"], wholly["cancel_amount"], len(wholly["cancel_history"])) == ("cancelled", 12000, 2)


def check_schedules(scheduled: list[dict[str, Any]], revoked: list[dict[str, Any]]) -> None:
    assert [s["schedule_status"] for s in scheduled] == ["scheduled", "scheduled"]
    assert [(s["merchant_uid"], s["schedule_status"]) for s in revoked] == [("month-2", "revoked")]


def test_node(run_node: Run, server: SandboxServer) -> None:
    answers = run_node()
    check_payments(answers["onetime"], answers["partly"], answers["wholly"])
    assert answers["byImpUid"] == answers["byMerchant"] == answers["onetime"]
    assert answers["again_"] == {"code": "IAMPORT_1", "message": "이미 전액취소된 주문입니다."}
    assert answers["prepared"]["amount"] == answers["readPrepared"]["amount"] == 1000
    assert answers["preparedTwice"]["code"] == "IAMPORT_1"
    assert answers["readKey"] == answers["key"]
    assert (answers["key"]["customer_uid"], answers["key"]["card_number"]) == ("customer-1", "424242******4242")
    assert (answers["charged"]["status"], answers["charged"]["customer_uid_usage"]) == ("paid", "payment")
    assert answers["chargedTwice"]["code"] == "IAMPORT_1"
    check_schedules(answers["scheduled"], answers["revoked"])
    assert answers["revokedTwice"] == {"code": "IAMPORT_1", "message": "취소할 예약결제 기록이 존재하지 않습니다."}
    assert (answers["account"]["status"], answers["account"]["vbank_code"]) == ("ready", "004")
    assert [payment["merchant_uid"] for payment in answers["list"]["list"]] == ["order-3"]
    assert answers["deleted"]["customer_uid"] == "customer-1"
    assert answers["deletedTwice"]["code"] == "IAMPORT_1"
    assert answers["unknown"]["code"] == "HTTP_404"
    assert answers["refusedCard"]["code"] == "IAMPORT_-1"
    assert answers["stranger"]["code"] == "HTTP_401"
    assert money(server) == MONEY


def test_python(run_python: Run, server: SandboxServer) -> None:
    answers = run_python()
    check_payments(answers["onetime"], answers["partly"], answers["wholly"])
    assert answers["by_imp_uid"] == answers["by_merchant_uid"] == answers["onetime"]
    assert answers["is_paid"] == [True, False]
    assert answers["cancelled_again"] == [1, "이미 전액취소된 주문입니다."]
    assert answers["unknown_cancel"] == [1, "취소할 결제건이 존재하지 않습니다."]
    assert answers["prepared"]["amount"] == 1000
    assert answers["validated"] == [True, False]
    assert answers["read_key"] == answers["key"]
    assert answers["charged"]["status"] == "paid"
    assert answers["charged_without_key"][1] == "등록되지 않은 구매자입니다."
    check_schedules(answers["scheduled"], answers["revoked"])
    assert (answers["schedule"]["merchant_uid"], answers["schedule"]["schedule_status"]) == ("month-1", "scheduled")
    assert [schedule["merchant_uid"] for schedule in answers["between"]["list"]] == ["month-2", "month-1"]
    assert answers["revoked_again"] == [1, "취소할 예약결제 기록이 존재하지 않습니다."]
    assert answers["deleted"]["customer_uid"] == "customer-1"
    assert answers["deleted_again"] == [1, "요청하신 customer_uid(customer-1)로 등록된 정보를 찾을 수 없습니다."]
    assert answers["unknown"] == [404]
    assert answers["uncertified"] == [404]
    code, message = answers["bad_card"]
    assert code == -1
    assert "유효하지않은 카드번호를 입력하셨습니다." in message
    assert answers["stranger"] == [401]
    assert money(server) == MONEY


def test_schedules_of_the_clients_are_charged_when_they_are_due(run_python: Run, server: SandboxServer) -> None:
    """The one that the client left stands, though it has deleted the key since."""
    run_python()
    server.sandbox.clock.advance(days=3)
    schedule = server.sandbox.client().subscribe.get_schedule("month-1")
    assert schedule.schedule_status == "executed"
    assert money(server) == MONEY
