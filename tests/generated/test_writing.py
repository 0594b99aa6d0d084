"""Writing is strict: a wrong argument is said, by its name, before anything is sent."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from portone_v1 import AdviceWarning
from portone_v1_generated import models
from portone_v1_generated.enums import PaymentStatus
from portone_v1_generated.operations import OPERATIONS, OperationInfo, ParameterInfo
from portone_v1_runtime.unset import ALL, FULL, UNSET

from tests.generated.support import SCHEMAS, Client, Recorder, arguments, call_of, node_of, parameter_of

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::portone_v1_runtime.advice.AdviceWarning"),
]

NAIVE = datetime(2026, 3, 10, 9, 0)  # noqa: DTZ001 - what is refused

WRONG: dict[str, list[tuple[Any, type[Exception]]]] = {
    "money": [
        (100.5, TypeError),
        (100.0, TypeError),
        (True, TypeError),
        ("100", TypeError),
        (-1, ValueError),
        (Decimal("NaN"), ValueError),
        (Decimal("Infinity"), ValueError),
    ],
    "time": [(NAIVE, ValueError), (1773104600.5, TypeError), (True, TypeError), ("1773104600", TypeError)],
    "integer": [(True, TypeError), ("1", TypeError), (1.0, TypeError), (Decimal(1), TypeError)],
    "boolean": [(1, TypeError), (0, TypeError), ("true", TypeError)],
    "choice": [("", ValueError), (True, TypeError), (1.5, TypeError)],
    "text": [(5, TypeError), (True, TypeError), (b"text", TypeError), (["text"], TypeError)],
    "texts": [(5, TypeError), ([5], TypeError), ({"a": 1}, TypeError)],
    "json": [(5, TypeError), (["a"], TypeError)],
    "object": [(5, TypeError), ("text", TypeError), ([], TypeError)],
    "model": [(5, TypeError), ("text", TypeError), ([], TypeError)],
    "models": [(5, TypeError), ("text", TypeError), ({"a": 1}, TypeError), ([5], TypeError)],
}


def _named(operation: OperationInfo, given: dict[str, Any], error: type[Exception]) -> str:
    with pytest.raises(error) as caught:
        call_of(operation, given)
    assert type(caught.value) is error
    return str(caught.value)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_wrong_values_are_refused_by_name(operation: OperationInfo) -> None:
    given = arguments(f"{operation.id}.ok")
    call_of(operation, given)
    for parameter in operation.parameters:
        for value, error in WRONG[parameter.kind]:
            result = _named(operation, {**_without_rivals(operation, given, parameter.python_name, value)}, error)
            assert result.startswith(parameter.python_name), f"{parameter.python_name}={value!r}: {result}"


def _without_rivals(operation: OperationInfo, given: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Add an argument, and remove the one that may not be given with it."""
    body = _body(operation)
    rivals = _python_names(operation, body.get("x-exactly-one", []))
    kept = {key: kept for key, kept in given.items() if not (name in rivals and key in rivals)}
    return {**kept, name: value}


def _body(operation: OperationInfo) -> dict[str, Any]:
    content = node_of(operation).get("requestBody", {}).get("content", {})
    schema: dict[str, Any] = content.get("application/json", {}).get("schema", {})
    return schema


def _python_names(operation: OperationInfo, wires: list[str]) -> list[str]:
    table = {p.name: p.python_name for p in operation.parameters}
    return [table[wire] for wire in wires]


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_is_required_is_asked_for(operation: OperationInfo) -> None:
    given = arguments(f"{operation.id}.ok")
    for parameter in operation.parameters:
        if not parameter.required:
            continue
        name = parameter.python_name
        with pytest.raises(TypeError, match=name):
            call_of(operation, {key: value for key, value in given.items() if key != name})
        assert name in _named(operation, {**given, name: None}, TypeError)
        if parameter.kind == "text":
            assert _named(operation, {**given, name: ""}, ValueError) == f"{name} must not be empty"


def _rules(key: str) -> Iterator[Any]:
    for operation in OPERATIONS.values():
        wires = _body(operation).get(key) or node_of(operation).get(key)
        if wires:
            yield pytest.param(operation, _python_names(operation, wires), id=operation.id)


@pytest.mark.parametrize(("operation", "names"), [*_rules("x-exactly-one")])
def test_exactly_one(operation: OperationInfo, names: list[str]) -> None:
    given = {key: value for key, value in arguments(f"{operation.id}.ok").items() if key not in names}
    choice = " or ".join(names)
    assert _named(operation, given, ValueError) == f"pass exactly one of {choice}"
    both = {**given, **dict.fromkeys(names, "a")}
    assert _named(operation, both, ValueError) == f"pass exactly one of {choice}"
    empty = {**given, **dict.fromkeys(names, "")}
    assert _named(operation, empty, ValueError) == f"pass exactly one of {choice}"
    for name in names:
        call_of(operation, {**given, name: "a"})
        call_of(operation, {**given, **dict.fromkeys(names, UNSET), name: "a"})


@pytest.mark.parametrize(("operation", "names"), [*_rules("x-at-least-one")])
def test_at_least_one(operation: OperationInfo, names: list[str]) -> None:
    ok = arguments(f"{operation.id}.ok")
    given = {key: value for key, value in ok.items() if key not in names}
    given |= {name: ALL for name in names if parameter_of(operation, name).everything}  # of whom, it has to be said
    expected = f"pass at least one of {' or '.join(names)}"
    assert _named(operation, given, ValueError) == expected
    call_of(operation, ok)


def _conditions() -> Iterator[Any]:
    for operation in OPERATIONS.values():
        for rule in _body(operation).get("x-required-if", []):
            ((wire, values),) = rule["when"].items()
            for value in values:
                (name,) = _python_names(operation, [wire])
                needed = _python_names(operation, rule["need"])
                yield pytest.param(operation, name, value, needed, id=f"{operation.id}-{name}-{value}")


@pytest.mark.parametrize(("operation", "name", "value", "needed"), [*_conditions()])
def test_required_if(operation: OperationInfo, name: str, value: Any, needed: list[str]) -> None:
    given = {key: kept for key, kept in arguments(f"{operation.id}.ok").items() if key not in needed}
    with pytest.warns(AdviceWarning) as warned:  # V1 was not seen refusing it: the call is sent
        call_of(operation, {**given, name: value})
    result = str(warned[0].message)
    assert result.startswith(f"{name}='{value}' requires ")
    assert set(needed) <= set(result.replace(",", " ").split())


def _listed() -> Iterator[Any]:
    for operation in OPERATIONS.values():
        for parameter in operation.parameters:
            if parameter.values and parameter.kind == "choice":
                yield pytest.param(operation, parameter, id=f"{operation.id}-{parameter.python_name}")


@pytest.mark.parametrize(("operation", "parameter"), [*_listed()])
def test_a_value_that_a_list_of_the_vendor_lacks(operation: OperationInfo, parameter: ParameterInfo) -> None:
    """Refused where V1 was seen refusing others; elsewhere sent, with a warning that can be made an error."""
    given = {**arguments(f"{operation.id}.ok"), parameter.python_name: "NEWER_VALUE"}
    if parameter.refused:
        assert "is not one of" in _named(operation, given, ValueError)
        return
    with pytest.warns(AdviceWarning) as warned:
        call = call_of(operation, given)
    assert str(warned[0].message).startswith(parameter.python_name)
    assert (str(warned[0].message).find("NEWER_VALUE") == -1) is parameter.sensitive
    assert warned[0].filename == __file__ or "support" in warned[0].filename
    assert "NEWER_VALUE" in f"{call.path} {call.query} {call.body}"
    with warnings.catch_warnings():
        warnings.simplefilter("error", AdviceWarning)
        with pytest.raises(AdviceWarning):
            call_of(operation, given)


def test_the_rules_are_there_to_be_tested() -> None:
    assert [*_rules("x-exactly-one")]
    assert [*_rules("x-at-least-one")]
    assert [*_conditions()]


IDS = [
    "a/b",
    "a?b",
    "a#b",
    "a%b",
    "a%2Fb",
    "../cards",
    "..",
    ".",
    "a..b",
    "주문-1",
    "a b",
    "a;b=c",
    "a\\b",
    "a\nb",
    "//x",
]


@pytest.mark.parametrize("value", IDS)
@pytest.mark.parametrize("operation", [o for o in OPERATIONS.values() if "{" in o.path], ids=lambda o: o.id)
def test_an_id_stays_one_segment(operation: OperationInfo, value: str) -> None:
    given = arguments(f"{operation.id}.ok")
    names = [p.python_name for p in operation.parameters if p.location == "path" and p.kind == "text"]
    for name in names:
        if value in {".", ".."}:
            assert _named(operation, {**given, name: value}, ValueError).startswith(name)
            continue
        call = call_of(operation, {**given, name: value})
        plain = call_of(operation, given)
        assert call.path.count("/") == plain.path.count("/")
        assert value in [unquote(segment) for segment in call.path.split("/")]
        assert call.path.isascii()
        assert not set("?#\\ \n") & set(call.path)
        assert ".." not in call.path


def test_a_refund_says_how_much() -> None:
    api = Client(Recorder({})).payments
    with pytest.raises(TypeError, match="amount"):
        api.cancel(imp_uid="imp_1")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="Pass FULL"):
        api.cancel(imp_uid="imp_1", amount=0)
    with pytest.raises(TypeError, match="amount"):
        api.cancel(imp_uid="imp_1", amount=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="amount is required"):
        api.cancel(imp_uid="imp_1", amount=UNSET)  # type: ignore[arg-type]
    cancel = OPERATIONS["payments_cancel"]
    assert call_of(cancel, {"imp_uid": "imp_1", "amount": FULL}).body == {"imp_uid": "imp_1"}
    assert call_of(cancel, {"imp_uid": "imp_1", "amount": 1}).body == {"imp_uid": "imp_1", "amount": 1}


def test_money_goes_out_exactly() -> None:
    def sent(amount: Any) -> Any:
        body = call_of(OPERATIONS["payments_cancel"], {"imp_uid": "imp_1", "amount": amount}).body
        assert body is not None
        return body["amount"]

    assert (sent(Decimal("24.50")), type(sent(Decimal("24.50")))) == (Decimal("24.50"), Decimal)
    assert (sent(Decimal("12000.00")), type(sent(Decimal("12000.00")))) == (12000, int)
    assert sent(Decimal("0.1") + Decimal("0.2")) == Decimal("0.3")


def test_times_go_out_as_seconds() -> None:
    def sent(moment: Any) -> Any:
        query = call_of(OPERATIONS["payments_search"], {"payment_status": "paid", "from_": moment}).query
        assert query is not None
        return query["from"]

    korean = datetime(2026, 3, 10, 10, 3, 20, tzinfo=timezone(timedelta(hours=9)))
    assert sent(korean) == sent(korean.astimezone(UTC)) == sent(1773104600) == "1773104600"
    assert sent(None) is None


def test_members_and_their_values_are_the_same() -> None:
    search = OPERATIONS["payments_search"]
    by_member = call_of(search, {"payment_status": PaymentStatus.PAID})
    assert by_member.path == call_of(search, {"payment_status": "paid"}).path == "/payments/status/paid"


def test_left_out_and_null_are_not_the_same() -> None:
    given = {"imp_uid": "imp_1", "amount": 1}
    cancel = OPERATIONS["payments_cancel"]
    assert call_of(cancel, {**given, "reason": None}).body == {**given, "reason": None}
    assert call_of(cancel, {**given, "reason": UNSET}).body == given


REQUESTS = [name for name in models.__all__ if SCHEMAS[name].get("x-request")]


@pytest.mark.parametrize("name", REQUESTS)
def test_parts_of_a_request_are_as_strict(name: str) -> None:
    model = getattr(models, name)
    required = SCHEMAS[name].get("required", [])
    for wire in required:
        with pytest.raises(TypeError, match=f"{wire} is required"):
            model.from_dict({other: "1" for other in required if other != wire}).to_dict()
    for wire, node in SCHEMAS[name]["properties"].items():
        others = {other: _right(SCHEMAS[name]["properties"][other]) for other in required if other != wire}
        assert model.from_dict(others | {wire: _right(node)}).to_dict() == others | {wire: _right(node)}
        with pytest.raises(TypeError, match=wire):
            model.from_dict(others | {wire: 1.5}).to_dict()
    assert getattr(model.from_dict({"later": 1}), model._unknown) == {"later": 1}


def _right(node: dict[str, Any]) -> Any:
    if "$ref" in node:
        target = SCHEMAS[node["$ref"].rsplit("/", 1)[-1]]
        values = target.get("enum") or target.get("x-open-enum")
        return next(iter(values)) if values else _object(target)
    right = {"string": "1", "integer": 1, "number": 1, "boolean": True, "array": []}
    return next(value for kind, value in right.items() if kind in node["type"])


def _object(schema: dict[str, Any]) -> dict[str, Any]:
    return {wire: _right(schema["properties"][wire]) for wire in schema.get("required", [])}


def test_a_model_and_a_mapping_say_the_same() -> None:
    cancel = OPERATIONS["payments_cancel"]
    given = {"imp_uid": "imp_1", "amount": 1}
    by_model = call_of(cancel, {**given, "extra": models.CancelExtra(requester="customer")})
    by_mapping = call_of(cancel, {**given, "extra": {"requester": "customer"}})
    assert by_model.body == by_mapping.body == {**given, "extra": {"requester": "customer"}}
