"""A number that nothing can hold is the text of it, and costs no answer and no memory."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from portone_v1.models import Payment
from portone_v1.webhooks import parse
from portone_v1_runtime import exact_json

from tests.overlay.harness import Answer, Flavour, ScriptedV1

BODY = '{"code":0,"message":null,"response":{"imp_uid":"imp_1","amount":%s,"extension":{"of":[%s]},"new":%s}}'
TOO_LONG = ["1e9999999999999999999", "1e-9999999999999999999", "0e9999999999999999999", "1e999999999", "9" * 4301]


def read(flavour: Flavour, v1: ScriptedV1, numeral: str) -> Any:
    v1.default = Answer(200, (BODY % (numeral, numeral, numeral)).encode())
    return flavour.client(v1).call(lambda client: client.payments.get("imp_1"))


@pytest.mark.parametrize("numeral", TOO_LONG)
def test_a_number_that_is_too_long_stays_its_text(flavour: Flavour, v1: ScriptedV1, numeral: str) -> None:
    payment = read(flavour, v1, numeral)
    assert (payment.amount, payment.extension, payment.extra) == (numeral, {"of": [numeral]}, {"new": numeral})
    assert json.loads(json.dumps(payment.to_dict("json")))["amount"] == numeral
    assert Payment.from_dict(payment.to_dict()) == payment


@pytest.mark.parametrize("numeral", ["9" * 4300, "1.5e4300", "1e-4300", "12000.10", "-0.0"])
def test_any_other_is_exact(flavour: Flavour, v1: ScriptedV1, numeral: str) -> None:
    payment = read(flavour, v1, numeral)
    assert payment.amount == Decimal(numeral)
    assert str(payment.extra["new"]) == str(payment.extension["of"][0]) == str(Decimal(numeral))
    assert json.dumps(payment.to_dict("json"))


@pytest.mark.parametrize("text", ["1e999999999", "1e9999999999999999999", "0e99999"])
def test_a_text_that_would_be_one_stays_a_text(text: str) -> None:
    assert Payment.from_dict({"amount": text}).amount == text
    assert Payment.from_dict({"amount": " 1e3 "}).amount == 1000


def test_an_amount_of_the_callers_own_is_written_briefly() -> None:
    huge = Decimal("1e9999999")
    payment = Payment.from_dict({"amount": huge})
    assert payment.to_dict("json")["amount"] == "1E+9999999"
    assert (
        exact_json.dumps({"amount": huge, "tiny": Decimal("1e-9999999")}) == '{"amount":1E+9999999,"tiny":1E-9999999}'
    )


@pytest.mark.parametrize("numeral", TOO_LONG)
def test_a_webhook_with_one_is_read(numeral: str) -> None:
    event = parse(f'{{"imp_uid":"imp_1","new":{numeral}}}'.encode(), "application/json")
    assert (event.imp_uid, event.extra) == ("imp_1", {"new": numeral})
