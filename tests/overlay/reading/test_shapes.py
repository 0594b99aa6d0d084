"""Operations that V1 answers in more than one shape: each is read, and typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from portone_v1 import InvalidRequestError, NotFoundError, OutcomeUnknownError, RefusedError, ResponseFormatError
from portone_v1.models import Customer, PagedSchedule, PaymentwallDelivery, ScheduleResult, SuperBillingKey

from tests.overlay.harness import Answer, Flavour, ScriptedV1, envelope

pytestmark = pytest.mark.usefixtures("decoding")

SCHEDULE = {"merchant_uid": "order-1", "amount": 9900, "schedule_at": 1_800_000_000, "schedule_status": "scheduled"}
PLAIN = {"customer_uid": "customer-1", "pg_provider": "nice", "card_name": "신한카드"}
SUPER = {"customer_uid": "customer-2", "channelGroupId": "group-1", "succeededChannels": [], "failedChannels": []}

LISTS: list[Callable[[Any], Any]] = [
    lambda c: c.subscribe.list_schedules(schedule_from=1_700_000_000, schedule_to=1_700_086_400),
    lambda c: c.subscribe.list_customer_schedules("customer-1"),
    lambda c: c.billing_keys.list_schedules("customer-1"),
]
PAYMENTS: list[Callable[[Any], Any]] = [
    lambda c: c.payments.find_all("order-1"),
    lambda c: c.payments.search("paid", from_=1_700_000_000, to=1_700_086_400),
    lambda c: c.billing_keys.list_payments("customer-1"),
]


@pytest.mark.parametrize("ask", LISTS, ids=["range", "customer", "billing key"])
@pytest.mark.parametrize(
    "payload",
    [
        [SCHEDULE],
        {"total": 1, "previous": 0, "next": 0, "list": [SCHEDULE]},
        {"total": 1, "next": False, "list": [SCHEDULE]},
    ],
    ids=["array", "page", "false for a page number"],
)
def test_schedules_as_a_page_or_as_an_array(flavour: Flavour, v1: ScriptedV1, ask: Any, payload: Any) -> None:
    v1.play(envelope(payload))
    page = flavour.client(v1).call(ask)
    assert isinstance(page, PagedSchedule)
    assert [schedule.merchant_uid for schedule in page.items] == ["order-1"]
    assert (page.total, not page.next) == (1, True)


@pytest.mark.parametrize(
    "payload",
    [
        {"total": 3, "list": "schedules"},
        {"total": 0, "list": 7},
        {"total": 3, "list": True},
        {"total": 3, "list": None},
        {"total": "3", "previous": 0, "next": 0},
        {"total": 3, "next": 2, "schedules": [SCHEDULE]},
    ],
)
def test_a_page_without_its_list_is_not_an_empty_one(flavour: Flavour, v1: ScriptedV1, payload: Any) -> None:
    client = flavour.client(v1)
    for ask in (*LISTS, *PAYMENTS):
        v1.play(envelope(payload))
        error = client.failure(ask)
        assert type(error) is ResponseFormatError
        assert "code 0 without the expected payload" in str(error)


@pytest.mark.parametrize("payload", [{}, {"total": 0, "list": None}, {"total": None, "list": ""}, {"list": False}])
def test_a_page_that_found_nothing_is_empty(flavour: Flavour, v1: ScriptedV1, payload: Any) -> None:
    client = flavour.client(v1)
    for ask in (*LISTS, *PAYMENTS):
        v1.play(envelope(payload))
        assert list(client.call(ask)) == []


@pytest.mark.parametrize("payload", [SCHEDULE, [SCHEDULE]], ids=["object", "array of one"])
def test_one_schedule_as_an_object_or_as_an_array_of_one(flavour: Flavour, v1: ScriptedV1, payload: Any) -> None:
    v1.play(envelope(payload))
    found = flavour.client(v1).call(lambda c: c.subscribe.get_schedule("order-1"))
    assert isinstance(found, ScheduleResult)
    assert found.merchant_uid == "order-1"


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c.billing_keys.get("customer-1"),
        lambda c: c.billing_keys.delete("customer-1"),
        lambda c: c.billing_keys.issue("customer-1", card_number="4242424242424242", expiry="2031-12"),
    ],
    ids=["get", "delete", "issue"],
)
def test_a_billing_key_of_one_channel_or_of_a_group(flavour: Flavour, v1: ScriptedV1, ask: Any) -> None:
    v1.play(envelope(PLAIN), envelope(SUPER))
    client = flavour.client(v1)
    plain, group = client.call(ask), client.call(ask)
    assert (type(plain), plain.card_name) == (Customer, "신한카드")
    assert (type(group), group.channel_group_id) == (SuperBillingKey, "group-1")


def test_both_kinds_of_billing_keys_in_one_list(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(envelope([PLAIN, SUPER], status=207))
    found = flavour.client(v1).call(
        lambda c: c.billing_keys.get_many(customer_uid=["customer-1", "customer-2", "gone"])
    )
    assert [type(key) for key in found] == [Customer, SuperBillingKey]
    assert found.missing == ("gone",)


@pytest.mark.parametrize(("status", "kind"), [(200, RefusedError), (404, NotFoundError)])
def test_an_error_with_data_in_place_of_response_keeps_its_message(
    flavour: Flavour, v1: ScriptedV1, status: int, kind: type[Exception]
) -> None:
    message = "현금영수증을 발급 한 내역이 존재하지 않습니다."
    v1.play(Answer(status, f'{{"code":-1,"message":"{message}","data":null}}'.encode()))
    error = flavour.client(v1).failure(lambda c: c.receipts.get("imp_1"))
    assert (type(error), error.code, error.message) == (kind, -1, message)


def deliver(client: Any) -> Any:
    return client.paymentwall.register_delivery(
        imp_uid="imp_1",
        merchant_uid="order-1",
        type_="digital",
        status="delivered",
        estimated_delivery_datetime=1_800_000_000,
        estimated_update_datetime=1_800_000_000,
        refundable="no",
        shipping_address_email="gildong@example.com",
    )


def test_paymentwall_says_yes_in_its_own_words(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(envelope({"success": 1}))
    done = flavour.client(v1).call(deliver)
    assert (type(done), done.success) == (PaymentwallDelivery, 1)


def test_paymentwall_says_no_under_code_0(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(envelope({"error_code": 3001, "error": "Wrong reference id", "notices": []}))
    error = flavour.client(v1).failure(deliver)
    assert (type(error), error.code, error.message) == (RefusedError, 3001, "Wrong reference id")


def test_kcps_refusal_has_an_error_and_no_response(flavour: Flavour, v1: ScriptedV1) -> None:
    body = '{"code":-1,"message":"해제에 실패하였습니다.","error":{"code":"C210","message":"등록된 거래가 없습니다."}}'
    v1.play(Answer(200, body.encode()))
    error = flavour.client(v1).failure(lambda c: c.kcp_quick.release_fido("member-1", channel_key="channel-key-1"))
    assert (type(error), error.code, error.message) == (RefusedError, -1, "해제에 실패하였습니다.")


@pytest.mark.parametrize(
    "ask",
    [lambda c: c.naver.confirm("imp_1"), lambda c: c.naver.deposit_point("imp_1")],
    ids=["confirm", "point"],
)
def test_a_bare_envelope_is_a_success(flavour: Flavour, v1: ScriptedV1, ask: Any) -> None:
    v1.play(Answer(200, b'{"code":0,"message":null}'))
    assert flavour.client(v1).call(ask) is None


def test_success_with_neither_payload_nor_bare_envelope_is_unknown(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(Answer(200, b'{"code":0,"message":null}'))
    error = flavour.client(v1).failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=100))
    assert type(error) is OutcomeUnknownError


def test_not_supported_by_this_pg_is_no_unknown_outcome(flavour: Flavour, v1: ScriptedV1) -> None:
    """501 is V1's documented answer for it, and nothing was done."""
    v1.play(envelope(None, code=-1, message="지원하지 않는 PG사입니다.", status=501))
    error = flavour.client(v1).failure(lambda c: c.receipts.issue("imp_1", identifier="010-0000-1234"))
    assert (type(error), error.status) == (InvalidRequestError, 501)
