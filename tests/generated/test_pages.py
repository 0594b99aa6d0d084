"""A page of a list is iterated, counted and continued by plain Python."""

from __future__ import annotations

import copy
import pickle

import pytest
from portone_v1_generated.models import PagedPayment, PagedSchedule, Payment

RAW = {"total": 3, "previous": 0, "next": 2, "list": [{"imp_uid": "imp_1"}, {"imp_uid": "imp_2"}]}


def test_a_page_is_iterated_and_counted() -> None:
    page = PagedPayment.from_dict(RAW)
    assert [payment.imp_uid for payment in page] == ["imp_1", "imp_2"]
    assert [*page] == page.items
    assert (len(page), page.total, page.next) == (2, 3, 2)
    assert page.items[0] in page
    assert page.to_dict()["list"] == [payment.to_dict() for payment in page]


@pytest.mark.parametrize("page", [PagedPayment.from_dict({}), PagedSchedule.from_dict({"list": None, "total": 0})])
def test_an_empty_page_is_an_answer(page: PagedPayment | PagedSchedule) -> None:
    assert (len(page), [*page]) == (0, [])
    assert page


def test_a_page_made_by_hand_copied_and_pickled() -> None:
    page = PagedPayment(total=1, previous=0, next=0, items=[Payment.from_dict({"imp_uid": "imp_1"})])
    assert len(page) == 1
    assert copy.deepcopy(page) == page
    assert [*pickle.loads(pickle.dumps(page))] == page.items
