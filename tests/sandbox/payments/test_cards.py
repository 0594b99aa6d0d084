"""The test cards, and what becomes of a card number."""

from __future__ import annotations

import gc

import pytest
from portone_v1_sandbox import TEST_CARDS, Sandbox

from tests.sandbox.support import START, Api

INVALID = "[F112]유효하지않은 카드번호를 입력하셨습니다. (card_bin 없음)"


@pytest.mark.parametrize("name", ["ordinary", "debit", "bc"])
def test_ordinary_cards_work(api: Api, name: str) -> None:
    number = TEST_CARDS[name].number
    assert api.issue("card-1", card_number=number).response["card_code"] == TEST_CARDS[name].card_code
    assert api.again("card-1", "order-1").response["status"] == "paid"
    assert api.onetime("order-2", card_number=number).response["status"] == "paid"


@pytest.mark.parametrize("number", ["4242424242424242", "4242 4242 4242 4242", "4242.4242.4242.4242"])
def test_separators_do_not_matter(api: Api, number: str) -> None:
    assert api.onetime("order-1", card_number=number).response["card_number"] == "424242******4242"


def test_any_number_that_passes_the_check_works(api: Api) -> None:
    assert api.onetime("order-1", card_number="378282246310005").response["card_number"] == "378282*****0005"


@pytest.mark.parametrize("number", ["4242-4242-4242-4241", "1234", "card", "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "4" * 40])
def test_number_that_fails_the_check(api: Api, sandbox: Sandbox, number: str) -> None:
    onetime, issue = api.onetime("order-1", card_number=number), api.issue("card-1", card_number=number)
    assert onetime.verdict == (200, -1, f"카드정보 인증에 실패하였습니다. {INVALID}")
    assert issue.verdict == (200, -1, f"카드정보 인증 및 빌키 발급에 실패하였습니다. {INVALID}")
    assert sandbox.ledger == ()
    assert api.get("/subscribe/customers/card-1").code == 1


def test_card_that_is_not_issued(api: Api) -> None:
    number = TEST_CARDS["not_issued"].number
    issue, onetime = api.issue("card-1", card_number=number), api.onetime("order-1", card_number=number)
    assert issue.verdict == (200, -1, "카드정보 인증 및 빌키 발급에 실패하였습니다. [SB01] 거래정지카드")
    assert onetime.verdict == (200, -1, "카드정보 인증에 실패하였습니다. [SB01] 거래정지카드")
    assert api.get("/subscribe/customers/card-1").code == 1
    assert api.get("/payments/find/order-1").status == 404


def test_card_whose_charges_are_refused(api: Api, sandbox: Sandbox) -> None:
    assert api.issue("card-1", card_number=TEST_CARDS["charge_refused"].number).code == 0
    answer = api.again("card-1", "order-1")
    assert answer.verdict == (200, -1, "결제승인에 실패하였습니다. [SB02] 카드사 점검중")
    assert sandbox.ledger == ()


def test_card_whose_charges_fail_with_code_0(api: Api, sandbox: Sandbox) -> None:
    assert api.issue("card-1", card_number=TEST_CARDS["charge_failed"].number).code == 0
    payment = api.again("card-1", "order-1").response
    assert (payment["status"], payment["fail_reason"]) == ("failed", "[SB03] 잔액부족")
    assert payment["paid_at"] == 0
    assert payment["failed_at"] == sandbox.clock.now()
    assert sandbox.ledger == ()


def test_card_that_has_expired(api: Api) -> None:
    assert "유효기간" in str(api.issue("card-1", expiry="2026-02").message)
    answer = api.onetime("order-1", expiry="2026-02")
    assert (answer.status, answer.code) == (200, -1)
    assert api.onetime("order-1", expiry="2026-03").response["status"] == "paid"


def test_month_of_expiry_ends_in_korea(api: Api, sandbox: Sandbox) -> None:
    # 2026-03-31 23:30 and 2026-04-01 00:30 in Korea, both March in London.
    sandbox.clock.advance(days=21, hours=13, minutes=30)
    assert api.onetime("order-1", expiry="2026-03").code == 0
    sandbox.clock.advance(hours=1)
    api.authorize()
    assert api.onetime("order-2", expiry="2026-03").code == -1


def test_whole_numbers_are_kept_nowhere(api: Api, sandbox: Sandbox) -> None:
    number = "".join(["4012", "8888", "8888", "1881"])
    api.onetime("order-1", card_number=number, customer_uid="card-1", custom_data="x")
    api.issue("card-2", card_number=number)
    sandbox.pay(merchant_uid="order-2", amount=1000, card_number=number)
    seen: set[int] = set()
    pending: list[object] = [sandbox]
    while pending:
        item = pending.pop()
        if id(item) in seen or isinstance(item, type) or callable(item):
            continue
        seen.add(id(item))
        assert not (isinstance(item, str | bytes) and number in str(item))
        pending += gc.get_referents(item)
    assert len(seen) > 100


@pytest.mark.parametrize("cvc", ["12", "12345", "12a", "¿Ä 1"])
def test_a_security_code_is_three_or_four_digits(api: Api, cvc: str) -> None:
    refused = (400, 1, "cvc 값이 올바르지 않습니다.")
    assert api.issue("card-9", cvc=cvc).verdict == refused
    assert api.onetime("order-9", cvc=cvc).verdict == refused
    entry = {"merchant_uid": "order-9", "schedule_at": START + 60, "amount": 1000}
    scheduled = api.post("/subscribe/payments/schedule", customer_uid="card-9", schedules=[entry], cvc=cvc)
    assert scheduled.verdict == refused
    assert api.issue("card-9", cvc="123").code == 0
