"""Every example of spec/ goes through its method: the request comes out as written, the answer comes back as sent."""

from __future__ import annotations

import copy
import pickle
from typing import Any
from urllib.parse import unquote

import pytest
from portone_v1_generated import models
from portone_v1_generated.operations import OPERATIONS
from portone_v1_runtime.models.model import Model
from portone_v1_runtime.payload import BulkList

from tests.generated.support import EXAMPLES, SCHEMAS, Node, arguments, call_of, resolve

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ANSWERED = {
    name: example["answer"]["body"]["response"]
    for name, example in EXAMPLES.items()
    if example["answer"]["body"]["code"] == 0 and example["answer"]["body"].get("response") is not None
}


def normalised(name: str, payload: Node) -> Node:
    """Return what `to_dict` makes of a payload. It says more than V1 did, in these ways and in no other:

    - a field that did not come is null;
    - a list that did not come or is null is empty;
    - a time that did not come or is null is 0;
    - where one object came as a list of one, it is the object;
    - where a page came as a bare list, it is a page without neighbours.
    """
    if isinstance(payload, list) and "list" in SCHEMAS[name]["properties"]:
        payload = {"total": len(payload), "previous": 0, "next": 0, "list": payload}
    if isinstance(payload, list):
        (payload,) = payload
    whole = dict(payload)
    for wire, schema in SCHEMAS[name]["properties"].items():
        target = resolve(schema)
        value = payload.get(wire)
        whole[wire] = value
        if "array" in target.get("type", ()):
            items = resolve(target["items"])
            whole[wire] = [normalised(items["name"], item) if "name" in items else item for item in value or []]
        elif target.get("x-unix-time"):
            whole[wire] = value or 0
        elif value is not None and target.get("type") == "object" and "name" in target:
            whole[wire] = normalised(target["name"], value)
    return whole


def _wire(value: Any) -> Any:
    if isinstance(value, BulkList):
        return [_wire(item) for item in value]
    return value.to_dict() if isinstance(value, Model) else value


def _expected(value: Any, payload: Any) -> Any:
    if isinstance(value, BulkList):
        return [_expected(item, entry) for item, entry in zip(value, payload, strict=True)]
    return normalised(type(value).__name__, payload) if isinstance(value, Model) else payload


def _read(name: str, payload: Any) -> Any:
    return call_of(OPERATIONS[name.partition(".")[0]], arguments(name)).operation.read(payload)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_request_is_sent_as_the_example_has_it(name: str) -> None:
    operation = OPERATIONS[name.partition(".")[0]]
    request = EXAMPLES[name].get("request", {})
    call = call_of(operation, arguments(name))
    path = operation.path
    for wire, value in request.get("path", {}).items():
        path = path.replace(f"{{{wire}}}", str(value))
    left_off = path.partition("/{")[0]
    assert unquote(call.path) == left_off
    query = {key: value for key, value in (call.query or {}).items() if value is not None}
    assert query == {key: _query_text(value) for key, value in (request.get("query") or {}).items()}
    assert call.body == request.get("body")


def _query_text(value: Any) -> Any:
    if isinstance(value, list):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("name", ANSWERED)
def test_the_answer_comes_back_as_it_was_sent(name: str) -> None:
    payload = copy.deepcopy(ANSWERED[name])
    value = _read(name, payload)
    assert _wire(value) == _expected(value, payload)
    assert payload == ANSWERED[name]


@pytest.mark.parametrize("name", ANSWERED)
def test_what_was_written_is_read_again(name: str) -> None:
    value = _read(name, ANSWERED[name])
    for model in value if isinstance(value, BulkList) else [value]:
        if isinstance(model, Model):
            again = type(model).from_dict(model.to_dict())
            assert again == model
            assert again is not model


@pytest.mark.parametrize("name", ANSWERED)
def test_it_can_be_copied_and_pickled(name: str) -> None:
    value = _read(name, ANSWERED[name])
    for twin in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert twin == value
        assert type(twin) is type(value)
        assert repr(twin) == repr(value)


@pytest.mark.parametrize("name", ANSWERED)
def test_unknown_fields_are_kept(name: str) -> None:
    payload = _with_news(copy.deepcopy(ANSWERED[name]))
    value = _read(name, payload)
    assert _wire(value) == _expected(value, payload)
    for model in _models(payload, value):
        if isinstance(model, Model):
            assert model.extra["brand_new"] == {"deep": [1, None]}  # type: ignore[attr-defined]
            assert "brand_new" in repr(model)


def _models(payload: Any, value: Any) -> list[Any]:
    if isinstance(value, BulkList):
        return value
    return value.items if isinstance(payload, list) else [value]


def _with_news(payload: Any) -> Any:
    """Add an unknown field to every object."""
    if isinstance(payload, list):
        return [_with_news(item) for item in payload]
    if not isinstance(payload, dict):
        return payload
    return {**{key: _with_news(value) for key, value in payload.items()}, "brand_new": {"deep": [1, None]}}


def test_equality_is_of_class_fields_and_unknown_fields() -> None:
    one = models.StandardCode.from_dict({"code": "361", "name": "BC카드"})
    assert one == models.StandardCode(code="361", name="BC카드")
    assert one != models.StandardCode(code="361", name="KB국민카드")
    assert one != models.StandardCode(code="361", name="BC카드", extra={"colour": "red"})
    assert one != {"code": "361", "name": "BC카드"}
    assert hash(one) == hash(models.StandardCode(code="361", name="BC카드"))


def test_bulk_answers_say_what_is_missing() -> None:
    """With the ids of the request, in its order, each once."""
    name = "payments_get_many.partial"
    call = call_of(OPERATIONS["payments_get_many"], arguments(name))
    assert call.read(ANSWERED[name]).missing == ("imp_199999999999",)
    twice = {"imp_uid": ["imp_9", "imp_8", "imp_9", "imp_100000000001"]}
    assert call_of(OPERATIONS["payments_get_many"], twice).read(ANSWERED[name]).missing == ("imp_9", "imp_8")
