"""결제취소: refunds in whole and in part, and every refusal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from portone_v1_sandbox import Sandbox, SandboxClock

from tests.sandbox.support import START, Api

NOT_FOUND = (200, 1, "취소할 결제건이 존재하지 않습니다.")
ACCOUNT = {"refund_holder": "홍길동", "refund_bank": "04", "refund_account": "00000000001234"}


@pytest.fixture
def imp_uid(api: Api) -> str:
    return str(api.onetime("order-1", 12000).response["imp_uid"])


def refunded(sandbox: Sandbox) -> list[Decimal]:
    return [movement.amount for movement in sandbox.ledger if movement.kind == "refund"]


@pytest.mark.parametrize("fields", [{}, {"amount": 0}, {"amount": None}, {"amount": 12000}])
def test_all_of_it(api: Api, sandbox: Sandbox, imp_uid: str, fields: dict[str, object]) -> None:
    sandbox.clock.advance(minutes=1)
    payment = api.cancel(imp_uid=imp_uid, reason="고객 변심", **fields).response
    wanted = {
        "status": "cancelled",
        "amount": 12000,
        "cancel_amount": 12000,
        "cancelled_at": START + 60,
        "cancel_reason": "고객 변심",
    }
    assert payment.items() >= wanted.items()
    assert refunded(sandbox) == [12000]


def test_in_parts(api: Api, sandbox: Sandbox, imp_uid: str) -> None:
    first = api.cancel(imp_uid=imp_uid, amount=5000, reason="하나 품절").response
    assert (first["status"], first["cancel_amount"]) == ("cancelled", 5000)
    second = api.cancel(imp_uid=imp_uid, amount=3000).response
    assert (second["status"], second["cancel_amount"]) == ("cancelled", 8000)
    rest = api.cancel(imp_uid=imp_uid).response
    assert (rest["status"], rest["cancel_amount"]) == ("cancelled", 12000)
    history = rest["cancel_history"]
    assert [entry["amount"] for entry in history] == [5000, 3000, 4000]
    assert [entry["reason"] for entry in history] == ["하나 품절", "취소요청api", "취소요청api"]
    assert len({entry["cancellation_id"] for entry in history}) == 3
    assert rest["cancel_receipt_urls"] == [entry["receipt_url"] for entry in history]
    assert refunded(sandbox) == [5000, 3000, 4000]
    assert api.get(f"/payments/{imp_uid}").response == rest


def test_status_after_a_part_is_a_switch() -> None:
    api = Api(Sandbox(clock=SandboxClock.frozen_at(START), partial_cancel_status="paid"))
    api.onetime("order-1", 12000)
    assert api.cancel(merchant_uid="order-1", amount=5000).response["status"] == "paid"
    assert api.cancel(merchant_uid="order-1").response["cancel_amount"] == 12000


def test_by_order_number_takes_the_attempt_that_was_paid(api: Api, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-2", amount=1000, status="failed")
    paid = sandbox.pay(merchant_uid="order-2", amount=1000)
    assert api.cancel(merchant_uid="order-2").response["imp_uid"] == paid.imp_uid


def test_imp_uid_wins_even_when_it_is_wrong(api: Api, sandbox: Sandbox, imp_uid: str) -> None:
    other = api.onetime("order-2").response["imp_uid"]
    assert api.cancel(imp_uid=other, merchant_uid="order-1").response["imp_uid"] == other
    assert api.cancel(imp_uid="imp_000000000000", merchant_uid="order-1").verdict == NOT_FOUND
    assert refunded(sandbox) == [1000]
    assert api.get(f"/payments/{imp_uid}").response["status"] == "paid"


def test_unknown_payment(api: Api) -> None:
    assert api.cancel(imp_uid="imp_000000000000").verdict == NOT_FOUND
    assert api.cancel(merchant_uid="order-9").verdict == NOT_FOUND


def test_neither_id(api: Api) -> None:
    assert api.cancel(amount=1).verdict == (400, 1, "imp_uid, merchant_uid 중 하나는 필수입니다.")
    assert api.cancel(imp_uid="", merchant_uid="").status == 400


def test_twice(api: Api, sandbox: Sandbox, imp_uid: str) -> None:
    api.cancel(imp_uid=imp_uid)
    assert api.cancel(imp_uid=imp_uid).verdict == (200, 1, "이미 전액취소된 주문입니다.")
    assert refunded(sandbox) == [12000]


def test_too_much(api: Api, sandbox: Sandbox, imp_uid: str) -> None:
    words = "결제취소에 실패하였습니다.(requested cancel amount is bigger than cancelable amount)"
    assert api.cancel(imp_uid=imp_uid, amount=12001).verdict == (200, -1, words)
    api.cancel(imp_uid=imp_uid, amount=5000)
    assert api.cancel(imp_uid=imp_uid, amount=7001).verdict == (200, -1, words)
    assert refunded(sandbox) == [5000]


def test_checksum_is_the_balance_that_is_left(api: Api, sandbox: Sandbox, imp_uid: str) -> None:
    refused = (200, 1, "취소 가능 잔액이 checksum과 다릅니다.")
    assert api.cancel(imp_uid=imp_uid, amount=5000, checksum=11999).verdict == refused
    assert refunded(sandbox) == []
    assert api.cancel(imp_uid=imp_uid, amount=5000, checksum=12000).code == 0
    assert api.cancel(imp_uid=imp_uid, amount=5000, checksum=12000).verdict == refused
    assert api.cancel(imp_uid=imp_uid, amount=5000, checksum=7000).code == 0
    assert api.cancel(imp_uid=imp_uid, checksum=None).code == 0
    assert refunded(sandbox) == [5000, 5000, 2000]


def test_checksum_of_nothing_is_a_checksum(api: Api, imp_uid: str) -> None:
    assert api.cancel(imp_uid=imp_uid, checksum=0).code == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": 5000, "tax_free": 5001},
        {"amount": 5000, "vat_amount": 5001},
        {"amount": 5000, "tax_free": 4000, "vat_amount": 1001},
        {"tax_free": 12001},
        {"amount": -1},
        {"amount": "half"},
        {"amount": Decimal("0.5")},
        {"checksum": []},
        {"reason": "x" * 257},
        {"refund_bank": "00088"},
        {"extra": "customer"},
    ],
)
def test_bad_argument_is_400_and_refunds_nothing(
    api: Api, sandbox: Sandbox, imp_uid: str, fields: dict[str, object]
) -> None:
    answer = api.cancel(imp_uid=imp_uid, **fields)
    assert (answer.status, answer.code) == (400, 1)
    assert refunded(sandbox) == []


def test_parts_up_to_the_whole(api: Api, imp_uid: str) -> None:
    extra = {"requester": "customer"}
    answer = api.cancel(imp_uid=imp_uid, amount=5000, tax_free=4000, vat_amount=1000, extra=extra)
    assert answer.code == 0


def test_payment_that_is_not_paid(api: Api, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="waits", amount=1000, status="ready")
    sandbox.pay(merchant_uid="failed", amount=1000, status="failed")
    for order in ("waits", "failed"):
        answer = api.cancel(merchant_uid=order)
        assert answer.verdict == (200, 1, "결제가 완료되지 않은 주문은 취소할 수 없습니다.")


def test_virtual_account_without_a_deposit(api: Api, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="waits", amount=1000, status="ready", pay_method="vbank")
    answer = api.cancel(merchant_uid="waits", **ACCOUNT)
    assert answer.verdict == (200, 1, "요청하신 건에 대해 입금된 내역이 없습니다")


def test_paid_virtual_account_needs_an_account_to_refund_to(api: Api, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="vbank")
    bare = api.cancel(merchant_uid="order-1")
    assert (bare.status, bare.code) == (200, 1)
    assert "refund_holder, refund_bank, refund_account" in str(bare.message)
    half = api.cancel(merchant_uid="order-1", **(ACCOUNT | {"refund_bank": ""}))
    assert "(refund_bank)" in str(half.message)
    assert refunded(sandbox) == []
    assert api.cancel(merchant_uid="order-1", **ACCOUNT).response["status"] == "cancelled"


def test_smartro_wants_a_telephone_number_too(api: Api, sandbox: Sandbox) -> None:
    account = ACCOUNT | {"refund_bank": "004"}
    sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="vbank", pg="smartro_v2")
    assert api.cancel(merchant_uid="order-1", refund_tel="010-0000-1234", **account).code == 0
    assert sandbox.journal[-1].advice == []
    sandbox.pay(merchant_uid="order-2", amount=1000, pay_method="vbank", pg="smartro_v2")
    assert api.cancel(merchant_uid="order-2", **account).code == 0
    assert sandbox.journal[-1].advice == ["smartro_v2 refunds vbank with refund_tel"]


def test_cents_are_exact(api: Api, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-1", amount=Decimal("0.30"), currency="USD")
    for _ in range(2):
        assert api.cancel(merchant_uid="order-1", amount=Decimal("0.1")).code == 0
    last = api.cancel(merchant_uid="order-1", checksum=Decimal("0.1")).response
    assert (last["status"], last["cancel_amount"]) == ("cancelled", Decimal("0.3"))


def test_who_asked_for_a_refund_is_a_text(api: Api) -> None:
    paid = api.onetime("order-requester").response["imp_uid"]
    refused = api.cancel(imp_uid=paid, extra={"requester": 1e142})
    assert refused.verdict == (400, 1, "extra.requester 값이 올바르지 않습니다.")
    assert api.cancel(imp_uid=paid, amount=100, extra={"requester": "nobody"}).code == 0
    assert "extra.requester is none of customer, admin" in api.sandbox.journal[-1].advice
