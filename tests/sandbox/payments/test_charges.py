"""비인증 결제: onetime and again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from portone_v1_sandbox import TEST_CARDS, Sandbox

from tests.sandbox.support import START, Api
from tests.schemas import document

ORDER = {
    "name": "원두 500g",
    "buyer_name": "홍길동",
    "buyer_email": "hong@example.com",
    "buyer_tel": "010-0000-1234",
    "buyer_addr": "서울특별시 가상구 예시로 1",
    "buyer_postcode": "00001",
}


def test_onetime_answers_a_paid_payment_with_every_field(api: Api) -> None:
    payment = api.onetime("order-1", 12000, custom_data={"basket": 7}, **ORDER).response
    schema = document()["components"]["schemas"]["Payment"]["properties"]
    assert list(payment) == sorted(schema.keys() - {"extension"})
    assert payment["imp_uid"].startswith("imps_")
    assert payment.items() >= ORDER.items()
    wanted: dict[str, object] = {
        "merchant_uid": "order-1",
        "amount": 12000,
        "cancel_amount": 0,
        "currency": "KRW",
        "status": "paid",
        "channel": "api",
        "pay_method": "card",
        "pg_provider": "nice_v2",
        "sandbox": False,
        "started_at": START,
        "paid_at": START,
        "failed_at": 0,
        "cancelled_at": 0,
        "fail_reason": None,
        "cancel_reason": None,
        "cancel_history": [],
        "card_number": "424242******4242",
        "card_code": "366",
        "card_name": "신한카드",
        "card_quota": 0,
        "card_type": 0,
        "vbank_date": 0,
        "vbank_num": None,
        "customer_uid": None,
        "customer_uid_usage": None,
        "custom_data": '{"basket":7}',
    }
    assert payment.items() >= wanted.items()


def test_charge_is_in_the_ledger(api: Api, sandbox: Sandbox) -> None:
    payment = api.onetime("order-1", 12000).response
    (movement,) = sandbox.ledger
    assert (movement.kind, movement.at) == ("charge", START)
    assert movement.amount == 12000
    assert (movement.imp_uid, movement.merchant_uid) == (payment["imp_uid"], "order-1")


def test_paid_order_is_not_charged_again(api: Api, sandbox: Sandbox) -> None:
    api.issue("card-1")
    api.onetime("order-1")
    for answer in (api.onetime("order-1"), api.again("card-1", "order-1")):
        assert answer.verdict == (
            200,
            1,
            "이미 주문이 이루어진 건입니다. (동일한 merchant_uid로 결제 또는 취소된 기록이 있습니다)",
        )
    assert len(sandbox.ledger) == 1


def test_refunded_order_is_not_charged_again_either(api: Api) -> None:
    api.onetime("order-1")
    api.cancel(merchant_uid="order-1")
    assert api.onetime("order-1").code == 1


def test_failed_order_may_be_tried_again(api: Api) -> None:
    number = TEST_CARDS["charge_failed"].number
    assert api.onetime("order-1", card_number=number).response["status"] == "failed"
    assert api.onetime("order-1").response["status"] == "paid"
    assert api.get("/payments/findAll/order-1").response["total"] == 2


def test_onetime_with_a_name_keeps_the_card_for_later(api: Api) -> None:
    payment = api.onetime("order-1", customer_uid="card-1", **ORDER).response
    assert (payment["customer_uid"], payment["customer_uid_usage"]) == ("card-1", "issue")
    key = api.get("/subscribe/customers/card-1").response
    assert (key["customer_name"], key["card_number"]) == ("홍길동", "424242******4242")
    later = api.again("card-1", "order-2").response
    assert (later["customer_uid"], later["customer_uid_usage"]) == ("card-1", "payment")


def test_again_charges_the_stored_card(api: Api, sandbox: Sandbox) -> None:
    api.issue("card-1", card_number=TEST_CARDS["debit"].number)
    payment = api.again("card-1", "order-1", 9900).response
    assert payment["imp_uid"].startswith("imps_")
    assert (payment["status"], payment["amount"], payment["name"]) == ("paid", 9900, "구독")
    assert (payment["card_number"], payment["card_type"]) == ("555555******4444", 1)
    assert sandbox.ledger[-1].amount == 9900


def test_again_without_a_key(api: Api) -> None:
    assert api.again("nobody", "order-1").verdict == (200, 1, "등록되지 않은 구매자입니다.")


@pytest.mark.parametrize(
    ("currency", "amount", "code"), [("USD", "12.34", 0), ("USD", "12.345", 1), ("KWD", "1.234", 0)]
)
def test_a_currency_has_so_many_decimals(api: Api, currency: str, amount: str, code: int) -> None:
    card = {"card_number": "4242424242424242", "expiry": "2099-12"}
    sent = {"merchant_uid": "order-1", "amount": amount, "currency": currency}
    assert api.post("/subscribe/payments/onetime", **card, **sent).code == code


def test_an_unknown_key_goes_before_a_long_order_number(api: Api) -> None:
    sent = {"merchant_uid": "n" * 60, "amount": 1000, "name": "x"}
    response = api.post("/subscribe/payments/again", customer_uid="nobody", **sent)
    assert (response.status, response.code, response.message) == (200, 1, "등록되지 않은 구매자입니다.")
    api.issue("card-1")
    assert api.post("/subscribe/payments/again", customer_uid="card-1", **sent).status == 400


def test_fractions_of_other_currencies_are_exact(api: Api, sandbox: Sandbox) -> None:
    api.authorize()
    body = b'{"merchant_uid":"o","amount":24.10,"currency":"USD","card_number":"4242424242424242","expiry":"2030-12"}'
    headers = api.headers | {"Content-Type": "application/json"}
    payment = api.send("POST", "/subscribe/payments/onetime", body=body, headers=headers).response
    assert payment["amount"] == Decimal("24.1")
    assert sandbox.ledger[0].amount == Decimal("24.10")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"amount": Decimal("1000.5")}, "amount"),
        ({"tax_free": Decimal("0.5")}, "tax_free"),
        ({"amount": -1000}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": "천원"}, "amount"),
        ({"amount": {"total": 8900}}, "amount"),
        ({"amount": True}, "amount"),
        ({"tax_free": 1001}, "tax_free"),
        ({"tax_free": 600, "vat_amount": 500}, "vat_amount"),
        ({"currency": "won"}, "currency"),
        ({"card_quota": -1}, "card_quota"),
        ({"card_quota": "many"}, "card_quota"),
        ({"expiry": "12/30"}, "expiry"),
        ({"expiry": "2030-13"}, "expiry"),
        ({"merchant_uid": "x" * 41}, "merchant_uid"),
        ({"interest_free_by_merchant": "perhaps"}, "interest_free_by_merchant"),
    ],
)
def test_bad_argument_is_400_and_charges_nothing(
    api: Api, sandbox: Sandbox, fields: dict[str, object], named: str
) -> None:
    answer = api.onetime(**({"merchant_uid": "order-1"} | fields))
    assert (answer.status, answer.code) == (400, 1)
    assert named in str(answer.message)
    assert sandbox.ledger == ()


@pytest.mark.parametrize("name", ["merchant_uid", "amount", "card_number", "expiry"])
def test_missing_argument_is_400(api: Api, name: str) -> None:
    answer = api.onetime(**{"merchant_uid": "order-1", name: None})
    assert answer.verdict == (400, 1, f"{name} 파라메터가 누락되었습니다.")


def test_instalments_from_fifty_thousand_won(api: Api) -> None:
    assert api.onetime("order-1", 49_999, card_quota=2).code == -1
    assert api.onetime("order-1", 50_000, card_quota=2).response["card_quota"] == 2


def test_smart_routing_is_not_imitated_and_says_so(api: Api) -> None:
    answer = api.onetime("order-1", channelGroupId="channel-group-1")
    assert (answer.status, answer.code) == (501, -1)
    assert "smart-routing" in str(answer.message)
