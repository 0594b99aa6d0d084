"""Models as types of pydantic and FastAPI. The client does not import pydantic."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from enum import Enum
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from portone_v1 import models
from portone_v1.models import PagedPayment, Payment
from portone_v1_runtime.payload import BulkList
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from tests.citizens.conftest import PERSONAL, WIRE

PAYMENT = TypeAdapter(Payment)


def test_an_instance_stays_itself_and_both_forms_round_trip(payment: Payment) -> None:
    assert PAYMENT.validate_python(payment) is payment
    assert PAYMENT.validate_json(PAYMENT.dump_json(payment)) == payment
    assert PAYMENT.validate_python(PAYMENT.dump_python(payment)) == payment


def test_v1s_own_form_is_read_too(payment: Payment) -> None:
    assert PAYMENT.validate_python(WIRE) == payment
    assert PAYMENT.validate_json(json.dumps(WIRE)) == payment


def test_the_types_of_what_is_read() -> None:
    read = PAYMENT.validate_python(
        {"amount": 0.1, "status": "paid", "pay_method": "moon_dust", "paid_at": "2027-01-15T08:00:00Z", "new": 1}
    )
    assert read.amount == Decimal("0.1")
    assert isinstance(read.status, Enum)
    assert (read.pay_method, type(read.pay_method)) == ("moon_dust", str)
    assert read.paid_at is not None
    assert read.paid_at.isoformat() == "2027-01-15T17:00:00+09:00"
    assert read.extra == {"new": 1}


@pytest.mark.parametrize(
    "wrong", [{"amount": "much"}, {"paid_at": "2027-01-15T08:00:00"}, {"sandbox": "perhaps"}, {"cancel_history": 5}, 5]
)
def test_what_is_no_payment_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        PAYMENT.validate_python(wrong)


def test_money_is_a_number_and_times_are_text(payment: Payment) -> None:
    body = json.loads(PAYMENT.dump_json(payment))
    assert body == payment.to_dict(mode="json")
    assert (body["amount"], body["paid_at"]) == (12000, "2027-01-15T17:00:00+09:00")
    assert PAYMENT.dump_python(payment)["amount"] == Decimal(12000)
    assert "failed_at" not in json.loads(PAYMENT.dump_json(payment, exclude_none=True))
    assert not {*PERSONAL} & {*json.loads(PAYMENT.dump_json(payment, exclude={*PERSONAL}))}


def test_what_v1_may_send_one_day_warns_and_breaks_nothing() -> None:
    odd = Payment.from_dict({"imp_uid": None, "amount": None, "paid_at": 1_800_000_000_000_000, "status": 7})
    assert json.loads(PAYMENT.dump_json(odd))["paid_at"] == 1_800_000_000_000_000


@pytest.mark.parametrize("mode", ["validation", "serialization"])
@pytest.mark.parametrize("name", models.__all__)
def test_every_model_has_a_schema(name: str, mode: Any) -> None:
    kind: Any = getattr(models, name)
    adapter = TypeAdapter(kind)
    schema = adapter.json_schema(mode=mode)
    assert schema["title"] == name
    assert {*schema.get("properties", {})} == {*kind._names}
    empty = kind.from_dict({})
    assert adapter.validate_python(adapter.dump_python(empty)) == empty


def test_the_schema_of_a_payment() -> None:
    schema = PAYMENT.json_schema()
    fields = schema["properties"]
    assert fields["amount"]["type"] == "number"
    assert fields["status"]["anyOf"] == [{"$ref": "#/$defs/PaymentStatus"}, {"type": "string"}]
    assert fields["paid_at"]["anyOf"][0] == {"type": "string", "format": "date-time"}
    assert fields["cancel_history"]["items"] == {"$ref": "#/$defs/PaymentCancel"}
    assert {"imp_uid", "merchant_uid", "amount"} <= {*schema["required"]}


def test_within_a_model_of_the_shop(payment: Payment) -> None:
    class Order(BaseModel):
        payment: Payment
        attempts: BulkList[Payment]

    order = Order(payment=payment, attempts=BulkList([payment]))
    assert type(order.attempts) is BulkList
    assert Order.model_validate_json(order.model_dump_json()).payment == payment
    assert "Payment" in Order.model_json_schema()["$defs"]


def test_a_smaller_model_from_the_attributes(payment: Payment) -> None:
    class Shown(BaseModel):
        model_config = ConfigDict(from_attributes=True)
        imp_uid: str
        amount: Decimal

    assert Shown.model_validate(payment).imp_uid == "imp_1"


async def get(app: FastAPI, path: str) -> Any:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        return (await http.get(path)).json()


def test_fastapi_answers_with_it_and_documents_it(payment: Payment) -> None:
    import asyncio

    app = FastAPI()

    @app.get("/payment", response_model=Payment, response_model_exclude={*PERSONAL, "of_tomorrow"})
    def one() -> Payment:
        return payment

    @app.get("/page")
    def page() -> PagedPayment:
        return PagedPayment.from_dict({"total": 1, "list": [WIRE]})

    result = asyncio.run(get(app, "/payment"))
    assert (result["amount"], result["status"]) == (12000, "paid")
    assert not {*PERSONAL} & {*result}
    assert asyncio.run(get(app, "/page"))["items"][0]["imp_uid"] == "imp_1"
    schemas = asyncio.run(get(app, "/openapi.json"))["components"]["schemas"]
    assert {"Payment", "PagedPayment", "PaymentStatus", "PaymentCancel"} <= {*schemas}
    assert schemas["Payment"]["properties"]["amount"]["type"] == "number"


def test_the_client_does_not_import_pydantic() -> None:
    code = (
        "import sys; from portone_v1 import PortOne, models; PortOne('k', 's'); p = models.Payment.from_dict({}); "
        "p.to_dict('json'); repr(p); p._repr_html_(); "
        "print({name.partition('.')[0] for name in sys.modules} & {'pydantic', 'pydantic_core', 'pandas', 'polars'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
