"""The cases of the old client's own test suite, in our words, in its order of files."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1.compat.iamport import Iamport
from portone_v1_sandbox import TEST_CARDS

from .conftest import Shop

ORDER = "order-20260310-1"
CARD = {"expiry": "2031-03", "birth": "880101"}
SCHEDULE = {"merchant_uid": ORDER, "schedule_at": 1_900_000_000, "amount": 5000, "name": "정기배송"}


def test_a_cancellation_needs_its_reason(iamport: Iamport) -> None:
    with pytest.raises(TypeError):
        iamport.cancel(imp_uid="nothing")  # type: ignore[call-arg]


def test_an_unknown_payment_can_not_be_cancelled(iamport: Iamport) -> None:
    with pytest.raises(Iamport.ResponseError) as refused:
        iamport.cancel("고객 변심", imp_uid="nothing")
    assert (refused.value.code, refused.value.message) == (1, "취소할 결제건이 존재하지 않습니다.")


def test_a_partial_cancellation_carries_amount_and_checksum(iamport: Iamport, shop: Shop) -> None:
    paid = shop.sandbox.pay(merchant_uid=ORDER, amount=12000)
    answer = iamport.cancel("고객 변심", imp_uid=paid.imp_uid, amount=5000, checksum=12000, tax_free=0)
    assert (answer["imp_uid"], answer["cancel_amount"], answer["status"]) == (paid.imp_uid, 5000, "cancelled")
    assert answer["cancel_history"][0]["reason"] == "고객 변심"


@pytest.mark.parametrize("method", ["find_certification", "cancel_certification"])
def test_an_unknown_certification_is_an_http_error_that_says_why(iamport: Iamport, shop: Shop, method: str) -> None:
    verb = "GET" if method.startswith("find") else "DELETE"
    shop.answers[f"{verb} /certifications/imp_12341234"] = (404, 1, "인증결과가 존재하지 않습니다.", None)
    with pytest.raises(iamport.HttpError) as failed:
        getattr(iamport, method)("imp_12341234")
    assert (failed.value.code, failed.value.reason) == (404, "Not Found")
    assert failed.value.message == "인증결과가 존재하지 않습니다."


def test_a_billing_key_needs_a_card_number(iamport: Iamport) -> None:
    with pytest.raises(KeyError, match="Essential parameter is missing!: card_number"):
        iamport.customer_create(customer_uid="customer_1234", **CARD)


def test_a_card_that_is_refused_gives_no_billing_key(iamport: Iamport) -> None:
    number = TEST_CARDS["not_issued"].number
    with pytest.raises(iamport.ResponseError) as refused:
        iamport.customer_create(customer_uid="customer_1234", card_number=number, **CARD)
    assert refused.value.code == -1
    assert "카드정보 인증 및 빌키 발급에 실패하였습니다." in refused.value.message


def test_an_unknown_customer_is_a_response_error(iamport: Iamport) -> None:
    with pytest.raises(iamport.ResponseError) as refused:
        iamport.customer_get("000000")
    assert refused.value.code == 1
    assert "000000" in refused.value.message


def test_find_needs_an_id(iamport: Iamport) -> None:
    with pytest.raises(KeyError):
        iamport.find()


@pytest.mark.parametrize("ids", [{"imp_uid": "test"}, {"merchant_uid": "âàáaā"}])
def test_an_unknown_payment_is_an_http_error(iamport: Iamport, ids: dict[str, str]) -> None:
    with pytest.raises(iamport.HttpError) as failed:
        iamport.find(**ids)
    assert (failed.value.code, failed.value.message) == (404, "존재하지 않는 결제정보입니다.")


def test_find_with_a_status(iamport: Iamport, shop: Shop) -> None:
    shop.sandbox.pay(merchant_uid=ORDER, amount=1000)
    with pytest.raises(iamport.HttpError) as failed:
        iamport.find_by_merchant_uid(ORDER, status="cancelled")
    assert failed.value.code == 404
    assert iamport.find_by_merchant_uid(merchant_uid=ORDER)["merchant_uid"] == ORDER
    assert iamport.find_by_merchant_uid(merchant_uid=ORDER, status="paid")["merchant_uid"] == ORDER


def test_is_paid_with_a_response(iamport: Iamport) -> None:
    assert iamport.is_paid(amount=1000, response={"status": "paid", "amount": 1000}, merchant_uid="test") is True


def test_is_paid_without_a_response_looks_the_order_up(iamport: Iamport, shop: Shop) -> None:
    shop.sandbox.pay(merchant_uid=ORDER, amount=12000)
    assert iamport.is_paid(amount=1000, merchant_uid=ORDER) is False
    assert iamport.is_paid(amount=12000, merchant_uid=ORDER) is True


def test_a_charge_needs_its_customer(iamport: Iamport) -> None:
    with pytest.raises(KeyError, match="Essential parameter is missing!: customer_uid"):
        iamport.pay_again(merchant_uid=ORDER, amount=5000)


def test_an_unknown_customer_can_not_be_charged(iamport: Iamport) -> None:
    with pytest.raises(iamport.ResponseError) as refused:
        iamport.pay_again(customer_uid="00000000", merchant_uid=ORDER, amount=5000, name="정기배송")
    assert refused.value.code == 1
    assert refused.value.message == "등록되지 않은 구매자입니다."


def test_the_foreign_payment_checks_its_arguments_and_tells_what_v1_says(iamport: Iamport) -> None:
    payment = {"merchant_uid": ORDER, "amount": 100, "card_number": "4242-4242-4242-4242"}
    with pytest.raises(KeyError, match="Essential parameter is missing!: expiry"):
        iamport.pay_foreign(**payment)
    with pytest.raises(iamport.HttpError) as failed:
        iamport.pay_foreign(**payment, expiry="2031-03")
    assert failed.value.code == 404


def test_a_one_time_payment_needs_a_card_number(iamport: Iamport) -> None:
    with pytest.raises(KeyError, match="Essential parameter is missing!: card_number"):
        iamport.pay_onetime(merchant_uid=ORDER, amount=5000, pwd_2digit="19", **CARD)


def test_a_card_that_is_refused_pays_nothing(iamport: Iamport, shop: Shop) -> None:
    number = TEST_CARDS["not_issued"].number
    with pytest.raises(iamport.ResponseError) as refused:
        iamport.pay_onetime(merchant_uid=ORDER, amount=5000, card_number=number, pwd_2digit="19", **CARD)
    assert refused.value.code == -1
    assert "카드정보 인증에 실패하였습니다." in refused.value.message
    assert not shop.sandbox.ledger


def test_a_schedule_needs_its_customer(iamport: Iamport) -> None:
    with pytest.raises(KeyError, match="customer_uid is required"):
        iamport.pay_schedule(schedules=[SCHEDULE])


@pytest.mark.parametrize("missing", ["merchant_uid", "schedule_at", "amount"])
def test_every_schedule_needs_its_fields(iamport: Iamport, missing: str) -> None:
    schedule = {name: value for name, value in SCHEDULE.items() if name != missing}
    with pytest.raises(KeyError, match=f"Essential parameter is missing!: {missing}"):
        iamport.pay_schedule(customer_uid="00000000", schedules=[SCHEDULE, schedule])


def test_an_unknown_customer_can_not_be_scheduled(iamport: Iamport, shop: Shop) -> None:
    shop.answers["POST /subscribe/payments/schedule"] = (200, 1, "등록되지 않은 구매자입니다.", None)
    with pytest.raises(iamport.ResponseError) as refused:
        iamport.pay_schedule(customer_uid="00000000", schedules=[SCHEDULE])
    assert refused.value.code == 1
    assert shop.sent() == (
        "POST",
        "/subscribe/payments/schedule",
        {"customer_uid": "00000000", "schedules": [SCHEDULE]},
    )


def test_unscheduling_needs_its_customer(iamport: Iamport) -> None:
    with pytest.raises(KeyError, match="customer_uid is required"):
        iamport.pay_unschedule(merchant_uid=ORDER)


@pytest.mark.parametrize("named", [{}, *({"merchant_uid": blank} for blank in (None, [], "", [""], [" "], [None]))])
def test_unscheduling_everything_must_be_explicit(iamport: Iamport, shop: Shop, named: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="ALL"):
        iamport.pay_unschedule(customer_uid="00000000", **named)
    assert not any("unschedule" in str(request) for request in shop.requests)


def test_where_nothing_is_scheduled_nothing_is_unscheduled(iamport: Iamport, shop: Shop) -> None:
    expected = "취소할 예약결제 기록이 존재하지 않습니다."
    shop.answers["POST /subscribe/payments/unschedule"] = (200, 1, expected, None)
    with pytest.raises(iamport.ResponseError) as refused:
        iamport.pay_unschedule(customer_uid="00000000", merchant_uid=ORDER)
    assert (refused.value.code, refused.value.message) == (1, expected)


def test_a_prepared_amount_is_kept_and_compared(iamport: Iamport) -> None:
    prepared = iamport.prepare(merchant_uid=ORDER, amount=12000)
    assert (prepared["merchant_uid"], prepared["amount"]) == (ORDER, 12000)
    assert iamport.prepare_validate(merchant_uid=ORDER, amount=12000) is True
    assert iamport.prepare_validate(merchant_uid=ORDER, amount=11999) is False
