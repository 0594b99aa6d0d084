"""`webhooks.parse`: what PortOne posts, and everything else that arrives at an open URL."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1 import PortOneError
from portone_v1.webhooks import WebhookEvent, WebhookFormatError, parse

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=UTF-8", "APPLICATION/JSON", None, ""])
@pytest.mark.parametrize("start", ["", "  \n", "\ufeff"])
def test_json(content_type: str | None, start: str) -> None:
    text = start + '{"imp_uid":"imp_1","merchant_uid":"주문 1","status":"paid","cancellation_id":null}'
    assert parse(text.encode(), content_type) == WebhookEvent("imp_1", "주문 1", "paid")
    assert parse(text, content_type) == WebhookEvent("imp_1", "주문 1", "paid")


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", FORM.title(), None])
def test_form(content_type: str | None) -> None:
    body = urlencode({"imp_uid": "imp_1", "merchant_uid": "주문 1&2", "status": "cancelled", "cancellation_id": "c-1"})
    assert parse(body.encode(), content_type) == WebhookEvent("imp_1", "주문 1&2", "cancelled", "c-1")


def test_what_else_is_in_it_is_kept_and_not_shown() -> None:
    body = b'{"imp_uid":"imp_1","event":"Inicis.Escrow.Changed","extra":{"escrow_status":"4"},"name":"canary"}'
    notice = parse(body, JSON)
    assert notice.extra == {"event": "Inicis.Escrow.Changed", "extra": {"escrow_status": "4"}, "name": "canary"}
    assert "canary" not in repr(notice)


BAD: list[tuple[Any, str | None]] = [
    (b"", JSON),
    (b"", FORM),
    (b"", None),
    (b"{", JSON),
    (b"[]", JSON),
    (b'["imp_uid"]', JSON),
    (b"null", JSON),
    (b"17", JSON),
    (b'"imp_1"', JSON),
    (b'{"imp_uid":"imp_1"}{}', JSON),
    (b"[" * 60_000, JSON),
    (b'{"imp_uid":' * 5_000, JSON),
    (b'{"imp_uid":' + b"9" * 50_000 + b"}", JSON),
    (b"\xff\xfe{}", JSON),
    ('{"imp_uid":"imp_1","merchant_uid":"주문"}'.encode("euc-kr"), f"{JSON}; charset=euc-kr"),
    (b"imp_uid=imp_1", JSON),
    (b"&".join(b"a=1" for _ in range(100)), FORM),
    (b'{"imp_uid":"imp_1","x":"' + b"x" * 70_000 + b'"}', JSON),
    (b"imp_uid=imp_1&x=" + b"x" * 70_000, FORM),
]


@pytest.mark.parametrize(("body", "content_type"), BAD)
def test_what_is_no_webhook(body: bytes, content_type: str | None) -> None:
    with pytest.raises(WebhookFormatError) as caught:
        parse(body, content_type)
    assert isinstance(caught.value, PortOneError)
    assert caught.value.__cause__ is None
    assert "imp_1" not in str(caught.value)


@pytest.mark.parametrize("name", ["imp_uid", "merchant_uid", "status", "cancellation_id"])
@pytest.mark.parametrize(
    "value",
    ["true", "{}", '["imp_1"]', '"a\\u0000"', '"\\ud800"', f'"{"x" * 257}"', "1.5"],
)
def test_fields_that_are_no_short_texts(name: str, value: str) -> None:
    other = "" if name == "imp_uid" else ',"imp_uid":"imp_1"'
    with pytest.raises(WebhookFormatError):
        parse(f'{{"{name}":{value}{other}}}'.encode(), JSON)


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "\u202ea"])
def test_an_order_number_may_have_invisible_characters_and_an_imp_uid_may_not(value: str) -> None:
    for name in ("merchant_uid", "status", "cancellation_id"):
        assert getattr(parse(json.dumps({"imp_uid": "imp_1", name: value}), JSON), name) == value
    with pytest.raises(WebhookFormatError):
        parse(json.dumps({"imp_uid": value}), JSON)


def test_json_with_the_content_type_of_a_form_is_read() -> None:
    assert parse(b'{"imp_uid":"imp_1"}', FORM) == WebhookEvent("imp_1")


def test_an_order_number_of_digits_only_may_come_as_a_number() -> None:
    assert parse(b'{"imp_uid":"imp_1","merchant_uid":20261129}', JSON).merchant_uid == "20261129"
    with pytest.raises(WebhookFormatError):
        parse(f'{{"imp_uid":"imp_1","merchant_uid":{"9" * 300}}}'.encode(), JSON)


@pytest.mark.parametrize(
    "body", ["{}", '{"imp_uid":null}', '{"imp_uid":""}', '{"imp_uid":" "}', '{"imp_uid":"."}', '{"imp_uid":".."}']
)
def test_no_payment_is_named(body: str) -> None:
    with pytest.raises(WebhookFormatError):
        parse(body, JSON)


def test_v2_says_where_to_change_it() -> None:
    with pytest.raises(WebhookFormatError, match="V1 in the console"):
        parse(b'{"type":"Transaction.Paid","data":{"paymentId":"p-1"}}', JSON)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.sampled_from([JSON, FORM, None, "text/plain", ";;", "multipart/form-data"]))
def test_nothing_else_is_ever_raised(body: bytes, content_type: str | None) -> None:
    try:
        notice = parse(body, content_type)
    except WebhookFormatError:
        return
    assert notice.imp_uid


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["imp_uid", "merchant_uid", "status", "type", "data", "extra"]), VALUES))
def test_nested_junk(fields: dict[str, Any]) -> None:
    try:
        notice = parse(json.dumps(fields), JSON)
    except WebhookFormatError:
        return
    assert notice.imp_uid == str(fields["imp_uid"])
