"""빌링키: issue, look up, delete, list what was charged."""

from __future__ import annotations

import pytest
from portone_v1_sandbox import DEFAULT_CHANNELS, Channel, Refusal, Sandbox, SandboxClock

from tests.sandbox.support import START, Api
from tests.schemas import document

CUSTOMER = {
    "customer_id": "hong",
    "customer_name": "홍길동",
    "customer_tel": "010-0000-1234",
    "customer_email": "hong@example.com",
    "customer_addr": "서울특별시 가상구 예시로 1",
    "customer_postcode": "00001",
}
UNKNOWN = "요청하신 customer_uid(nobody)로 등록된 정보를 찾을 수 없습니다."


def test_issue_answers_every_field(api: Api) -> None:
    key = api.issue("card-1", **CUSTOMER).response
    schema = document()["components"]["schemas"]["Customer"]["properties"]
    assert list(key) == sorted(schema)
    wanted = {"customer_uid": "card-1", "pg_provider": "nice_v2", "sandbox": False, "inserted": START}
    assert key.items() >= (CUSTOMER | wanted).items()
    assert api.get("/subscribe/customers/card-1").response == key


def test_issuing_again_replaces_the_card_without_a_word(api: Api) -> None:
    api.issue("card-1")
    api.issue("card-1", card_number="5555-5555-5555-4444")
    assert api.get("/subscribe/customers/card-1").response["card_number"] == "555555******4444"


def test_name_with_a_slash_is_one_name(api: Api) -> None:
    assert api.issue("a%2Fpayments%3F").response["customer_uid"] == "a/payments?"
    assert api.get("/subscribe/customers/a%2Fpayments%3F").response["customer_uid"] == "a/payments?"


def test_name_is_decoded_once(api: Api) -> None:
    assert api.issue("100%2525").response["customer_uid"] == "100%25"


def test_name_of_81_characters_is_too_long(api: Api) -> None:
    assert api.issue("n" * 80).code == 0
    assert api.issue("n" * 81).verdict == (400, 1, "customer_uid 값은 80자를 넘을 수 없습니다.")


def test_unknown_name_is_refused_with_200_and_code_1(api: Api) -> None:
    assert api.get("/subscribe/customers/nobody").verdict == (200, 1, UNKNOWN)
    assert api.delete("/subscribe/customers/nobody").verdict == (200, 1, UNKNOWN)


def test_payments_of_an_unknown_name_are_an_empty_list_as_in_the_go_suite(api: Api) -> None:
    """It passes `page=0`, and takes any other code than 0 for an error."""
    empty = {"list": [], "next": 0, "previous": 0, "total": 0}
    for page in (0, 1):
        answer = api.get("/subscribe/customers/nobody/payments", page=page)
        assert (answer.status, answer.code, answer.response) == (200, 0, empty)
    api.issue("card-1")
    api.again("card-1", "order-1")
    api.delete("/subscribe/customers/card-1")
    assert api.get("/subscribe/customers/card-1/payments").response["total"] == 1


def test_unknown_name_is_404_where_the_switch_says_so() -> None:
    api = Api(Sandbox(clock=SandboxClock.frozen_at(START), unknown_billing_key_status=404))
    assert api.get("/subscribe/customers/nobody").verdict == (404, 1, UNKNOWN)
    assert api.delete("/subscribe/customers/nobody").verdict == (404, 1, UNKNOWN)
    assert api.get("/subscribe/customers/nobody/payments").verdict == (404, 1, UNKNOWN)


def test_delete_answers_the_key_and_ends_it(api: Api) -> None:
    key = api.issue("card-1").response
    query = "reason=%ED%83%88%ED%87%B4&extra%5Brequester%5D=customer"
    assert api.delete("/subscribe/customers/card-1", query).response == key
    assert api.get("/subscribe/customers/card-1").code == 1
    assert api.again("card-1", "order-1").code == 1


def test_delete_for_a_requester_that_the_vendor_does_not_list(api: Api) -> None:
    api.issue("card-1")
    assert api.delete("/subscribe/customers/card-1", "extra[requester]=nobody").code == 0
    assert api.get("/subscribe/customers/card-1").code == 1


def test_several_at_once(api: Api) -> None:
    for name in ("card-1", "card-2"):
        api.issue(name)
    whole = api.get("/subscribe/customers", customer_uid=["card-1", "card-2"])
    assert (whole.status, [key["customer_uid"] for key in whole.response]) == (200, ["card-1", "card-2"])
    part = api.get("/subscribe/customers", customer_uid=["card-2", "nobody"])
    assert (part.status, [key["customer_uid"] for key in part.response]) == (207, ["card-2"])
    none = api.get("/subscribe/customers", customer_uid=["nobody"])
    assert none.verdict == (404, 1, "요청하신 customer_uid로 등록된 정보를 찾을 수 없습니다.")


def test_at_most_a_hundred_at_once(api: Api) -> None:
    names = [f"card-{number}" for number in range(101)]
    assert api.get("/subscribe/customers", customer_uid=names).status == 400
    assert api.get("/subscribe/customers", customer_uid=names[:100]).status == 404
    assert api.get("/subscribe/customers").status == 400


def test_payments_of_a_key_page_by_page(api: Api, sandbox: Sandbox) -> None:
    api.issue("card-1")
    api.onetime("other")
    for number in range(21):
        sandbox.clock.advance(seconds=1)
        api.again("card-1", f"order-{number}")
    first = api.get("/subscribe/customers/card-1/payments").response
    assert (first["total"], first["previous"], first["next"], len(first["list"])) == (21, 0, 2, 20)
    assert first["list"][0]["merchant_uid"] == "order-20"
    second = api.get("/subscribe/customers/card-1/payments", page=2).response
    assert (second["previous"], second["next"]) == (1, 0)
    assert [payment["merchant_uid"] for payment in second["list"]] == ["order-0"]


def test_key_belongs_to_the_channel_that_issued_it(api: Api) -> None:
    test_channel = next(c for c in DEFAULT_CHANNELS if c.sandbox and c.type == "api_payment")
    key = api.issue("card-1", channel_key=test_channel.channel_key).response
    assert (key["pg_id"], key["sandbox"]) == (test_channel.pg_id, True)
    payment = api.again("card-1", "order-1").response
    assert (payment["pg_id"], payment["sandbox"]) == (test_channel.pg_id, True)
    assert api.get(f"/payments/{payment['imp_uid']}").status == 404


@pytest.mark.parametrize(
    ("pg", "pg_provider"), [("kcp", "kcp"), ("kcp.sandboxkcp", "kcp"), ("kcp.other", "nice_v2"), ("no", "nice_v2")]
)
def test_pg_chooses_or_falls_back_to_the_default(api: Api, pg: str, pg_provider: str) -> None:
    assert api.issue("card-1", pg=pg).response["pg_provider"] == pg_provider
    assert api.onetime("order-1", pg=pg).response["pg_provider"] == pg_provider


def test_channel_key_that_does_not_fit(api: Api) -> None:
    window = next(c for c in DEFAULT_CHANNELS if c.type == "payment")
    refused = (200, 1, "비인증결제모듈 사용정보를 찾을 수 없습니다.")
    assert api.issue("card-1", channel_key=window.channel_key).verdict == refused
    unknown = api.issue("card-1", channel_key="channel-key-unknown")
    assert unknown.verdict == (400, 1, "channel_key에 해당하는 채널을 찾을 수 없습니다.")
    api.issue("card-2")
    assert api.again("card-2", "order-1", channel_key="channel-key-unknown").status == 400


def test_merchant_without_a_channel_for_cards() -> None:
    channels = [Channel("channel-key-1", "kcp", "mid", "payment")]
    api = Api(Sandbox(clock=SandboxClock.frozen_at(START), channels=channels))
    assert api.issue("card-1").verdict == (200, 1, "비인증결제모듈 사용정보를 찾을 수 없습니다.")


@pytest.mark.parametrize("pg_provider", ["ksnet", "tosspayments"])
def test_some_pgs_keep_no_card_of_a_onetime_payment(pg_provider: str) -> None:
    channels = [Channel("channel-key-1", pg_provider, "mid", "api_payment")]
    api = Api(Sandbox(clock=SandboxClock.frozen_at(START), channels=channels))
    assert api.onetime("order-1", customer_uid="card-1").code == 0
    assert api.get("/subscribe/customers/card-1").code == 1


def test_a_pg_without_a_channel_falls_back_and_is_shown(api: Api, sandbox: Sandbox) -> None:
    """V1 takes the default channel without a word (documented), and the shop charges another merchant account."""
    advice = "unknown pg 'nicee.shop1': nice_v2.sandboxbill is used"
    assert api.issue("card-1", pg="nicee.shop1").response["pg_provider"] == "nice_v2"
    assert sandbox.journal[-1].advice == [advice]
    assert api.onetime("order-1", pg="nicee.shop1").response["pg_provider"] == "nice_v2"
    assert sandbox.journal[-1].advice == [advice]
    for pg in ("nice_v2", "kcp", "nice_v2.sandboxbill"):
        api.issue("card-1", pg=pg)
        assert sandbox.journal[-1].advice == []


def test_strict_refuses_a_pg_without_a_channel() -> None:
    sandbox = Sandbox(strict=True)
    api = Api(sandbox)
    api.authorize()
    unknown = (400, 1, "등록된 PG 설정 정보가 없습니다.")
    assert api.issue("card-1", pg="nicee").verdict == unknown
    assert api.onetime("order-1", pg="nicee").verdict == unknown
    with pytest.raises(Refusal, match="PG 설정"):
        sandbox.pay(merchant_uid="order-1", amount=1000, pg="kakaopay")
    assert not sandbox.ledger
    assert api.issue("card-1", pg="kcp").response["pg_provider"] == "kcp"


def test_a_key_of_kakaopay_money_charges_money() -> None:
    """Captured of a scheduled charge: corpus:payment-kakaopay-point-scheduled-2022."""
    box = Sandbox(clock=SandboxClock.frozen_at(START))
    issued = box.pay(merchant_uid="o1", amount=1000, pg="kakaopay", pay_method="point", customer_uid="card-1")
    assert (issued.pay_method, issued.apply_num) == ("point", "")
    api = Api(box)
    key = api.get("/subscribe/customers/card-1").response
    assert (key["card_name"], key["card_number"], key["card_type"]) == (None, None, None)
    charged = api.again("card-1", "o2").response
    shown = ("pay_method", "apply_num", "card_number", "card_name", "card_quota", "customer_uid_usage")
    assert [charged[name] for name in shown] == ["point", None, None, None, 0, "payment"]
    box.faults.decline_next(customer_uid="card-1")
    assert api.again("card-1", "o3").response["status"] == "failed"
