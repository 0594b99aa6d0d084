"""Models within a model are made when they are first asked for, and nobody can tell."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from weakref import ref

import attrs
import pytest
from portone_v1.models import PagedPayment, Payment, PaymentCancel, Promotion

DATA: dict[str, Any] = {
    "imp_uid": "imp_1",
    "merchant_uid": "order-1",
    "amount": 12000,
    "status": "cancelled",
    "cancel_history": [{"pg_tid": "1", "amount": 4000}, "no refund", {"amount": "1000.50", "of_a_later_day": 1}],
    "promotion": {"id": "promotion-1", "discount": 500},
}
REFUNDS = [
    PaymentCancel(pg_tid="1", amount=Decimal(4000)),
    PaymentCancel(amount=Decimal("1000.50"), extra={"of_a_later_day": 1}),
]
WAYS: dict[str, Callable[[Payment], Payment]] = {
    "as it came": lambda payment: payment,
    "copied": copy.copy,
    "copied deep": copy.deepcopy,
    "pickled": lambda payment: pickle.loads(pickle.dumps(payment)),
    "evolved": lambda payment: attrs.evolve(payment, name="again"),
    "written and read": lambda payment: Payment.from_dict(payment.to_dict()),
}


@pytest.mark.parametrize("way", WAYS)
def test_lists_and_objects_are_there(way: str) -> None:
    payment = WAYS[way](Payment.from_dict(DATA))
    assert payment.cancel_history == REFUNDS
    assert payment.promotion == Promotion.from_dict({"id": "promotion-1", "discount": 500})
    assert payment.deposit_history == []
    assert payment.cancel_history is payment.cancel_history


def test_comparing_showing_and_writing_ask_for_them() -> None:
    read, other = Payment.from_dict(DATA), Payment.from_dict({**DATA, "cancel_history": DATA["cancel_history"][:1]})
    assert read == Payment.from_dict(DATA)
    assert read != other
    assert "PaymentCancel(pg_tid='1', amount=Decimal('4000'))" in repr(Payment.from_dict(DATA))
    assert [refund["amount"] for refund in read.to_dict()["cancel_history"]] == [4000, Decimal("1000.50")]
    assert attrs.asdict(Payment.from_dict(DATA))["cancel_history"][0]["amount"] == 4000


@pytest.mark.parametrize("odd", [None, "", 0, False, [], {}])
def test_nothing_is_an_empty_list(odd: Any) -> None:
    assert Payment.from_dict({**DATA, "cancel_history": odd}).cancel_history == []
    assert Payment.from_dict({**DATA, "promotion": odd}).promotion == (Promotion.from_dict({}) if odd == {} else None)


@pytest.mark.parametrize("odd", ["text", 7, True, 1.5, [1, None], {"0": "text"}])
def test_what_is_no_list_of_objects_is_an_empty_list(odd: Any) -> None:
    assert Payment.from_dict({**DATA, "cancel_history": odd}).cancel_history == []


@pytest.mark.parametrize("odd", ["text", 7, True, [1], [{"id": "promotion-1"}]])
def test_what_is_no_object_is_none(odd: Any) -> None:
    assert Payment.from_dict({**DATA, "promotion": odd}).promotion is None


def test_a_list_within_a_list() -> None:
    page = PagedPayment.from_dict({"total": 1, "list": [DATA]})
    assert [payment.cancel_history for payment in page.items] == [REFUNDS]


def test_what_is_set_stays() -> None:
    payment = Payment.from_dict(DATA)
    payment.cancel_history = []
    assert payment.cancel_history == []


def test_other_names_are_still_errors() -> None:
    payment: Any = Payment.from_dict(DATA)
    with pytest.raises(AttributeError, match="'Payment' object has no attribute 'cancel_histori'") as caught:
        _ = payment.cancel_histori
    assert (caught.value.name, caught.value.obj) == ("cancel_histori", payment)
    assert not hasattr(payment, "refunds")


def test_what_came_is_let_go_of() -> None:
    class Came(list[Any]):
        """A list that a weak reference can point to."""

    came = Came(DATA["cancel_history"])
    gone = ref(came)
    payment = Payment.from_dict({**DATA, "cancel_history": came})
    del came
    assert payment.cancel_history
    assert gone() is None


def test_a_tuple_of_the_caller_stays_a_tuple() -> None:
    payment: Any = Payment.from_dict(DATA)
    for given in ((), (1, 2), (None, 1, 2)):
        payment.cancel_history = given
        assert payment.cancel_history is given


def test_threads_that_ask_at_once() -> None:
    for _ in range(50):
        payment, together = Payment.from_dict(DATA), threading.Barrier(4)
        found: list[Any] = []

        def ask(payment: Payment = payment, together: Any = together, found: list[Any] = found) -> None:
            together.wait(30)
            found.append((payment.cancel_history, payment.promotion))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [refunds for refunds, _ in found] == [REFUNDS] * 4
