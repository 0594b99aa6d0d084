"""Where the bridge is the old client, and where it is better on purpose."""

from __future__ import annotations

import inspect
import json
import pickle
from decimal import Decimal

import httpx
import pytest
from portone_v1 import ConfigurationError, NotSentError, OutcomeUnknownError, PortOneError
from portone_v1.compat.iamport import IAMPORT_API_URL, Iamport
from portone_v1_sandbox import TEST_CARDS, Sandbox

from .conftest import Shop

OLD_SIGNATURES = {
    "cancel": "(reason, **kwargs)",
    "cancel_by_imp_uid": "(imp_uid, reason, **kwargs)",
    "cancel_by_merchant_uid": "(merchant_uid, reason, **kwargs)",
    "cancel_certification": "(imp_uid)",
    "customer_create": "(**kwargs)",
    "customer_delete": "(customer_uid)",
    "customer_get": "(customer_uid)",
    "find": "(**kwargs)",
    "find_by_imp_uid": "(imp_uid)",
    "find_by_merchant_uid": "(merchant_uid, status=None)",
    "find_by_status": "(status, **params)",
    "find_certification": "(imp_uid)",
    "is_paid": "(amount, **kwargs)",
    "pay_again": "(**kwargs)",
    "pay_foreign": "(**kwargs)",
    "pay_onetime": "(**kwargs)",
    "pay_schedule": "(**kwargs)",
    "pay_schedule_get": "(merchant_id)",
    "pay_schedule_get_between": "(**kwargs)",
    "pay_unschedule": "(**kwargs)",
    "prepare": "(merchant_uid, amount)",
    "prepare_validate": "(merchant_uid, amount)",
    "revoke_vbank_by_imp_uid": "(imp_uid)",
}
BRIDGE = "is a temporary bridge"
CARD = {"card_number": TEST_CARDS["ordinary"].number, "expiry": "2031-03", "birth": "880101"}


def plain_signature(iamport: Iamport, name: str) -> str:
    signature = inspect.signature(getattr(iamport, name))
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(inspect.Signature(bare))


def test_every_method_of_the_old_client_is_there(iamport: Iamport) -> None:
    assert {name: plain_signature(iamport, name) for name in OLD_SIGNATURES} == OLD_SIGNATURES


def test_it_warns_once_that_it_is_a_bridge_and_names_the_page() -> None:
    with pytest.warns(DeprecationWarning, match=r"migration/iamport-rest-client\.md") as caught:
        iamport = Iamport("sandbox_key", "sandbox_secret", "https://v1.example.com/")
    assert [warning.filename for warning in caught] == [__file__]
    assert "sandbox_secret" not in repr(vars(iamport))
    assert "https://v1.example.com" in repr(iamport.client)


def test_the_old_constructor_talks_to_the_usual_address() -> None:
    with pytest.warns(DeprecationWarning, match=BRIDGE):
        iamport = Iamport(imp_key="sandbox_key", imp_secret="sandbox_secret")
    assert IAMPORT_API_URL.rstrip("/") in repr(iamport.client)


def test_plain_http_does_not_leave_this_machine() -> None:
    with pytest.warns(DeprecationWarning, match=BRIDGE), pytest.raises(ConfigurationError):
        Iamport("sandbox_key", "sandbox_secret", imp_url="http://v1.example.com/")


def test_a_page_by_status_which_the_old_client_could_not(iamport: Iamport, shop: Shop) -> None:
    paid = shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    page = iamport.find_by_status("paid", limit=10, page=1)
    assert page["total"] == 1
    assert [payment["imp_uid"] for payment in page["list"]] == [paid.imp_uid]


def test_a_key_is_issued_charged_read_and_deleted(iamport: Iamport, shop: Shop) -> None:
    assert iamport.customer_create(customer_uid="customer-1", **CARD)["customer_uid"] == "customer-1"
    charged = iamport.pay_again(customer_uid="customer-1", merchant_uid="order-1", amount=9900, name="정기배송")
    assert (charged["status"], charged["amount"], charged["merchant_uid"]) == ("paid", 9900, "order-1")
    assert iamport.customer_get("customer-1")["customer_uid"] == "customer-1"
    assert iamport.customer_delete("customer-1")["customer_uid"] == "customer-1"
    assert [movement.amount for movement in shop.sandbox.ledger] == [9900]


def test_a_one_time_payment_is_found_by_both_ids(iamport: Iamport) -> None:
    paid = iamport.pay_onetime(merchant_uid="order-1", amount=5000, pwd_2digit="19", name="책", **CARD)
    assert iamport.find(imp_uid=paid["imp_uid"]) == iamport.find(merchant_uid="order-1") == paid


def test_answers_are_what_json_gave(iamport: Iamport, shop: Shop) -> None:
    shop.sandbox.pay(merchant_uid="order-1", amount=Decimal("10.50"), currency="USD")
    payment = iamport.find_by_merchant_uid("order-1")
    assert isinstance(payment["amount"], float)
    assert json.loads(json.dumps(payment)) == payment
    assert iamport.is_paid(10.5, merchant_uid="order-1")
    assert iamport.is_paid(Decimal("10.50"), merchant_uid="order-1")


def test_a_float_goes_out_with_its_own_digits(iamport: Iamport, shop: Shop) -> None:
    iamport.prepare("order-1", 12000.0)
    assert shop.requests[-1].read() == b'{"merchant_uid":"order-1","amount":12000.0}'


def test_numbers_as_ids_are_taken_as_before(iamport: Iamport, shop: Shop) -> None:
    shop.sandbox.pay(merchant_uid="1234", amount=1000)
    assert iamport.find_by_merchant_uid(1234)["merchant_uid"] == "1234"  # type: ignore[arg-type]
    assert iamport.is_paid(1000, merchant_uid=1234)


@pytest.mark.parametrize("merchant_uid", ["a/b?c", "../status/paid", "주문 1"])
def test_an_id_stays_one_id(iamport: Iamport, shop: Shop, merchant_uid: str) -> None:
    shop.sandbox.pay(merchant_uid=merchant_uid, amount=1000)
    assert iamport.find_by_merchant_uid(merchant_uid)["merchant_uid"] == merchant_uid


def test_another_orders_payment_does_not_pay_mine(iamport: Iamport, shop: Shop) -> None:
    other = shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    response = iamport.find_by_imp_uid(other.imp_uid)
    assert iamport.is_paid(1000, merchant_uid="order-1", response=response)
    assert not iamport.is_paid(1000, merchant_uid="order-2", response=response)
    assert not iamport.is_paid(1000, merchant_uid="order-1", imp_uid="imp_1", response=response)


def test_is_paid_that_names_no_order_warns(iamport: Iamport, shop: Shop) -> None:
    paid = shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    with pytest.warns(UserWarning, match="pass merchant_uid"):
        assert iamport.is_paid(1000, imp_uid=paid.imp_uid)


def test_a_test_payment_pays_nothing_unless_it_may() -> None:
    sandbox = Sandbox()
    paid = sandbox.pay(merchant_uid="order-1", amount=1000, sandbox=True)
    with sandbox.client() as client:
        with pytest.warns(DeprecationWarning, match=BRIDGE):
            live, staging = Iamport(client=client), Iamport(client=client, allow_test=True)
        assert not live.is_paid(1000, merchant_uid="order-1")
        with pytest.raises(Iamport.HttpError, match="404"):
            live.find_by_imp_uid(paid.imp_uid)
        assert staging.is_paid(1000, merchant_uid="order-1")
        assert staging.find_by_imp_uid(paid.imp_uid)["sandbox"] is True


@pytest.mark.parametrize("amount", [0, 0.0, Decimal(0), -1, "0", None, "", float("nan")])
def test_a_refund_of_nothing_is_not_a_refund_of_everything(iamport: Iamport, shop: Shop, amount: object) -> None:
    paid = shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    with pytest.raises(ValueError, match="amount must be greater than 0"):
        iamport.cancel("고객 변심", imp_uid=paid.imp_uid, amount=amount)
    assert len(shop.sandbox.ledger) == 1


def test_a_refund_without_an_amount_refunds_the_full_balance(iamport: Iamport, shop: Shop) -> None:
    shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    assert iamport.cancel("고객 변심", merchant_uid="order-1")["status"] == "cancelled"
    with pytest.raises(Iamport.ResponseError, match="이미 전액취소된 주문입니다"):
        iamport.cancel_by_merchant_uid("order-1", "고객 변심")
    with pytest.raises(KeyError):
        iamport.cancel("고객 변심")


def test_schedules_are_read_and_virtual_accounts_revoked_by_their_old_names(iamport: Iamport, shop: Shop) -> None:
    shop.answers = {
        "GET /subscribe/payments/schedule/order-1": (404, 1, "예약결제 기록이 존재하지 않습니다.", None),
        "GET /subscribe/payments/schedule": (200, 0, None, {"total": 0, "list": []}),
        "DELETE /vbanks/imp_1": (400, 1, "입금대기 상태가 아닙니다.", None),
    }
    with pytest.raises(Iamport.HttpError, match="404"):
        iamport.pay_schedule_get("order-1")
    assert shop.sent() == ("GET", "/subscribe/payments/schedule/order-1", None)
    iamport.pay_schedule_get_between(schedule_from=1_900_000_000, schedule_to=1_900_086_400)
    query = "schedule_from=1900000000&schedule_to=1900086400"
    assert shop.sent() == ("GET", f"/subscribe/payments/schedule?{query}", None)
    with pytest.raises(KeyError, match="schedule_to"):
        iamport.pay_schedule_get_between(schedule_from=1_900_000_000)
    with pytest.raises(Iamport.HttpError):
        iamport.revoke_vbank_by_imp_uid("imp_1")
    assert shop.sent()[:2] == ("DELETE", "/vbanks/imp_1")


def test_one_token_serves_all_calls(iamport: Iamport, shop: Shop) -> None:
    shop.sandbox.pay(merchant_uid="order-1", amount=1000)
    for _ in range(3):
        iamport.find(merchant_uid="order-1")
    assert [request.url.path for request in shop.requests].count("/users/getToken") == 1


def test_wrong_keys_are_an_http_error() -> None:
    sandbox = Sandbox()
    with sandbox.client(imp_secret="wrong") as client:
        with pytest.warns(DeprecationWarning, match=BRIDGE):
            iamport = Iamport(client=client)
        with pytest.raises(Iamport.HttpError) as failed:
            iamport.find_by_imp_uid("imp_1")
    assert (failed.value.code, failed.value.reason) == (401, "Unauthorized")


def bridge_over(answer: httpx.Response | Exception) -> Iamport:
    """Return a bridge whose every call after the token's gets this answer."""
    sandbox = Sandbox()
    token = sandbox.transport()

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            return token.handle_request(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.warns(DeprecationWarning, match=BRIDGE):
        return Iamport(client=sandbox.client(transport=httpx.MockTransport(handle), max_retries=0))


def test_a_failing_server_after_a_charge_is_an_http_error_that_says_it_may_have_been_executed() -> None:
    iamport = bridge_over(httpx.Response(502, text="<html>bad gateway</html>"))
    with iamport.client, pytest.raises(Iamport.HttpError) as failed:
        iamport.cancel("고객 변심", imp_uid="imp_1")
    assert (failed.value.code, failed.value.reason) == (502, "Bad Gateway")
    assert isinstance(failed.value.__cause__, OutcomeUnknownError)
    assert "may have executed" in str(failed.value)


@pytest.mark.parametrize("status", [404, 520])
def test_a_page_instead_of_json_keeps_its_status(status: int) -> None:
    iamport = bridge_over(httpx.Response(status, text="<html>no</html>"))
    with iamport.client, pytest.raises(Iamport.HttpError) as failed:
        iamport.find_by_imp_uid("imp_1")
    assert failed.value.code == status


def test_a_missing_response_raises_the_sdks_own_errors() -> None:
    refused = bridge_over(httpx.ConnectError("refused"))
    with refused.client, pytest.raises(NotSentError):
        refused.cancel("고객 변심", imp_uid="imp_1")
    silent = bridge_over(httpx.ReadTimeout("silent"))
    with silent.client, pytest.raises(OutcomeUnknownError):
        silent.cancel("고객 변심", imp_uid="imp_1")
    unreadable = bridge_over(httpx.Response(200, text="<html>"))
    with unreadable.client, pytest.raises(OutcomeUnknownError):
        unreadable.cancel("고객 변심", imp_uid="imp_1")


def test_what_a_pg_echoes_stands_in_message_alone() -> None:
    number = "4242424242424242"
    body = {"code": -1, "message": f"거절된 카드입니다({number}, 12)", "response": None}
    iamport = bridge_over(httpx.Response(200, json=body))
    with iamport.client, pytest.raises(Iamport.ResponseError) as refused:
        iamport.pay_onetime(
            merchant_uid="order-1", amount=1, card_number=number, expiry="2031-03", birth="880101", pwd_2digit="12"
        )
    assert number in str(refused.value.message)
    assert number not in f"{refused.value} {refused.value!r}"


def test_errors_are_the_sdks_and_travel_between_processes() -> None:
    for error in (Iamport.ResponseError(1, "안 됩니다"), Iamport.HttpError(404, "Not Found", "없습니다")):
        assert isinstance(error, PortOneError)
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), copy.code, copy.message) == (type(error), error.code, error.message)
    assert Iamport.HttpError(500, "Internal Server Error").message == "Internal Server Error"
    assert "안 됩니다" in str(Iamport.ResponseError(1, "안 됩니다"))
