"""PG별 규칙: the vendor's lists, held against a request that names a channel."""

from __future__ import annotations

from decimal import Decimal

import pytest
from portone_v1_sandbox import DEFAULT_CHANNELS, Channel, Sandbox, SandboxClock

from tests.sandbox.support import START, Answer, Api

MORE = [
    Channel("channel-key-ksnet", "ksnet", "sandboxksnet", "api_payment"),
    Channel("channel-key-toss", "tosspayments", "sandboxtoss", "api_payment"),
    Channel("channel-key-smartro", "smartro_v2", "sandboxsmb", "api_payment"),
    Channel("channel-key-uplus", "uplus", "sandboxuplus", "api_payment"),
]


def sandbox_with(*, pg_rules: bool) -> Sandbox:
    return Sandbox(clock=SandboxClock.frozen_at(START), channels=[*DEFAULT_CHANNELS, *MORE], pg_rules=pg_rules)


@pytest.fixture
def strict() -> Api:
    return Api(sandbox_with(pg_rules=True))


@pytest.fixture
def lax() -> Api:
    return Api(sandbox_with(pg_rules=False))


def schedule(api: Api, **entry: object) -> Answer:
    entries = [{"merchant_uid": "order-1", "schedule_at": START + 60, "amount": 1000} | entry]
    return api.post(
        "/subscribe/payments/schedule", customer_uid="card-1", channel_key="channel-key-smartro", schedules=entries
    )


def test_argument_that_the_pg_needs(strict: Api, lax: Api) -> None:
    order = {"channel_key": "channel-key-ksnet", "birth": "900101"}
    answer = strict.issue("card-1", **order)
    assert answer.verdict == (400, 1, "pwd_2digit 파라메터가 누락되었습니다(ksnet 필수).")
    assert strict.issue("card-1", **order, pwd_2digit="00").code == 0
    assert lax.issue("card-1", **order).response["pg_provider"] == "ksnet"


def test_argument_that_the_pg_does_not_take(strict: Api, lax: Api) -> None:
    answer = strict.onetime("order-1", pg="tosspayments", customer_uid="card-1")
    assert (answer.status, answer.code) == (400, 1)
    assert "customer_uid" in str(answer.message)
    assert vars(strict.sandbox)["_engine"].state.ledger == []
    assert strict.onetime("order-1", pg="tosspayments").response["pg_provider"] == "tosspayments"
    assert lax.onetime("order-1", pg="tosspayments", customer_uid="card-1").code == 0


def test_pg_that_the_operation_is_not_listed_for(strict: Api, lax: Api) -> None:
    for name, value in (("channel_key", "channel-key-uplus"), ("pg", "uplus.sandboxuplus")):
        answer = strict.issue("card-1", **{name: value})
        assert (answer.status, answer.code) == (400, 1)
        assert name in str(answer.message)
        assert "uplus" in str(answer.message)
        assert lax.issue("card-1", **{name: value}).response["pg_provider"] == "uplus"


def test_every_entry_of_a_list(strict: Api, lax: Api) -> None:
    buyer = {"buyer_name": "홍길동", "buyer_email": "hong@example.com"}
    for api in (strict, lax):
        api.issue("card-1")
    answer = schedule(strict, **buyer)
    assert answer.verdict == (400, 1, "schedules[].buyer_tel 파라메터가 누락되었습니다(smartro_v2 필수).")
    assert schedule(strict, **buyer, buyer_tel="010-0000-1234").code == 0
    assert schedule(lax, **buyer).code == 0


def test_channel_that_is_not_named_or_not_known_says_nothing(strict: Api) -> None:
    assert strict.onetime("order-1", pg="nobody").code == 0
    assert strict.onetime("order-2").code == 0
    assert strict.issue("card-1", channel_key="channel-key-none").verdict == (
        400,
        1,
        "channel_key에 해당하는 채널을 찾을 수 없습니다.",
    )


def test_zero_and_false_are_given(strict: Api) -> None:
    answer = strict.post(
        "/subscribe/payments/onetime",
        merchant_uid="order-1",
        amount=Decimal(1000),
        card_number="4242424242424242",
        expiry="2030-12",
        pg="ksnet",
        buyer_name="홍길동",
        product_type="real",
    )
    assert answer.code == 0


def test_receipts_say_themselves_that_a_pg_has_none(strict: Api) -> None:
    fields = {"amount": 1000, "identifier": "01000001234", "name": "원두", "channel_key": "channel-key-uplus"}
    assert strict.post("/receipts/external/order-1", **fields).status == 501
