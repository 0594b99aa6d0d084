"""JSON: the standard library's, Django's and Flask's."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from portone_v1 import RefusedError
from portone_v1.models import PagedPayment, Payment
from portone_v1.results import CompletedRefund, DeclinedCharge, PaidCharge
from portone_v1.serialization import default

from tests.citizens.conftest import WIRE


def test_json_dumps_takes_models_results_and_their_values(payment: Payment) -> None:
    page = PagedPayment.from_dict({"total": 1, "list": [WIRE]})
    refund = CompletedRefund(payment, Decimal("0.5"))
    body = json.loads(json.dumps({"payment": payment, "page": page, "refund": refund}, default=default))
    assert body["payment"] == payment.to_dict("json") == body["page"]["items"][0]
    assert (body["refund"]["state"], body["refund"]["amount"]) == ("refunded", 0.5)
    values = [Decimal("12000"), datetime(2027, 1, 1, tzinfo=UTC), date(2027, 1, 1), UUID(int=1)]
    assert json.loads(json.dumps(values, default=default)) == [
        12000,
        "2027-01-01T09:00:00+09:00",
        "2027-01-01",
        "00000000-0000-0000-0000-000000000001",
    ]
    with pytest.raises(TypeError, match="object is not JSON serializable"):
        json.dumps(object(), default=default)


def test_a_declined_charge_tells_code_and_message() -> None:
    declined = DeclinedCharge(reason="한도초과", refusal=RefusedError("refused", code=1, message="한도초과"))
    body = json.loads(json.dumps(declined, default=default))
    assert body["refusal"] == {"code": 1, "message": "한도초과"}
    assert body["state"] == "declined"


def test_django(payment: Payment) -> None:
    from portone_v1.contrib.django.encoders import PortOneJSONEncoder

    body = json.loads(
        json.dumps({"p": payment, "c": PaidCharge(payment), "own": Decimal("1.50")}, cls=PortOneJSONEncoder)
    )
    assert body["p"] == payment.to_dict("json") == body["c"]["payment"]
    assert body["own"] == "1.50"


def test_flask(payment: Payment) -> None:
    from flask import Flask, jsonify
    from portone_v1.contrib.flask_json import PortOneJSONProvider

    app = Flask(__name__)
    app.json = PortOneJSONProvider(app)

    @app.get("/payment")
    def one() -> Any:
        return jsonify(payment=payment, own=Decimal("1.50"))

    body = app.test_client().get("/payment").get_json()
    assert body == {"payment": payment.to_dict("json"), "own": "1.50"}
