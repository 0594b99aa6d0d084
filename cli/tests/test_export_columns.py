"""Columns made of what the strict decoder gives are those of the models, whatever V1 sends."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from portone_v1.models import PagedPayment, Payment
from portone_v1_cli.exit_codes import Stop
from portone_v1_cli.export.arrow_columns import ArrowColumns
from portone_v1_generated import strict
from portone_v1_runtime import learned_fields
from portone_v1_runtime.exact_json import dumps, loads
from portone_v1_runtime.payload import model
from portone_v1_runtime.strict_decode import read_strictly
from portone_v1_runtime.undecoded import UndecodedPage, is_struct

pytest.importorskip("pyarrow")

REFUND = {"pg_tid": "t", "amount": 300, "cancelled_at": 1_772_300_000, "reason": "변심", "receipt_url": "https://x"}
FULL: dict[str, Any] = {
    "imp_uid": "imp_1", "merchant_uid": "order-1", "status": "paid", "pay_method": "card", "channel": "pc",
    "pg_provider": "nice", "name": "원두 4111-1111-1111-1111", "amount": 1000, "cancel_amount": 300, "currency": "KRW",
    "sandbox": False, "escrow": True, "card_quota": 3, "card_type": 0, "card_number": "411111******1111",
    "buyer_name": "홍길동", "buyer_email": "", "custom_data": '{"a": 1}', "started_at": 1_772_290_800, "paid_at": 0,
    "failed_at": None, "cancelled_at": 1_772_300_000, "cancel_history": [REFUND, REFUND], "deposit_history": [],
    "cancel_receipt_urls": ["https://x"], "promotion": {"id": "p", "discount": 10}, "extension": {"a": {"b": 1}},
}  # fmt: skip
SPARSE: dict[str, Any] = {"imp_uid": "imp_2", "cancel_history": None, "extension": {}, "promotion": None}
ODD: dict[str, Any] = {
    "as it is": {},
    "a fraction": {"amount": loads("10.25"), "cancel_amount": loads("0.0")},
    "more than int64": {"amount": 10**25},
    "a time in milliseconds": {"paid_at": 1_772_290_800_000},
    "a time before 1970": {"paid_at": -5},
    "a time as text": {"paid_at": "1772290800"},
    "an amount as text": {"amount": "1000"},
    "an amount that is none": {"amount": "천 원"},
    "a flag for an amount": {"amount": True},
    "a number as text": {"card_quota": "3"},
    "a new PG": {"pg_provider": "brandnew"},
    "an unknown field": {"brand_new": {"a": 1}},
    "a list for an object": {"extension": [1], "promotion": None},
    "an object for a list": {"cancel_history": {}},
    "nothing in the lists": {"cancel_history": [], "cancel_receipt_urls": [], "extension": None},
    "an odd refund": {"cancel_history": [{**REFUND, "amount": "x", "unknown": 1}]},
    "a number in a text": {"name": 7, "buyer_name": 0},
    "no id": {"imp_uid": None},
}


@pytest.fixture(autouse=True)
def nothing_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clear what the decoder has learned from unusual answers, which lasts for the whole process."""
    for table in ("_learned", "_widened", "_extended"):
        monkeypatch.setattr(learned_fields, table, {})


def shown(columns: ArrowColumns, payments: list[Any]) -> object:
    try:
        return columns.batch(payments).to_pydict()
    except Stop as refused:
        return str(refused)


@pytest.mark.parametrize("personal", [False, True])
@pytest.mark.parametrize("odd", ODD)
def test_structs_give_the_columns_of_their_models(odd: str, personal: bool) -> None:
    items = [FULL, {**FULL, **ODD[odd]}, SPARSE, {**SPARSE, **ODD[odd]}]
    for several in (items, items[:1], items[1:2], items[2:]):
        page = {"total": len(several), "previous": 0, "next": 0, "list": several}
        body = dumps({"code": 0, "message": None, "response": page}).encode()
        answer = read_strictly(strict, model(PagedPayment), body)
        if answer is None:
            continue  # read leniently: models from the start
        came = UndecodedPage(answer.data).items
        columns = ArrowColumns(show_personal=personal)
        assert shown(columns, came) == shown(columns, [Payment.from_dict(loads(dumps(one))) for one in several])


def test_a_documented_page_needs_no_models() -> None:
    page = {"total": 2, "previous": 0, "next": 0, "list": [FULL, SPARSE]}
    body = json.dumps({"code": 0, "message": None, "response": page}).encode()
    answer = read_strictly(strict, model(PagedPayment), body)
    assert answer is not None
    came = UndecodedPage(answer.data)
    assert all(map(is_struct, came.items))
    assert (came.total, came.next) == (2, 0)
    again = answer.data.items
    assert [type(one) for one in again] == [Payment, Payment]
    assert UndecodedPage(answer.data).items is again


def test_models_and_structs_in_one_batch() -> None:
    columns = ArrowColumns(show_personal=True)
    page = {"total": 1, "previous": 0, "next": 0, "list": [FULL]}
    answer = read_strictly(strict, model(PagedPayment), json.dumps({"code": 0, "response": page}).encode())
    assert answer is not None
    mixed = [*UndecodedPage(answer.data).items, Payment.from_dict(SPARSE)]
    for order in itertools.permutations(mixed):
        assert columns.batch(order).num_rows == 2
