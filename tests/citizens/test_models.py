"""Models as dicts, in sets, in notebooks, and results that cannot mislead."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Hashable
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, get_type_hints

import pytest
from portone_v1 import KST, PortOne, models, results
from portone_v1.models import PagedPayment, Payment, PaymentBalance
from portone_v1.results import AcceptedRefund, Movement, PaidCharge, PaymentChange, SettledWrite
from portone_v1.webhooks import WebhookEvent
from portone_v1_runtime.models.conversion import json_number
from portone_v1_runtime.payload import BulkList
from portone_v1_sandbox import Sandbox
from rich.pretty import pretty_repr

from tests.citizens.conftest import PERSONAL, WIRE


def test_wire_is_what_v1_sends_and_from_dict_reads(payment: Payment) -> None:
    wire = payment.to_dict()
    assert {name: wire[name] for name in ("amount", "paid_at", "failed_at", "status")} == {
        "amount": 12000,
        "paid_at": 1_800_000_000,
        "failed_at": 0,
        "status": "paid",
    }
    assert not [name for name, value in wire.items() if isinstance(value, Enum)]
    assert Payment.from_dict(wire) == payment


def test_python_keeps_the_types(payment: Payment) -> None:
    data = payment.to_dict(mode="python")
    assert data["amount"] == Decimal(12000)
    assert data["paid_at"] == datetime(2027, 1, 15, 17, tzinfo=KST)
    assert data["failed_at"] is None
    assert data["status"] is payment.status
    assert data["cancel_history"][0]["amount"] == Decimal("1000.5")
    assert data["of_tomorrow"] == {"buyer": "someone"}


def test_json_is_what_json_takes(payment: Payment) -> None:
    data = payment.to_dict(mode="json")
    assert type(data["status"]) is str
    assert (data["amount"], type(data["amount"]), data["pay_method"]) == (12000, int, "moon_dust")
    assert (data["paid_at"], data["failed_at"]) == ("2027-01-15T17:00:00+09:00", None)
    assert data["cancel_history"][0]["amount"] == 1000.5


def test_without_personal_data_nothing_of_it_is_left(payment: Payment) -> None:
    for mode in ("python", "json"):
        data = payment.to_dict(mode=mode, personal=False)
        assert not [value for value in [*PERSONAL.values(), "someone"] if value in repr(data)]
        assert data["imp_uid"] == "imp_1"
    with pytest.raises(ValueError, match="every field"):
        payment.to_dict(personal=False)
    with pytest.raises(ValueError, match="mode must be"):
        payment.to_dict(mode="xml")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12000", 12000),
        ("0.10", 0.1),
        ("-5.5", -5.5),
        ("0.12345678901234567890", "0.12345678901234567890"),
        ("1E+3", 1000),
    ],
)
def test_a_number_of_json_reads_back_exactly(value: str, expected: Any) -> None:
    assert json_number(Decimal(value)) == expected
    assert Decimal(str(expected)) == Decimal(value)


@pytest.mark.parametrize("name", models.__all__)
def test_every_model_converts_in_every_mode(name: str) -> None:
    kind: Any = getattr(models, name)
    empty = kind.from_dict({})
    assert isinstance(empty.to_dict(mode="python"), dict)
    assert isinstance(empty.to_dict(mode="json", personal=False), dict)
    assert isinstance(empty, Hashable) == bool(kind._identity)


def test_equal_means_equal_hash(payment: Payment) -> None:
    same = Payment.from_dict(WIRE)
    other = Payment.from_dict({**WIRE, "imp_uid": "imp_2"})
    assert {payment, same, other} == {payment, other}
    assert {payment: 1}[copy.deepcopy(payment)] == 1
    assert hash(pickle.loads(pickle.dumps(payment))) == hash(payment)
    with pytest.raises(TypeError, match="unhashable type: 'PaymentBalance'"):
        hash(PaymentBalance.from_dict({}))


def test_results_hash_where_they_are_equal(payment: Payment) -> None:
    same = Payment.from_dict(WIRE)
    assert {PaidCharge(payment), PaidCharge(same)} == {PaidCharge(payment)}
    event = WebhookEvent("imp_1", extra={"a": 1})
    assert {PaymentChange(payment, event), PaymentChange(same, event)} == {PaymentChange(payment, event)}
    at = datetime(2027, 1, 1, tzinfo=KST)
    moved = [Movement("charge", "imp_1", "o", at, Decimal(1), "KRW", each) for each in (payment, same)]
    assert len({*moved}) == 1


@pytest.mark.parametrize("module", [models, results], ids=lambda module: module.__name__.rpartition(".")[2])
def test_fields_have_types_that_libraries_can_read(module: Any) -> None:
    """cattrs, attrs.resolve_types and dependency injection look the names of annotations up in the module."""
    for name in module.__all__:
        if isinstance(kind := getattr(module, name), type):
            assert set(get_type_hints(kind)) >= {each.name for each in getattr(kind, "__attrs_attrs__", ())}, name


def test_a_result_has_no_truth_value(payment: Payment) -> None:
    for result in (PaidCharge(payment), AcceptedRefund(payment, Decimal(1)), SettledWrite(None, PaidCharge(payment))):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="has no truth value"):
            bool(result)


def test_no_display_shows_a_person_or_a_card(payment: Payment) -> None:
    page = PagedPayment.from_dict({"total": 1, "list": [WIRE]})
    many = BulkList([payment])
    shown = [
        repr(payment),
        pretty_repr(payment),
        pretty_repr([page]),
        payment._repr_html_(),
        page._repr_html_(),
        many._repr_html_(),
        repr(PaidCharge(payment)),
    ]
    for text in shown:
        assert "imp_1" in text
        assert not [value for value in [*PERSONAL.values(), "someone", "4242424242424242"] if value in text]


def test_html_is_escaped() -> None:
    shown = Payment.from_dict({"imp_uid": "<script>", "name": "<b>", "tag<": 1})._repr_html_()
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "tag<" not in shown


def test_a_table_has_the_columns_that_are_filled_and_says_how_many_rows() -> None:
    rows = [{"imp_uid": f"imp_{n}", "amount": n} for n in range(25)]
    shown = PagedPayment.from_dict({"total": 25, "list": rows})._repr_html_()
    assert "PagedPayment: 25" in shown
    assert shown.count("<tr>") == 21
    assert "buyer_name" not in shown


def test_a_client_shows_where_it_talks() -> None:
    live = PortOne("key-of-the-shop", "secret-of-the-shop", tier="ABC")
    assert repr(live) == "<PortOne https://api.iamport.kr tier=ABC>"
    assert repr(Sandbox().client()) == "<PortOne https://api.iamport.kr over SandboxTransport tier=None>"
