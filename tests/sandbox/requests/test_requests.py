"""Routes, methods, bodies and tiers: what holds for every operation."""

from __future__ import annotations

import json
import re

import pytest
from portone_v1_generated.operations import OPERATIONS, OperationInfo
from portone_v1_sandbox import Request, Sandbox

from tests.sandbox.support import Api

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
UNREADABLE = (400, 1, "요청 본문을 해석할 수 없습니다.")


def address(operation: OperationInfo) -> str:
    return re.sub(r"\{\w+\}", "x1", operation.path)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_every_operation_is_imitated(api: Api, operation: OperationInfo) -> None:
    api.authorize()
    answer = api.send(operation.method, address(operation))
    assert api.sandbox.journal[-1].operation == operation.id
    assert answer.status < 500, answer.message


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_every_operation_but_the_token_wants_a_token(api: Api, operation: OperationInfo) -> None:
    answer = api.send(operation.method, address(operation))
    if operation.id == "auth_get_token":
        assert answer.status == 400
    else:
        assert answer.verdict == (401, -1, "Unauthorized")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/nothing",
        "/payments/",
        "//",
        "/payments//balance",
        "/payments/a/b",
        "/payments/a/b/c/d",
        "payments/x/y",
    ],
)
def test_unknown_route(api: Api, path: str) -> None:
    api.authorize()
    answer = api.send("GET", path)
    if path == "/payments/":  # a list without its ids
        assert answer.status == 400
    else:
        assert answer.verdict == (404, -1, "존재하지 않는 API입니다.")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/users/getToken"), ("DELETE", "/payments/cancel"), ("PATCH", "/banks"), ("HEAD", "/cards")],
)
def test_wrong_method(api: Api, method: str, path: str) -> None:
    assert api.send(method, path).verdict == (405, -1, "허용되지 않는 HTTP method입니다.")


@pytest.mark.parametrize(
    "encoded", ["..%2Fusers%2Fpg", "%2e%2e", "x%2Fbalance", "find%2Forder-1", "%00", "%FF", "a%3Fb%23c", "%"]
)
def test_encoded_id_never_names_another_route(api: Api, encoded: str) -> None:
    answer = api.get(f"/payments/{encoded}")
    assert answer.verdict == (404, -1, "존재하지 않는 결제정보입니다.")
    assert api.sandbox.journal[-1].operation == "payments_get"


def test_id_that_looks_like_a_word_of_another_route(api: Api, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="paid", amount=1000)
    assert api.get("/payments/find/paid").response["merchant_uid"] == "paid"
    assert api.get("/payments/findAll/paid/paid").response["total"] == 1
    assert api.get("/payments/cancel").status == 404  # a look-up of the uid `cancel`


def test_form_does_what_json_does(api: Api) -> None:
    api.authorize()
    form = "merchant_uid=order-1&amount=1000&card_number=4242424242424242&expiry=2030-12&name=%EC%9B%90%EB%91%90"
    payment = api.send("POST", "/subscribe/payments/onetime", form=form).response
    assert (payment["amount"], payment["name"]) == (1000, "원두")
    cancel = "imp_uid=&merchant_uid=order-1&amount=400&checksum=1000&extra[requester]=customer&tax_free="
    assert api.send("POST", "/payments/cancel", form=cancel).response["cancel_amount"] == 400


def test_form_with_brackets_is_unfolded(api: Api) -> None:
    api.authorize()
    form = (
        "merchant_uid=o&amount=1000&card_number=4242424242424242&expiry=2030-12&custom_data[a][]=1&custom_data[a][]=2"
    )
    payment = api.send("POST", "/subscribe/payments/onetime", form=form).response
    assert json.loads(payment["custom_data"]) == {"a": ["1", "2"]}


def test_form_is_read_without_a_content_type_too(api: Api) -> None:
    pair = b"imp_key=sandbox_key&imp_secret=sandbox_secret"
    assert api.send("POST", "/users/getToken", body=pair).status == 200
    pair = json.dumps({"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}).encode()
    assert api.send("POST", "/users/getToken", body=pair).status == 200


def test_numbers_as_text_and_text_as_numbers(api: Api) -> None:
    payment = api.onetime("7", "1000", card_quota="0").response
    assert (payment["merchant_uid"], payment["amount"]) == ("7", 1000)
    assert api.post("/payments/prepare", merchant_uid=7, amount=1).response["merchant_uid"] == "7"


def test_unknown_fields_are_let_through(api: Api) -> None:
    assert api.onetime("order-1", unheard_of=[{"deep": 1.5}], _token="x").code == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"7",
        b"null",
        b'{"imp_key": NaN}',
        b'{"a": [Infinity]}',
        b'{"imp_key": "\xff"}',
        b"\xff\xfe",
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}",
    ],
    ids=repr,
)
def test_malformed_json(api: Api, body: bytes) -> None:
    assert api.send("POST", "/users/getToken", body=body, headers=JSON).verdict == UNREADABLE


@pytest.mark.parametrize(
    "number", [b"9" * 5000, b"1e9999999999999999999", b"1e999999999"], ids=["long", "none", "wide"]
)
def test_a_number_that_nothing_can_hold_is_a_wrong_value(api: Api, number: bytes) -> None:
    api.authorize()
    body = b'{"merchant_uid": "order-1", "amount": %s}' % number
    refused = api.send("POST", "/payments/prepare", body=body, headers=api.headers | JSON)
    assert (refused.status, refused.message) == (400, "amount 값이 올바르지 않습니다.")


def test_json_may_be_nested_but_not_without_end(api: Api) -> None:
    api.authorize()
    headers = api.headers | JSON
    for depth, status in ((63, 200), (64, 400)):
        nested = b"[" * depth + b"]" * depth
        body = b'{"merchant_uid":"o%d","amount":1,"other":%s}' % (depth, nested)
        assert api.send("POST", "/payments/prepare", body=body, headers=headers).status == status


@pytest.mark.parametrize(
    "body", [b"imp_key=\xff\xfe", b"a" + b"[b]" * 9 + b"=1", b"&".join(b"x=1" for _ in range(1001))]
)
def test_malformed_form(api: Api, body: bytes) -> None:
    assert api.send("POST", "/users/getToken", body=body, headers=FORM).verdict == UNREADABLE


@pytest.mark.parametrize("query", ["&".join("x=1" for _ in range(1001)), "a" + "[b]" * 9 + "=1"])
def test_malformed_query(api: Api, query: str) -> None:
    api.authorize()
    assert api.send("GET", "/banks", query=query).verdict == UNREADABLE


@pytest.mark.parametrize(
    "body",
    [
        b'{"merchant_uid":"o","amount":1e15}',
        b'{"merchant_uid":"o","amount":1e999999}',
        b'{"merchant_uid":"o","amount":1e-999999}',
        b'{"merchant_uid":"o","amount":' + b"9" * 4000 + b"}",
        b'{"merchant_uid":"o","amount":"NaN"}',
        b'{"merchant_uid":"o","amount":"1_000"}',
        '{"merchant_uid":"o","amount":"１０００"}'.encode(),
        b'{"merchant_uid":{"a":1},"amount":1}',
        b'{"merchant_uid":["a"],"amount":1}',
        b'{"merchant_uid":true,"amount":1}',
        b'{"merchant_uid":1.5,"amount":1}',
    ],
)
def test_value_of_a_wrong_kind(api: Api, body: bytes) -> None:
    api.authorize()
    answer = api.send("POST", "/payments/prepare", body=body, headers=api.headers | JSON)
    assert (answer.status, answer.code) == (400, 1)
    assert len(json.dumps([repr(entry) for entry in api.sandbox.journal])) < 5000


def test_lone_surrogate_survives(api: Api) -> None:
    api.authorize()
    body = b'{"merchant_uid":"\\ud800","amount":1}'
    answer = api.send("POST", "/payments/prepare", body=body, headers=api.headers | JSON)
    assert answer.response["merchant_uid"] == "\ud800"
    body = b'{"imp_key":"\\ud800","imp_secret":"x"}'
    assert api.send("POST", "/users/getToken", body=body, headers=JSON).status == 401


def test_body_that_is_too_large(api: Api) -> None:
    body = b"x=" + b"1" * (4 * 1024 * 1024)
    assert api.send("POST", "/users/getToken", body=body).verdict == (413, -1, "요청 본문이 너무 큽니다.")
    assert api.send("POST", "/_sandbox/clock", body=body).status == 413


def test_answer_is_written_as_v1_writes_it(api: Api, sandbox: Sandbox) -> None:
    api.authorize()
    api.onetime("a/b", name="원두")
    response = sandbox.handle(Request("GET", "/payments/find/a%2Fb", "", api.headers))
    assert b'"name":"\\uc6d0\\ub450"' in response.body
    assert b'"merchant_uid":"a\\/b"' in response.body
    assert response.json()["response"]["merchant_uid"] == "a/b"


class TestTier:
    def test_records_of_one_tier_are_hidden_from_the_others(self, sandbox: Sandbox) -> None:
        agent, one, two = Api(sandbox), Api(sandbox, tier="AB1"), Api(sandbox, tier="CD2")
        one.issue("card-1")
        imp_uid = one.again("card-1", "order-1").response["imp_uid"]
        one.post("/payments/prepare", merchant_uid="order-2", amount=1)
        assert one.get(f"/payments/{imp_uid}").status == 200
        for other in (agent, two):
            assert other.get(f"/payments/{imp_uid}").status == 404
            assert other.get("/payments/find/order-1").status == 404
            assert other.get("/payments", imp_uid=[imp_uid]).status == 404
            assert other.get("/payments/status/all").response["total"] == 0
            assert other.cancel(imp_uid=imp_uid).code == 1
            assert other.cancel(merchant_uid="order-1").code == 1
            assert other.get("/subscribe/customers/card-1").code == 1
            assert other.again("card-1", "order-3").code == 1
            assert other.get("/payments/prepare/order-2").status == 404
            assert other.onetime("order-1").code == 0
        assert sandbox.ledger[0].tier == "AB1"

    @pytest.mark.parametrize("tier", ["ab1", "ABCD", "A1", "가나다", "A B"])
    def test_code_of_a_wrong_form(self, api: Api, tier: str) -> None:
        api.authorize()
        answer = api.send("GET", "/banks", headers=api.headers | {"Tier": tier})
        assert answer.verdict == (400, 1, "Tier 값이 올바르지 않습니다.")

    def test_token_is_the_agents(self, sandbox: Sandbox) -> None:
        assert Api(sandbox).authorize() == Api(sandbox, tier="AB1").authorize()


@pytest.mark.parametrize("path", ["//users/getToken", "/users/getToken//", "///users/getToken/"])
def test_slashes_around_a_path_are_merged(sandbox: Sandbox, path: str) -> None:
    pair = b"imp_key=sandbox_key&imp_secret=sandbox_secret"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert sandbox.handle(Request("POST", path, "", headers, pair)).status == 200


@pytest.mark.parametrize("name", [" amount", "+amount", "%20%20amount", "amount%00x"])
def test_a_blank_before_the_name_of_a_field_is_dropped(api: Api, sandbox: Sandbox, name: str) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=5000)
    api.authorize()
    refunded = api.send("POST", "/payments/cancel", form=f"imp_uid={paid.imp_uid}&{name}=1000")
    assert refunded.response["cancel_amount"] == 1000


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("amount ", "amount_"),
        ("amount+", "amount_"),
        ("%09amount", "\tamount"),
        ("%0aamount", "\namount"),
        ("amount.", "amount_"),
        ("amount[", "amount_"),
        ("[amount]", "[amount]"),
    ],
)
def test_any_other_name_is_unknown_and_shown_as_php_reads_it(
    api: Api, sandbox: Sandbox, name: str, unknown: str
) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=5000)
    api.authorize()
    refunded = api.send("POST", "/payments/cancel", form=f"imp_uid={paid.imp_uid}&{name}=1000")
    assert refunded.response["cancel_amount"] == 5000  # as V1 would: the shop must see it here
    assert sandbox.journal[-1].unknown == [unknown]


@pytest.mark.parametrize("name", ["extra[requester]", "extra[requester]x", "extra[requester][", "+extra[requester]"])
def test_what_follows_a_bracket_is_dropped(api: Api, sandbox: Sandbox, name: str) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=5000)
    api.authorize()
    assert api.send("POST", "/payments/cancel", form=f"imp_uid={paid.imp_uid}&{name}=admin").code == 0
    assert sandbox.journal[-1].unknown == []
