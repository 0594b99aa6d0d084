"""An answer with a field that is nested hundreds of levels deep: it is read, and what was read can be used."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from portone_v1.models import PagedPayment, Payment
from portone_v1.webhooks import parse
from portone_v1_runtime.depth import TOO_DEEP

from tests.overlay.harness import Answer, Flavour, ScriptedV1

pytestmark = pytest.mark.usefixtures("decoding")

SHAPES = {"lists": ("[", "1", "]"), "objects": ('{"a":', "1", "}"), "both": ('[{"a":', "null", "}]")}
FIELDS = [
    "of_a_later_day",
    "extension",
    "amount",
    "paid_at",
    "card_quota",
    "name",
    "status",
    "sandbox",
    "cancel_history",
]
USES: list[Callable[[Any], Any]] = [
    lambda model: model.to_dict(),
    lambda model: model.to_dict("json"),
    lambda model: model.to_dict("python"),
    lambda model: json.dumps(model.to_dict("json")),
    lambda model: pickle.loads(pickle.dumps(model)) == model,
    lambda model: copy.deepcopy(model) == model,
    repr,
    lambda model: type(model).from_dict(model.to_dict()) == model,
]


def nested(shape: str, levels: int) -> str:
    start, middle, stop = SHAPES[shape]
    return start * levels + middle + stop * levels


@pytest.mark.parametrize("levels", [90, 102, 330, 480])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("field", FIELDS)
def test_what_is_nested_deeply_is_read_and_can_be_used(
    flavour: Flavour, v1: ScriptedV1, field: str, shape: str, levels: int
) -> None:
    deep = nested(shape, levels // 2 if shape == "both" else levels)
    body = '{"code":0,"message":null,"response":{"imp_uid":"imp_1","merchant_uid":"order-1",%s:%s}}'
    v1.default = Answer(200, (body % (json.dumps(field), deep)).encode())
    for _ in range(2):  # msgspec learns a field that it does not know
        payment = flavour.client(v1).call(lambda c: c.payments.get("imp_1"))
        assert payment.imp_uid == "imp_1"
        for use in USES:
            assert use(payment)
        if field == "of_a_later_day":
            assert (TOO_DEEP in str(payment.extra)) == (levels > 100)


def test_in_a_page_and_in_a_refund_too(flavour: Flavour, v1: ScriptedV1) -> None:
    deep = json.loads(nested("lists", 400))
    refund = {"amount": 1, "cancelled_at": 1, "of_a_later_day": deep}
    payments = [{"imp_uid": f"imp_{number}", "later": deep, "cancel_history": [refund]} for number in range(3)]
    body = {"code": 0, "message": None, "response": {"total": 3, "next": 0, "list": payments, "other": deep}}
    v1.default = Answer(200, json.dumps(body).encode())
    page = flavour.client(v1).call(lambda c: c.payments.find_all("order-1"))
    assert isinstance(page, PagedPayment)
    assert pickle.loads(pickle.dumps(page)) == page
    assert [item.imp_uid for item in page] == ["imp_0", "imp_1", "imp_2"]
    assert TOO_DEEP in json.dumps(page.to_dict("json"))


def test_a_webhook_too() -> None:
    event = parse(f'{{"imp_uid":"imp_1","later":{nested("lists", 400)}}}'.encode())
    assert TOO_DEEP in repr(event.extra)
    assert parse(b'{"imp_uid":"imp_1","later":[[1]]}').extra == {"later": [[1]]}


def test_a_hundred_levels_are_kept_as_they_came() -> None:
    came = json.loads(nested("objects", 100))
    payment = Payment.from_dict({"imp_uid": "imp_1", "later": came})
    assert payment.extra["later"] is came
