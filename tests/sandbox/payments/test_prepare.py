"""결제금액 사전등록."""

from __future__ import annotations

from decimal import Decimal

import pytest
from portone_v1_sandbox import Refusal, Sandbox

from tests.sandbox.support import Api

ABSENT = (404, 1, "사전등록된 결제정보가 존재하지 않습니다.")


def prepare(api: Api, amount: object, **fields: object) -> None:
    assert api.post("/payments/prepare", merchant_uid="order-1", amount=amount, **fields).code == 0


def test_create_get_update(api: Api) -> None:
    prepare(api, 12000)
    stored = {"merchant_uid": "order-1", "amount": 12000, "currency": None}
    assert api.get("/payments/prepare/order-1").response == stored
    changed = {"merchant_uid": "order-1", "amount": 15000, "currency": "KRW"}
    assert api.put("/payments/prepare", **changed).response == changed
    assert api.get("/payments/prepare/order-1").response == changed


def test_duplicate(api: Api) -> None:
    prepare(api, 12000)
    answer = api.post("/payments/prepare", merchant_uid="order-1", amount=1)
    words = "결제정보 사전등록에 실패하였습니다(이미 등록된 merchant_uid입니다)."
    assert answer.verdict == (200, 1, words)
    assert api.get("/payments/prepare/order-1").response["amount"] == 12000


def test_absent(api: Api) -> None:
    assert api.get("/payments/prepare/order-9").verdict == ABSENT
    assert api.put("/payments/prepare", merchant_uid="order-9", amount=1).verdict == ABSENT


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": None},
        {"amount": "free"},
        {"amount": -1},
        {"amount": Decimal("0.5"), "currency": "KRW"},
        {"currency": "won"},
        {"merchant_uid": ""},
        {"merchant_uid": "x" * 41},
    ],
)
def test_bad_argument(api: Api, fields: dict[str, object]) -> None:
    body: dict[str, object] = {"merchant_uid": "order-1", "amount": 1000}
    assert api.post("/payments/prepare", **(body | fields)).status == 400


def test_window_with_another_amount_is_stopped(api: Api, sandbox: Sandbox) -> None:
    prepare(api, 12000)
    with pytest.raises(Refusal, match="일치하지 않습니다"):
        sandbox.pay(merchant_uid="order-1", amount=100)
    assert api.get("/payments/find/order-1").status == 404
    assert sandbox.ledger == ()
    assert sandbox.pay(merchant_uid="order-1", amount=12000).status == "paid"


def test_window_with_another_currency_is_stopped(api: Api, sandbox: Sandbox) -> None:
    prepare(api, 12000, currency="KRW")
    with pytest.raises(Refusal, match="일치하지 않습니다"):
        sandbox.pay(merchant_uid="order-1", amount=12000, currency="JPY")
    assert sandbox.pay(merchant_uid="order-1", amount=12000).status == "paid"


def test_charges_by_the_server_are_not_guarded(api: Api) -> None:
    prepare(api, 12000)
    assert api.onetime("order-1", 100).code == 0
