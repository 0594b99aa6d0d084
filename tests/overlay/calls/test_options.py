"""Options of a copy and of a call, raw answers, and the ways past the specification."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from portone_v1 import ConfigurationError, OutcomeUnknownError, RawResponse, RefusedError, ServerError
from portone_v1_generated.api.payments import GET
from portone_v1_runtime.operation import Call

from tests.overlay.harness import Answer, Flavour, ScriptedV1, envelope, payment, refused


def read(client: Any) -> Any:
    return client.payments.get("imp_1")


def test_a_copy_changes_only_the_named_options(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1, tier="AB1", timeout=7)
    other = client.with_options(tier="CD2")
    assert type(other.raw) is type(client.raw)
    for asked in (client, other, client.with_options(tier=None), client.with_options(timeout=3), client):
        asked.call(read)
    assert [request.headers.get("tier") for request in v1.calls] == ["AB1", "CD2", None, "AB1", "AB1"]
    assert [request.timeout["read"] for request in v1.calls] == [7, 7, 7, 3, 7]
    assert len(v1.token_calls) == 1


def test_copies_of_copies(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1).with_options(tier="AB1").with_options(max_retries=0).with_options(timeout=3)
    v1.play(Answer(503, b""))
    assert type(client.failure(read)) is ServerError
    assert (v1.calls[0].headers["tier"], v1.calls[0].timeout["read"]) == ("AB1", 3)


def test_an_area_that_was_used_before_copying_is_not_shared(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1)
    client.call(read)
    client.with_options(tier="AB1").call(read)
    assert v1.calls[1].headers["tier"] == "AB1"


@pytest.mark.parametrize("options", [{"retries": 1}, {"imp_key": "other"}, {"base_url": "https://example.com"}])
def test_an_option_that_does_not_exist(flavour: Flavour, v1: ScriptedV1, options: Any) -> None:
    client = flavour.client(v1)
    with pytest.raises(TypeError, match=next(iter(options))):
        client.with_options(**options)
    error = client.failure(lambda c: c.payments.get("imp_1", **options))
    assert type(error) is TypeError
    assert str(error) == f"payments.get: unknown argument {next(iter(options))}"
    assert v1.requests == []


def test_options_of_one_call(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1, tier="AB1", timeout=7)
    client.call(lambda c: c.payments.get("imp_1", tier="CD2", timeout=1.5))
    client.call(lambda c: c.payments.get("imp_1", tier=None, timeout=None))
    client.call(read)
    assert [request.headers.get("tier") for request in v1.calls] == ["CD2", None, "AB1"]
    assert [request.timeout["read"] for request in v1.calls] == [1.5, None, 7]


def test_a_raw_answer(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = envelope({"imp_uid": "imp_1"}, message="잘됨", x_request_id="abc")
    answer = flavour.client(v1).call(lambda c: c.payments.with_raw_response.get("imp_1"))
    assert isinstance(answer, RawResponse)
    assert (answer.status, answer.code, answer.message, answer.data.imp_uid) == (200, 0, "잘됨", "imp_1")
    assert answer.headers["X-Request-Id"] == "abc"
    assert repr(answer) == "<RawResponse 200 code=0>"


def test_a_raw_answer_is_checked_all_the_same(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(refused(), Answer(200, b"<html>"))
    client = flavour.client(v1)
    cancel = lambda c: c.payments.with_raw_response.cancel(imp_uid="imp_1", amount=5)  # noqa: E731
    assert type(client.failure(cancel)) is RefusedError
    assert type(client.failure(cancel)) is OutcomeUnknownError


def test_a_partial_answer_is_207(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = envelope([{"imp_uid": "imp_1"}], status=207)
    answer = flavour.client(v1).call(lambda c: c.payments.with_raw_response.get_many(imp_uid=["imp_1", "imp_2"]))
    assert (answer.status, answer.data.missing) == (207, ("imp_2",))


def test_query_parameters_that_are_not_known(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1)
    client.call(lambda c: c.payments.get("imp_1", extra_query={"new": "a b&c", "include_sandbox": "1"}))
    client.call(lambda c: c.payments.get("imp_1", include_sandbox=True, extra_query={"include_sandbox": "1"}))
    v1.default = envelope([])
    client.call(lambda c: c.payments.get_many(imp_uid=["a", "b"], extra_query={"한글": "값"}))
    assert sorted(v1.calls[0].query) == [("include_sandbox", "1"), ("new", "a b&c")]
    assert v1.calls[1].query == [("include_sandbox", "1")]
    assert v1.calls[2].query == [("imp_uid[]", "a"), ("imp_uid[]", "b"), ("한글", "값")]


def test_every_character_arrives_in_a_path_and_in_a_query(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1)
    for character in [*map(chr, range(33, 127)), "값"]:
        name = f"a{character}b"
        client.call(lambda c, name=name: c.payments.find(name, extra_query={name: name}))
        assert v1.calls[-1].query == [(name, name)]
        assert v1.calls[-1].path == f"/payments/find/{quote(name, safe='')}"


def test_body_fields_that_are_not_known(flavour: Flavour, v1: ScriptedV1) -> None:
    flavour.client(v1).call(
        lambda c: c.payments.cancel(
            imp_uid="imp_1",
            amount=Decimal("10.50"),
            extra_body={"new": {"deep": [1, None]}, "reason": "다른 이유"},
            reason="x",
        )
    )
    assert v1.calls[0].content == (
        '{"amount":10.50,"imp_uid":"imp_1","reason":"다른 이유","new":{"deep":[1,null]}}'.encode()
    )


@pytest.mark.parametrize("value", [1.5, object(), {1}, b"x", Decimal("NaN")], ids=lambda value: type(value).__name__)
def test_a_body_field_without_a_json_form(flavour: Flavour, v1: ScriptedV1, value: Any) -> None:
    error = flavour.client(v1).failure(
        lambda c: c.payments.cancel(imp_uid="imp_1", amount=5, extra_body={"new": {"deep": [value]}})
    )
    assert isinstance(error, TypeError | ValueError)
    assert v1.requests == []


def test_headers_over_the_sdks_own(flavour: Flavour, v1: ScriptedV1) -> None:
    flavour.client(v1, tier="AB1").call(
        lambda c: c.payments.get("imp_1", extra_headers={"user-agent": "shop/1", "TIER": "CD2", "X-New": "1"})
    )
    sent = v1.calls[0].headers
    assert sent.get_list("user-agent") == ["shop/1"]
    assert sent.get_list("tier") == ["CD2"]
    assert sent["x-new"] == "1"
    assert sent.get_list("authorization") == ["Bearer token-1"]


def test_the_callers_own_authorization_holds(flavour: Flavour, v1: ScriptedV1) -> None:
    flavour.client(v1).call(lambda c: c.payments.get("imp_1", extra_headers={"authorization": "Bearer mine"}))
    assert v1.calls[0].headers.get_list("authorization") == ["Bearer mine"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X": "a\r\nY: b"},
        {"X": "한글"},
        {"X": " a"},
        {"X Y": "a"},
        {"X:": "a"},
        {"": "a"},
        {"X\n": "a"},
        {"X": 5},
        {5: "a"},
    ],
    ids=repr,
)
@pytest.mark.parametrize("write", [True, False])
def test_an_invalid_header_value_raises_before_anything_is_sent(
    flavour: Flavour, v1: ScriptedV1, headers: Any, *, write: bool
) -> None:
    client = flavour.client(v1)
    error = client.failure(
        lambda c: (
            c.payments.cancel(imp_uid="imp_1", amount=5, extra_headers=headers)
            if write
            else c.payments.get("imp_1", extra_headers=headers)
        )
    )
    assert type(error) in (TypeError, ValueError)
    assert "extra_headers" in str(error)
    assert v1.requests == []


def test_every_request_says_who_asks(flavour: Flavour, v1: ScriptedV1) -> None:
    flavour.client(v1).call(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5))
    sent = v1.calls[0].headers
    assert sent["user-agent"].startswith("portone-v1-python/")
    assert sent["accept"] == "application/json"
    assert sent["content-type"] == "application/json"
    assert "content-type" not in flavour_read(flavour, v1)


def flavour_read(flavour: Flavour, v1: ScriptedV1) -> Any:
    flavour.client(v1).call(read)
    return v1.calls[-1].headers


@pytest.mark.parametrize(
    ("method", "path", "query", "target"),
    [
        ("GET", "/payments/imp_1", None, "/payments/imp_1"),
        (
            "get",
            "/new/thing",
            {"a": 1, "b": True, "c[]": ["x", "y z"], "d": None},
            "/new/thing?a=1&b=true&c%5B%5D=x&c%5B%5D=y%20z",
        ),
        ("GET", "/a%2Fb/%ED%95%9C", {}, "/a%2Fb/%ED%95%9C"),
        ("DELETE", "/a/", None, "/a/"),
    ],
)
def test_an_operation_that_the_sdk_does_not_know(
    flavour: Flavour, v1: ScriptedV1, method: str, path: str, query: Any, target: str
) -> None:
    v1.default = envelope({"anything": [Decimal("1.50") == 1, "goes"]})
    answer = flavour.client(v1, tier="AB1").call(lambda c: c.request(method, path, query=query, tier="CD2"))
    assert answer == {"anything": [False, "goes"]}
    assert (v1.calls[0].method, v1.calls[0].target) == (method.upper(), target)
    assert (v1.calls[0].token, v1.calls[0].headers["tier"]) == ("Bearer token-1", "CD2")


def test_an_unknown_write_is_a_write(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(Answer(502, b""), Answer(502, b""))
    client = flavour.client(v1)
    error = client.failure(
        lambda c: c.request("POST", "/new/thing", body={"imp_uid": "imp_1", "amount": Decimal("0.10")})
    )
    assert type(error) is OutcomeUnknownError
    assert (error.operation, error.imp_uid) == ("request POST new", "imp_1")
    assert v1.calls[0].content == b'{"imp_uid":"imp_1","amount":0.10}'
    client.call(lambda c: c.request("GET", "/new/thing"))
    assert len(v1.calls) == 3


@pytest.mark.parametrize(
    "path",
    [
        "",
        "payments/imp_1",
        "//evil.example.com/x",
        "https://evil.example.com/x",
        "/payments/../users",
        "/payments/./x",
        "/payments/%2e%2E/users",
        "/payments/.%2e",
        "/payments/imp_1?_token=x",
        "/payments/imp_1#x",
        "/payments/imp 1",
        "/payments/한",
        "/payments/%zz",
        "/payments\\x",
        "/payments/imp_1\n",
        "/payments/\r\nHost: evil",
    ],
)
def test_a_path_that_is_another_route_or_none(flavour: Flavour, v1: ScriptedV1, path: str) -> None:
    error = flavour.client(v1).failure(lambda c: c.request("GET", path))
    assert type(error) is ValueError
    assert "path must start with a single /" in str(error)
    assert v1.requests == []


@pytest.mark.parametrize("method", ["", "HEAD", "TRACE", "GET /x", "POST\n"])
def test_a_method_that_is_none(flavour: Flavour, v1: ScriptedV1, method: str) -> None:
    error = flavour.client(v1).failure(lambda c: c.request(method, "/payments"))
    assert type(error) is ValueError
    assert str(error).startswith("method must be one of")


def test_a_get_has_no_body(flavour: Flavour, v1: ScriptedV1) -> None:
    error = flavour.client(v1).failure(lambda c: c.request("GET", "/payments", body={}))
    assert type(error) is ValueError
    assert v1.requests == []


def test_bad_arguments_raise_before_anything_is_sent(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1)
    for kind, ask in (
        (ValueError, lambda c: c.payments.cancel(imp_uid="imp_1", amount=0)),
        (TypeError, lambda c: c.payments.cancel(imp_uid="imp_1", amount=1.5)),
        (TypeError, lambda c: c.payments.cancel(imp_uid="imp_1")),
        (ValueError, lambda c: c.payments.cancel(amount=5)),
        (ValueError, lambda c: c.payments.cancel(imp_uid="imp_1", merchant_uid="o", amount=5)),
        (ValueError, lambda c: c.payments.cancel(imp_uid="imp_1", amount=-5)),
        (ValueError, lambda c: c.payments.cancel(imp_uid="imp_1", amount=Decimal("inf"))),
        (TypeError, lambda c: c.payments.cancel(imp_uid="imp_1", amount=True)),
        (TypeError, lambda c: c.payments.get(None)),
        (ValueError, lambda c: c.payments.get("")),
        (ValueError, lambda c: c.payments.get("..")),
        (ConfigurationError, lambda c: c.payments.get("imp_1", tier="x")),
    ):
        assert type(client.failure(ask)) is kind
    assert v1.requests == []


def test_the_full_amount_is_sent_by_leaving_it_out(flavour: Flavour, v1: ScriptedV1) -> None:
    from portone_v1 import FULL

    flavour.client(v1).call(lambda c: c.payments.cancel(imp_uid="imp_1", amount=FULL))
    assert v1.calls[0].body == {"imp_uid": "imp_1"}


def test_the_default_answer_is_typed(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(payment(amount="12000"))
    assert flavour.client(v1).call(read).amount == Decimal(12000)


def test_headers_and_cookies_that_are_arguments(flavour: Flavour, v1: ScriptedV1) -> None:
    """No operation of today takes one; the generator knows both. The caller's own header goes over it, in any case."""
    v1.default = payment()
    call = Call(
        GET, "/payments/imp_1", headers={"X-Note": "a", "X-Other": None}, cookies={"session": "s%201", "b": None}
    )
    for extra, note in (({}, "a"), ({"x-note": "mine"}, "mine")):
        flavour.client(v1).call(lambda c, extra=extra: c.payments._send(call, {"extra_headers": extra}))
        sent = v1.calls[-1].headers
        assert sent.get_list("x-note") == [note]
        assert sent.get_list("cookie") == ["session=s%201"]
        assert "x-other" not in sent
