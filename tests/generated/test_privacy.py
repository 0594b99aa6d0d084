"""What is marked as sensitive is never shown."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1 import AdviceWarning
from portone_v1_generated import models
from portone_v1_generated.operations import OPERATIONS, OperationInfo
from portone_v1_runtime.models.fields import mask

from tests.generated.support import SCHEMAS, Node, arguments, call_of, resolve

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CANARY = "카나리아"
NUMBER = 86753097531


def _filled(name: str) -> Node:
    """Fill every field with a value: with the canary if it is sensitive, and everywhere below such a field."""
    return {wire: _value(resolve(node), wire) for wire, node in SCHEMAS[name]["properties"].items()}


def _value(node: Node, wire: str, *, secret: bool = False) -> Any:
    secret = secret or bool(node.get("x-sensitive"))
    kinds = node["type"]
    kind = next(item for item in ([kinds] if isinstance(kinds, str) else kinds) if item != "null")
    if kind == "array":
        return [_value(resolve(node["items"]), wire, secret=secret)]
    if kind == "object":
        if "name" not in node:
            return {"detail": CANARY if secret else "shown"}
        inner = SCHEMAS[node["name"]].get("properties", {})
        return {key: _value(resolve(child), key, secret=secret) for key, child in inner.items()}
    if kind == "string":
        return CANARY if secret else f"shown-{wire}"
    return True if kind == "boolean" else NUMBER if secret else 5


@pytest.mark.parametrize("name", models.__all__)
def test_no_repr_shows_it(name: str) -> None:
    shown = repr(getattr(models, name).from_dict(_filled(name)))
    assert CANARY not in shown
    assert str(NUMBER) not in shown
    for wire, node in SCHEMAS[name]["properties"].items():
        target = resolve(node)
        python_name = wire.replace("-", "_")
        if target.get("x-sensitive"):
            assert f"{python_name}=***" in shown
        elif target.get("type") in ("string", ["string", "null"]) and "x-open-enum" not in target:
            assert f"shown-{wire}" in shown or "enum" in target


def test_the_canary_is_where_it_should_be() -> None:
    assert _filled("Payment")["card_number"] == CANARY
    assert _filled("Certification")["birth"] == NUMBER
    assert CANARY in str(_filled("NaverProductOrder")["shipping_address"])


@pytest.mark.parametrize("name", models.__all__)
def test_unknown_fields_are_named_only(name: str) -> None:
    shown = repr(getattr(models, name).from_dict({"brand_new": CANARY}))
    assert "brand_new" in shown
    assert CANARY not in shown


@pytest.mark.parametrize(
    "number", ["4242424242424242", "4242-4242-4242-4242", "4242 4242 4242 4242", "378282246310005"]
)
def test_a_card_number_in_a_text_is_crossed_out(number: str) -> None:
    payment = models.Payment.from_dict({"fail_reason": f"카드 {number} 거절", "imp_uid": "imp_100000000001"})
    assert number not in repr(payment)
    assert "fail_reason='카드 **** 거절'" in repr(payment)
    assert "imp_100000000001" in repr(payment)


def test_what_came_in_the_place_of_a_text_or_number_is_not_shown() -> None:
    inner = {"buyer_name": CANARY, "card": "4242-4242-4242-4242"}
    odd = {"amount": inner, "paid_at": [inner], "cancel_receipt_urls": ["https://x/4242424242424242"], "escrow": inner}
    payment = models.Payment.from_dict(odd)
    for shown in (repr(payment), payment._repr_html_(), repr([*payment.__rich_repr__()])):
        assert CANARY not in shown
        assert "4242" not in shown
    assert "amount=***" in repr(payment)
    assert payment.amount == inner


def test_short_numbers_stay() -> None:
    assert mask("order-20260310-0001, 12000, 010-0000-1234") == "order-20260310-0001, 12000, 010-0000-1234"


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_call_shows_none_of_its_arguments(operation: OperationInfo) -> None:
    call = call_of(operation, arguments(f"{operation.id}.ok"))
    assert repr(call) == f"<call of {operation.area}.{operation.name}>"
    assert repr(call.operation) == f"<{operation.area}.{operation.name}: {operation.method} {operation.path}>"


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_call_knows_its_secrets(operation: OperationInfo) -> None:
    """Every sensitive text that it carries, whichever argument or part of one it stands in."""
    given = arguments(f"{operation.id}.ok")
    for parameter in operation.parameters:
        if parameter.sensitive and parameter.kind == "text":
            given[parameter.python_name] = f"{CANARY}-{parameter.python_name}"
            assert f"{CANARY}-{parameter.python_name}" in call_of(operation, given).secrets()


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_refused_secret_is_not_shown(operation: OperationInfo) -> None:
    given = arguments(f"{operation.id}.ok")
    for parameter in operation.parameters:
        if not parameter.sensitive:
            continue
        wrong: Any = CANARY if parameter.kind in {"choice", "boolean", "model"} else [CANARY]
        with pytest.raises((TypeError, ValueError, AdviceWarning)) as caught:
            call_of(operation, {**given, parameter.python_name: wrong})
        assert CANARY not in str(caught.value)
        assert str(caught.value).startswith(parameter.python_name)
