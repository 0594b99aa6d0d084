"""Reading never raises. What can be understood is understood exactly, what cannot is None or as it came."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1_generated import models
from portone_v1_generated.enums import CardType, PaymentStatus, PayMethod
from portone_v1_runtime.decode import LATEST

from tests.generated.support import SCHEMAS, resolve

NAMES = list(models.__all__)
ANSWERS = [name for name in NAMES if not SCHEMAS[name].get("x-request")]
REQUESTS = [name for name in NAMES if SCHEMAS[name].get("x-request")]
KST = timezone(timedelta(hours=9), "KST")

JUNK: tuple[Any, ...] = (
    None,
    False,
    True,
    0,
    -1,
    10**30,
    -(10**400),
    1512446940.7,
    1e308,
    float("nan"),
    float("inf"),
    Decimal("0.1"),
    Decimal("1e400"),
    Decimal("1e999999999"),
    Decimal("-1e-999999999"),
    Decimal("sNaN"),
    "",
    "0",
    "null",
    "1e999999999",
    "12,000",
    "NaN",
    "오류",
    "\ud800",
    "x" * 5000,
    [],
    [None],
    [[]],
    [{}],
    ["a", 1, None, {}],
    {},
    {"0": {}, "1": []},
    {"a": "b"},
)
MISSING = object()
# Made once: to make a strategy takes longer than to draw from it.
VALUES = st.sampled_from([*JUNK, MISSING]) | st.text(max_size=20) | st.integers() | st.decimals() | st.floats()
UNKNOWN = st.dictionaries(st.text(max_size=8), st.sampled_from(JUNK), max_size=2)


def _model(name: str) -> Any:
    return getattr(models, name)


def _fields(name: str) -> list[str]:
    return list(SCHEMAS[name]["properties"])


@cache
def _anything_for(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(dict.fromkeys(_fields(name), VALUES))


def _check(name: str, data: dict[str, Any]) -> None:
    model = _model(name).from_dict(data)
    assert repr(model).startswith(f"{name}(")
    if name in ANSWERS:
        written = model.to_dict()
        assert written.keys() == {*_fields(name), *data}
        again = _model(name).from_dict(written)
        assert again == model
        assert again.to_dict() == written


@pytest.mark.parametrize("name", NAMES)
def test_no_value_anywhere_makes_it_raise(name: str) -> None:
    _check(name, {})
    for junk in JUNK:
        _check(name, dict.fromkeys(_fields(name), junk))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_no_mixture_makes_it_raise(name: str, data: st.DataObject) -> None:
    drawn = data.draw(_anything_for(name))
    more = data.draw(UNKNOWN)
    _check(name, {key: value for key, value in {**more, **drawn}.items() if value is not MISSING})


@pytest.mark.parametrize("name", ANSWERS)
def test_absent_and_null_are_the_same(name: str) -> None:
    assert _model(name).from_dict({}) == _model(name).from_dict(dict.fromkeys(_fields(name)))


@pytest.mark.parametrize("name", ANSWERS)
def test_fields_have_the_type_that_they_declare(name: str) -> None:
    """Money is Decimal, times are aware, lists are lists; what cannot be read is as it came, or as JSON text."""
    for junk in JUNK:
        model = _model(name).from_dict(dict.fromkeys(_fields(name), junk))
        for wire, python_name in zip(_fields(name), model._names, strict=True):
            node, value = resolve(SCHEMAS[name]["properties"][wire]), getattr(model, python_name)
            if value is junk or (isinstance(junk, list | dict) and isinstance(value, str)):
                continue
            if node.get("x-money"):
                assert value is None or isinstance(value, Decimal)
            elif node.get("x-unix-time"):
                out_of_range = isinstance(value, int) and abs(value) >= LATEST  # None would mean never
                assert value is None or out_of_range or value.utcoffset() == timedelta(hours=9)
            elif "array" in node["type"]:
                assert isinstance(value, list)
            elif value is not None:
                kinds: dict[str, Any] = {
                    "string": str,
                    "integer": int,
                    "boolean": bool,
                    "object": (dict, *_classes(node)),
                }
                (kind,) = {node["type"]} if isinstance(node["type"], str) else {*node["type"]} - {"null"}
                assert isinstance(value, kinds[kind])


def _classes(node: dict[str, Any]) -> tuple[type, ...]:
    return (_model(node["name"]),) if node.get("name") in NAMES else ()


def test_money_is_exact() -> None:
    def amount(value: Any) -> Any:
        return models.Payment.from_dict({"amount": value}).amount

    assert str(amount(Decimal("0.1"))) == "0.1"
    assert str(amount(0.1)) == "0.1"
    assert str(amount("0.1")) == "0.1"
    assert str(amount(Decimal("24.50"))) == "24.50"
    assert amount(12000) == Decimal(12000)
    assert str(amount(10**30 + 1)) == str(10**30 + 1)
    assert amount("12,000") == "12,000"


def test_money_is_written_as_the_number_that_it_was() -> None:
    def written(value: Any) -> Any:
        return models.Payment.from_dict({"amount": value}).to_dict()["amount"]

    assert (written(12000), type(written(12000))) == (12000, int)
    assert (written("12000.0"), type(written("12000.0"))) == (12000, int)
    assert (written(Decimal("24.5")), type(written(Decimal("24.5")))) == (Decimal("24.5"), Decimal)


def test_times_are_korean() -> None:
    payment = models.Payment.from_dict({"paid_at": 1773104600, "failed_at": 0, "cancelled_at": None})
    assert payment.paid_at == datetime(2026, 3, 10, 10, 3, 20, tzinfo=KST)
    assert payment.paid_at is not None
    assert payment.paid_at.tzname() == "KST"
    assert payment.failed_at is None
    assert payment.cancelled_at is None


@pytest.mark.parametrize("value", ["1773104600", 1773104600.7, "1773104600.7", Decimal("1773104600.7")])
def test_times_that_come_as_something_else(value: Any) -> None:
    assert models.Payment.from_dict({"paid_at": value}).to_dict()["paid_at"] == 1773104600


@pytest.mark.parametrize("value", [False, "0", "", "null", {}, []])
def test_what_is_no_time(value: Any) -> None:
    assert models.Payment.from_dict({"paid_at": value}).paid_at is None


@pytest.mark.parametrize("value", [1773104600000, -(10**15), 10**20, "soon"])
def test_what_is_no_time_stays_as_it_came(value: Any) -> None:
    payment = models.Payment.from_dict({"paid_at": value})
    assert payment.paid_at == value
    assert payment.to_dict()["paid_at"] == value


@pytest.mark.parametrize(("value", "number"), [(False, 0), ("3", 3), ("null", None), (2.9, 2), ([], None)])
def test_page_numbers_that_are_none(value: Any, number: int | None) -> None:
    assert models.PagedPayment.from_dict({"next": value}).next == number


@pytest.mark.parametrize(
    ("value", "flag"),
    [("N", False), ("false", False), ("0", False), ("", False), (0, False), ("Y", True), ("true", True), (1, True)],
)
def test_flags_that_come_as_something_else(value: Any, flag: bool) -> None:
    assert models.Payment.from_dict({"escrow": value}).escrow is flag


def test_known_values_are_members_and_unknown_ones_stay() -> None:
    payment = models.Payment.from_dict({"status": "paid", "pay_method": "moon_dust", "card_type": 0})
    assert payment.status is PaymentStatus.PAID
    assert payment.pay_method == "moon_dust"
    assert not isinstance(payment.pay_method, Enum)
    assert payment.card_type is CardType.CREDIT
    assert payment.to_dict()["pay_method"] == "moon_dust"


@pytest.mark.parametrize(
    ("value", "read"), [("1", CardType.DEBIT), (1, CardType.DEBIT), (7, 7), ("7", 7), (None, None)]
)
def test_numbered_values(value: Any, read: Any) -> None:
    card_type = models.Payment.from_dict({"card_type": value}).card_type
    assert card_type == read
    assert type(card_type) is type(read)


def test_text_that_comes_as_a_number() -> None:
    assert models.Payment.from_dict({"apply_num": 30012345}).apply_num == "30012345"
    assert models.Payment.from_dict({"pay_method": 1}).pay_method == "1"
    assert str(PayMethod.CARD) == "card"


def test_lists_of_php() -> None:
    """A list with holes comes as an object, a list of one as the one."""
    cancel = {"amount": 100, "pg_tid": "t"}
    for history in ([cancel], {"0": cancel}, cancel):
        assert [c.amount for c in models.Payment.from_dict({"cancel_history": history}).cancel_history] == [100]
    assert models.Payment.from_dict({"cancel_history": {}}).cancel_history == []
