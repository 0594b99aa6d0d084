"""Every answer that is not the one wished for: its class, its status, and never a byte of its body."""

from __future__ import annotations

import json
import traceback
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1 import (
    ApiError,
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    OutcomeUnknownError,
    PortOneError,
    RateLimitError,
    RefusedError,
    ResponseFormatError,
    ServerError,
)

from tests.overlay.harness import Answer, AsyncFlavour, Flavour, ScriptedV1, SyncFlavour, envelope, payment, refused

pytestmark = pytest.mark.usefixtures("decoding")

CANARY = "canary-of-the-body"


def read(client: Any) -> Any:
    return client.payments.get("imp_1")


def write(client: Any) -> Any:
    return client.payments.cancel(imp_uid="imp_1", amount=1000)


def shown(error: BaseException) -> str:
    """Return everything that a log or an error tracker would print."""
    return "".join([str(error), repr(error), *traceback.format_exception(error)])


def failure(flavour: Flavour, v1: ScriptedV1, ask: Any) -> Any:
    error = flavour.client(v1, max_retries=0).failure(ask)
    assert isinstance(error, PortOneError)
    assert CANARY not in shown(error)
    assert len(v1.calls) == 1
    return error


def page(status: int) -> Answer:
    return Answer(status, f"<!doctype html><h1>{CANARY}</h1>".encode(), {"content-type": "text/html"})


GOOD = payment(name=CANARY).body
UNREADABLE: list[tuple[str, Answer, int | None]] = [
    ("a page", page(200), None),
    ("an empty body", Answer(200, b""), None),
    ("only white space", Answer(200, b" \r\n "), None),
    ("no content", Answer(204, b""), None),
    ("a truncated body", Answer(200, GOOD[:-20]), None),
    ("two bodies", Answer(200, GOOD + GOOD), None),
    ("no UTF-8", Answer(200, b"\xff" + GOOD), None),
    ("a list", Answer(200, b'["' + CANARY.encode() + b'"]'), None),
    ("a text", Answer(200, b'"' + CANARY.encode() + b'"'), None),
    ("null", Answer(200, b"null"), None),
    ("no code", Answer(200, b'{"message":null,"response":{"imp_uid":"imp_1"}}'), None),
    ("a null code", envelope({"imp_uid": CANARY}, code=None), None),
    ("a code that is no number", envelope({"imp_uid": CANARY}, code=CANARY), None),
    ("a code that is a fraction", envelope({"imp_uid": CANARY}, code=0.5), None),
    ("a code that is true", envelope({"imp_uid": CANARY}, code=True), None),
    ("a code without an end", Answer(200, b'{"code":' + b"9" * 5000 + b"}"), None),
    (
        "data instead of response",
        Answer(200, b'{"code":0,"message":null,"data":{"name":"' + CANARY.encode() + b'"}}'),
        0,
    ),
    ("a null response", envelope(None), 0),
    ("a response that is text", envelope(CANARY), 0),
    ("a response that is a number", envelope(5), 0),
    ("an empty list", envelope([]), 0),
    ("two where one belongs", envelope([{"imp_uid": "imp_1"}, {"imp_uid": CANARY}]), 0),
    ("nesting without an end", Answer(200, b'{"code":0,"response":' + b"[" * 100_000 + b"]" * 100_000 + b"}"), None),
    ("an object without an end", Answer(200, b'{"a":' * 100_000), None),
    ("moved, with an envelope", envelope({"imp_uid": CANARY}, status=302, location="/elsewhere"), None),
]


@pytest.mark.parametrize(("answer", "code"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE])
def test_an_unreadable_answer(flavour: Flavour, v1: ScriptedV1, answer: Answer, code: int | None) -> None:
    v1.default = answer
    error = failure(flavour, v1, read)
    assert type(error) is ResponseFormatError
    assert (error.status, error.code, error.operation, error.imp_uid) == (answer.status, code, "payments.get", "imp_1")
    assert f"HTTP {answer.status}" in str(error)


@pytest.mark.parametrize(("answer", "code"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE])
def test_an_unreadable_answer_to_a_write(flavour: Flavour, v1: ScriptedV1, answer: Answer, code: int | None) -> None:
    v1.default = answer
    error = failure(flavour, v1, write)
    assert type(error) is OutcomeUnknownError
    assert (error.status, error.code, error.operation) == (answer.status, code, "payments.cancel")
    assert error.imp_uid == "imp_1"
    assert "V1 may have executed the request; read the payment or order before repeating" in str(error)


def expected(status: int, *, enveloped: bool, safe: bool) -> type[PortOneError]:
    if status == 401:
        return AuthenticationError
    if status == 429:
        return RateLimitError
    if status == 501 and enveloped:
        return InvalidRequestError
    if status >= 500 or status == 408:
        return ServerError if safe else OutcomeUnknownError
    if status < 400 or not enveloped:
        return ResponseFormatError if safe else OutcomeUnknownError
    return NotFoundError if status == 404 else InvalidRequestError


@pytest.mark.parametrize("enveloped", [True, False], ids=["envelope", "page"])
@pytest.mark.parametrize("ask", [read, write])
def test_every_status_has_its_class(flavour: Flavour, v1: ScriptedV1, ask: Any, *, enveloped: bool) -> None:
    client = flavour.client(v1, max_retries=0)
    for status in range(300, 600):
        v1.default = refused("안됩니다", code=-1, status=status) if enveloped else page(status)
        error = client.failure(ask)
        kind: Any = type(error)
        assert kind is expected(status, enveloped=enveloped, safe=ask is read), status
        assert error.status == status
        if enveloped and status >= 400:
            assert (error.code, error.message) == (-1, "안됩니다")
        assert CANARY not in shown(error)


def test_the_classes_say_what_to_do_next() -> None:
    executed_nothing = {
        AuthenticationError,
        NotFoundError,
        InvalidRequestError,
        RefusedError,
        RateLimitError,
        ServerError,
    }
    assert all(issubclass(kind, ApiError) for kind in executed_nothing)
    assert not issubclass(OutcomeUnknownError, ApiError)
    assert not issubclass(ResponseFormatError, ApiError)


@pytest.mark.parametrize("ask", [read, write])
@pytest.mark.parametrize("code", [1, -1, 3, "1", "-1"])
def test_a_refusal(flavour: Flavour, v1: ScriptedV1, ask: Any, code: Any) -> None:
    v1.default = envelope(None, code=code, message="이미 전액취소된 주문입니다.")
    error = failure(flavour, v1, ask)
    assert type(error) is RefusedError
    assert (error.status, error.code, error.message) == (200, int(code), "이미 전액취소된 주문입니다.")
    assert str(error).endswith("이미 전액취소된 주문입니다.")


@pytest.mark.parametrize("message", [None, 5, {"a": CANARY}, [CANARY]], ids=repr)
def test_a_refusal_without_words(flavour: Flavour, v1: ScriptedV1, message: Any) -> None:
    v1.default = envelope(None, code=1, message=message)
    error = failure(flavour, v1, write)
    assert type(error) is RefusedError
    assert error.message is None
    assert "refused by PortOne or the PG" in str(error)


def test_a_refusal_with_a_payload_is_a_refusal(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = envelope({"imp_uid": CANARY}, code=1, message="실패")
    assert type(failure(flavour, v1, write)) is RefusedError


@pytest.mark.parametrize("code", [0, "0"])
def test_a_success_with_its_code_as_text(flavour: Flavour, v1: ScriptedV1, code: Any) -> None:
    v1.default = envelope({"imp_uid": "imp_7"}, code=code)
    assert flavour.client(v1).call(read).imp_uid == "imp_7"


def test_a_byte_order_mark_and_a_list_of_one_are_survived(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = Answer(200, b"\xef\xbb\xbf" + envelope([{"imp_uid": "imp_7"}]).body)
    assert flavour.client(v1).call(read).imp_uid == "imp_7"


def test_a_huge_number_is_kept_exact(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = Answer(200, b'{"code":0,"response":{"imp_uid":"imp_1","amount":123456789012345678901234567890.123}}')
    assert str(flavour.client(v1).call(read).amount) == "123456789012345678901234567890.123"


def test_a_success_that_may_come_without_a_payload(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = envelope(None)
    assert flavour.client(v1).call(lambda c: c.naver.confirm("imp_1")) is None


@pytest.mark.parametrize(
    ("payload", "code"),
    [({"error_code": 3, "error": "Invalid delivery", "notices": []}, 3), ({"error_code": "E7", "error": "no"}, None)],
)
def test_a_refusal_inside_a_success(flavour: Flavour, v1: ScriptedV1, payload: Any, code: int | None) -> None:
    v1.default = envelope(payload)
    error = flavour.client(v1).failure(deliver)
    assert type(error) is RefusedError
    assert (error.code, error.message, error.status) == (code, payload["error"], 200)


@pytest.mark.parametrize("payload", [{"success": 1}, {"success": 1, "error_code": 0}, {"error_code": "0"}])
def test_a_success_of_the_same_operation(flavour: Flavour, v1: ScriptedV1, payload: Any) -> None:
    v1.default = envelope(payload)
    flavour.client(v1).call(deliver)


def deliver(client: Any) -> Any:
    return client.paymentwall.register_delivery(
        imp_uid="imp_1",
        merchant_uid="order-1",
        type_="digital",
        status="delivered",
        estimated_delivery_datetime=1_700_000_000,
        estimated_update_datetime=1_700_000_000,
        refundable="yes",
        shipping_address_email="hong@example.com",
    )


def test_a_partial_answer_names_what_is_missing(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = envelope([{"imp_uid": "imp_1"}], status=207)
    found = flavour.client(v1).call(lambda c: c.payments.get_many(imp_uid=["imp_1", "imp_2", "imp_3"]))
    assert [item.imp_uid for item in found] == ["imp_1"]
    assert found.missing == ("imp_2", "imp_3")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=5), SCALARS, max_size=2)
FIELDS = st.sampled_from(["imp_uid", "amount", "paid_at", "status", "cancel_history", "list", "next", "custom_data"])
PAYLOADS = VALUES | st.dictionaries(FIELDS, VALUES) | st.lists(st.dictionaries(FIELDS, VALUES), max_size=3)
ENVELOPES = st.fixed_dictionaries(
    {}, optional={"code": st.sampled_from([0, "0", 1, -1]) | VALUES, "message": VALUES, "response": PAYLOADS}
)
BODIES = st.binary(max_size=60) | (ENVELOPES | VALUES).map(lambda value: json.dumps(value).encode())
ASKED: list[Any] = [
    read,
    write,
    lambda c: c.payments.get_many(imp_uid=["a", "b"]),
    lambda c: c.payments.search("all"),
    lambda c: c.billing_keys.get("a"),
    lambda c: c.naver.confirm("imp_1"),
    lambda c: c.auth.get_token(imp_key="a", imp_secret="b"),
    lambda c: c.request("GET", "/anything"),
]


@pytest.mark.parametrize("kind", [SyncFlavour, AsyncFlavour], ids=["sync", "async"])
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=BODIES, status=st.sampled_from([200, 200, 200, 207, 400, 404, 500]), ask=st.sampled_from(ASKED))
def test_no_body_brings_anything_but_an_answer_or_our_error(
    kind: type[Flavour], body: bytes, status: int, ask: Any
) -> None:
    v1, flavour = ScriptedV1(), kind()
    v1.play(Answer(status, body))
    if ask is ASKED[6]:
        v1.play_token(Answer(status, body))
    try:
        repr(flavour.client(v1, max_retries=0).call(ask))
    except PortOneError as error:
        repr(error)
    finally:
        flavour.finish()
