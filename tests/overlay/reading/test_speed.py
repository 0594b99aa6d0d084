"""The `speed` extra changes how long an answer takes, never what it says."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import portone_v1_generated.api
import pytest
from hypothesis import given
from hypothesis import strategies as st
from portone_v1 import ApiError, PortOneError
from portone_v1._http import responses
from portone_v1._http.messages import HttpResponse
from portone_v1_runtime.operation import Call, Operation
from portone_v1_runtime.payload import Reader

from tests.overlay.harness import Flavour, ScriptedV1, payment

pytest.importorskip("msgspec", reason="the speed extra is not installed")

EXAMPLES = Path(__file__).parents[3] / "spec" / "examples"


def operations() -> Iterator[Operation[Any]]:
    for module in iter_modules(portone_v1_generated.api.__path__):
        for value in vars(import_module(f"portone_v1_generated.api.{module.name}")).values():
            if isinstance(value, Operation):
                yield value


OPERATIONS = {operation.id: operation for operation in operations()}
BODIES: list[tuple[str, Any]] = [
    (path.name.partition(".")[0], answer["body"])
    for path in sorted(EXAMPLES.glob("*.json"))
    if isinstance((answer := json.loads(path.read_text("utf-8")).get("answer")), dict) and answer.get("status") == 200
    if path.name.partition(".")[0] in OPERATIONS and isinstance(answer["body"], dict)
]


def outcome_of(operation: Operation[Any], body: bytes) -> object:
    """Return everything that a caller can see of an answer."""
    try:
        answer = responses.read_answer(Call(operation, operation.path), HttpResponse(200, {}, body))
    except PortOneError as error:
        return type(error), str(error), error.code if isinstance(error, ApiError) else None
    items = answer.data if isinstance(answer.data, list) else [answer.data]
    written = [item if item is None or isinstance(item, dict) else repr(in_order(item.to_dict())) for item in items]
    return type(answer.data), repr(answer.data), written, answer.code, answer.message, answer.status


def in_order(value: Any) -> Any:
    """Sort the fields, because unknown ones are in the order in which they were learned."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value)}
    return [in_order(item) for item in value] if isinstance(value, list) else value


def both(operation: Operation[Any], body: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    strict = outcome_of(operation, body)
    with monkeypatch.context() as lenient:
        lenient.setattr(responses, "_strict_reader", lambda: None)
        return strict, outcome_of(operation, body)


def test_every_operation_has_an_example() -> None:
    assert {name for name, _ in BODIES} >= {
        name for name, operation in OPERATIONS.items() if isinstance(operation.read, Reader)
    } - {"request"}


@pytest.mark.parametrize(("name", "body"), BODIES)
def test_the_examples_say_the_same(name: str, body: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    strict, lenient = both(OPERATIONS[name], json.dumps(body).encode(), monkeypatch)
    assert strict == lenient


def test_the_examples_are_read_strictly() -> None:
    """Else the other tests would compare the lenient way with itself."""
    from portone_v1_generated import strict
    from portone_v1_runtime.strict_decode import read_strictly

    passed = [
        name
        for name, body in BODIES
        if isinstance(reader := OPERATIONS[name].read, Reader) and body["code"] == 0 and body["response"]
        if read_strictly(strict, reader, json.dumps(body).encode()) is None
    ]
    assert set(passed) <= {
        "kakao_list_orders",
        "subscribe_list_customer_schedules",
    }  # passed through as it is; a bare list


ODD: list[Any] = [
    None,
    "",
    "null",
    "12",
    "한글",
    0,
    -1,
    3,
    1_773_104_701,
    32_503_680_000,
    2**63,
    -(2**64),
    10**30,
    True,
    False,
    1.5,
    3.0,
    1e20,
    [],
    {},
    [None],
    ["a", None, 3],
    {"0": {"amount": 1}, "1": {"amount": 2}},
    [{"amount": 1, "unknown": 1}, "text", {"amount": "2"}],
    {"unknown": {"deep": [1.10, 2]}},
]


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        yield from places(value, (*path, key))


def changed(node: Any, path: tuple[Any, ...], value: Any) -> Any:
    value = deepcopy(value)  # or a later change would be one of ODD itself, and could put it into itself
    if not path:
        return value
    *parents, last = path
    made = deepcopy(node)
    holder = made
    for key in parents:
        holder = holder[key]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return made


@given(data=st.data())
def test_odd_answers_say_the_same(data: st.DataObject) -> None:
    name, body = data.draw(st.sampled_from(BODIES))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(body))))
        value = data.draw(st.sampled_from([*ODD, ...] if path else ODD))
        body = changed(body, path, value)
        if data.draw(st.booleans()) and isinstance(body, dict) and isinstance(body.get("response"), dict):
            body["response"]["of_a_later_day"] = deepcopy(data.draw(st.sampled_from(ODD)))
    with pytest.MonkeyPatch.context() as monkeypatch:
        strict, lenient = both(OPERATIONS[name], json.dumps(body, ensure_ascii=False).encode(), monkeypatch)
    assert strict == lenient


PAYMENT = '{"code":0,"message":null,"response":{"imp_uid":"imp_1","merchant_uid":"order-1","status":"paid",%s}}'


@pytest.mark.parametrize(
    "text",
    [
        '"amount":12000.10',
        '"amount":1e3',
        '"amount":1E+3',
        '"amount":-0',
        '"amount":0.1000000000000000055511151231257827',
        '"amount":123456789012345678901234567890',
        '"amount":1e400',
        '"amount":NaN',
        '"amount":Infinity',
        '"amount":"NaN"',
        '"amount":"12000"',
        '"amount":1,"amount":2',
        '"status":"ready","amount":1',
        '"amount":1,"paid_at":1773104701.0',
        '"amount":1,"paid_at":1773104701.5',
        '"amount":1,"paid_at":1e9',
        '"amount":1,"paid_at":-5',
        '"amount":1,"paid_at":99999999999999',
        '"amount":1,"card_quota":3.0',
        '"amount":1,"card_quota":1e2',
        '"amount":1,"card_quota":123456789012345678901234567890',
        '"amount":1,"name":"\\ud800"',
        '"amount":1,"name":"\\u0000"',
        '"amount":1,"name":"a\nb"',
        '"amount":1,"custom_data":' + "[" * 700 + "]" * 700,
        '"amount":1,"custom_data":' + "[" * 2000 + "]" * 2000,
        '"amount":1,"extension":{"a":1.10,"b":[1e400,123456789012345678901234567890]}',
        '"amount":1,"cancel_history":{"0":{"amount":1.10}}',
        '"amount":1,"cancel_history":[{"amount":1,"of_a_later_day":2}]',
        '"amount":1,',
        '"amount":01',
    ],
)
def test_odd_texts_say_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (PAYMENT % text).encode()
    for prefix in (b"", b"\xef\xbb\xbf", b" \r\n\t"):
        strict, lenient = both(OPERATIONS["payments_get"], prefix + body + b"\n", monkeypatch)
        assert strict == lenient


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"code":0}', b'{"code":0,"response":\xff}', b"\xff\xfe{}"])
def test_what_is_no_answer_says_the_same(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    strict, lenient = both(OPERATIONS["payments_get"], body, monkeypatch)
    assert strict == lenient


@pytest.mark.parametrize("name", ["portone_v1_runtime.strict_decode", "msgspec"])
def test_without_a_msgspec_that_suits(
    flavour: Flavour, v1: ScriptedV1, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delitem(sys.modules, "portone_v1_runtime.strict_decode", raising=False)
    monkeypatch.setitem(sys.modules, name, None)
    responses._strict_reader.cache_clear()
    try:
        assert flavour.client(v1).call(lambda c: c.payments.get("imp_1")).amount == 12000
        assert responses._strict_reader() is None
    finally:
        responses._strict_reader.cache_clear()


def test_a_decoder_that_fails_costs_no_answer(
    flavour: Flavour, v1: ScriptedV1, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portone_v1_runtime import strict_decode

    def broken(*_: Any) -> Any:
        raise TypeError("a msgspec of another day")

    monkeypatch.setattr(strict_decode, "_decoder", broken)
    v1.default = payment(status="cancelled")
    cancelled = flavour.client(v1).call(lambda c: c.payments.cancel(imp_uid="imp_1", amount=1))
    assert cancelled.status == "cancelled"


def test_ids_that_were_asked_for_and_are_not_there(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = payment()._replace(body=b'{"code":0,"message":null,"response":[{"imp_uid":"imp_1","amount":1}]}')
    found = flavour.client(v1).call(lambda c: c.payments.get_many(imp_uid=["imp_1", "imp_2"]))
    assert found.missing == ("imp_2",)


@pytest.fixture
def nothing_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    from portone_v1_runtime import learned_fields

    for table in ("_learned", "_widened", "_extended"):
        monkeypatch.setattr(learned_fields, table, {})


def page_with(odd: dict[str, Any], *, within: str = "") -> bytes:
    """Return a page of three payments; the second one, or its first refund, has unusual values."""
    example: dict[str, Any] = dict(BODIES)["payments_get"]["response"]
    refund = {"pg_tid": "T1", "amount": 1000, "cancelled_at": 1_773_104_701, "reason": "품절"}
    payments = [{**example, "imp_uid": f"imp_{number}", "cancel_history": [dict(refund)]} for number in range(3)]
    (payments[1]["cancel_history"][0] if within else payments[1]).update(odd)
    body = {"code": 0, "message": None, "response": {"total": 3, "previous": 0, "next": 0, "list": payments}}
    return json.dumps(body, ensure_ascii=False).encode()


@pytest.mark.usefixtures("nothing_learned")
@pytest.mark.parametrize("value", [value for value in ODD if not isinstance(value, list | dict)])
@pytest.mark.parametrize("field", ["card_quota", "status", "card_type", "paid_at", "sandbox", "name", "amount"])
def test_an_odd_value_on_a_page_is_learned(field: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from portone_v1_runtime import strict_decode

    def slow_way(*_: Any, **__: Any) -> Any:
        pytest.fail("the page was read item by item")

    monkeypatch.setattr(strict_decode, "_item_by_item", slow_way)
    operation = OPERATIONS["payments_search"]
    for body in (page_with({field: value}), page_with({}), page_with({field: value, "of_a_later_day": 1})):
        strict, lenient = both(operation, body, monkeypatch)
        assert strict == lenient


@pytest.mark.usefixtures("nothing_learned")
def test_a_new_value_of_an_enumeration_stays_a_text_and_known_ones_stay_members(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from portone_v1.enums import PaymentStatus

    operation = OPERATIONS["payments_search"]
    body = page_with({"status": "brand_new"})
    for _ in range(2):
        page = responses.read_answer(Call(operation, operation.path), HttpResponse(200, {}, body)).data
        assert [type(item.status) for item in page] == [PaymentStatus, str, PaymentStatus]
    assert both(operation, body, monkeypatch)[0] == both(operation, body, monkeypatch)[1]


@pytest.mark.usefixtures("nothing_learned")
@pytest.mark.parametrize("odd", [{"cancelled_at": "1773104701"}, {"reason": 3}, {"amount": "1000.5"}, {"new": [1]}])
def test_an_odd_value_within_a_refund_is_learned(odd: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    body = page_with(odd, within="cancel_history")
    for _ in range(2):
        strict, lenient = both(OPERATIONS["payments_search"], body, monkeypatch)
        assert strict == lenient


@pytest.mark.usefixtures("nothing_learned")
def test_threads_that_learn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    operation = OPERATIONS["payments_search"]
    bodies = [
        page_with({field: value}) for field in ("card_quota", "status", "name", "new_field") for value in (3, "x")
    ]
    with monkeypatch.context() as lenient:
        lenient.setattr(responses, "_strict_reader", lambda: None)
        expected = [outcome_of(operation, body) for body in bodies]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda body: outcome_of(operation, body), bodies * 20))
    assert found == expected * 20
