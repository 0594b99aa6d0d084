"""Payments that V1 answers without a field, or with null in it: no money moves twice, and the errors are the SDK's."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from portone_v1 import PortOneError
from portone_v1_sandbox import Request, Response

from tests.safe import network as net
from tests.safe.conftest import Shop, again

FIELDS = ("imp_uid", "merchant_uid", "status", "amount", "cancel_amount", "currency", "paid_at", "cancel_history")
CALLS: dict[str, Callable[[Any, str], Any]] = {
    "cancel_once, by payment": lambda c, imp_uid: c.payments.cancel_once(imp_uid=imp_uid, amount=300, key="part"),
    "cancel_once, by order": lambda c, _: c.payments.cancel_once(merchant_uid="order-1", amount=300, key="part"),
    "again_once": lambda c, _: c.subscribe.again_once(**again("order-2")),
    "verify": lambda c, imp_uid: c.payments.verify(imp_uid, merchant_uid="order-1", amount=1000),
}


def hollow(field: str, value: Any) -> net.Fault:
    """Set the field to `value` in every payment of the answer, or remove it."""

    def fault(network: net.Network, request: Request) -> Response:
        answer = network.execute(request)
        body: dict[str, Any] = answer.json()
        shown: Any = body["response"] or {}
        payments: list[dict[str, Any]] = shown.get("list", [shown])
        for payment in payments:
            if "imp_uid" in payment:
                payment.pop(field)
                payment |= {} if value is ... else {field: value}
        return Response(answer.status, json.dumps(body, default=int).encode(), answer.headers)

    return fault


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("value", [..., None], ids=["missing", "null"])
@pytest.mark.parametrize("field", FIELDS)
def test_a_hole_moves_no_money_twice(shop: Shop, field: str, value: Any, call: Callable[[Any, str], Any]) -> None:
    imp_uid = str(shop.paid().imp_uid)
    charges = len(shop.charges)
    for route in ("GET /payments/", "POST /payments/cancel", "POST /subscribe/payments/again"):
        shop.network.meet(route, *[hollow(field, value)] * 30)
    text = ""
    try:
        shop.run(lambda c: call(c, imp_uid))
    except PortOneError as error:
        text = str(error)
    except ValueError as error:  # documented for a refund of more than is left
        text = str(error)
        if "nothing was sent" not in text:
            raise
    assert "nothing was sent" not in text or not shop.refunds
    shop.network.forget()
    if call is not CALLS["verify"]:
        shop.clock.advance(3600)
        shop.run(lambda c: call(c, imp_uid))
        assert len(shop.charges) - charges + len(shop.refunds) == 1
    assert len(shop.charges) - charges + len(shop.refunds) <= 1
