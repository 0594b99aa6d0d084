"""Pages that name no order: V1's script makes a number up (claim `unnamed-orders`), and the window opens."""

from __future__ import annotations

import re
from typing import Any

import pytest
from portone_v1_sandbox import Sandbox

from tests.sandbox.pages.test_web import act, open_window, outcome, shown

MADE_UP = re.compile(r"nobody_\d{13}")


@pytest.mark.parametrize("named", [{}, {"merchant_uid": None}, {"merchant_uid": ""}], ids=["missing", "null", "empty"])
def test_a_payment_is_made_under_a_number_that_the_shop_does_not_know(sandbox: Sandbox, named: dict[str, Any]) -> None:
    window = open_window(sandbox.handle, {"amount": 12000, "name": "커피"} | named)
    received = outcome(act(sandbox.handle, window, "approve", pay_method="card", card="ordinary"))
    assert received["success"] is True
    assert MADE_UP.fullmatch(received["merchant_uid"])
    assert sandbox.client().payments.find(received["merchant_uid"]).imp_uid == received["imp_uid"]
    [opened] = [entry for entry in sandbox.journal if entry.operation == "request_pay"]
    assert "merchant_uid is missing" in opened.advice[0]


def test_an_identity_check_is_named_as_well(sandbox: Sandbox) -> None:
    window = open_window(sandbox.handle, {}, kind="certification")
    person: dict[str, Any] = {
        "name": "홍길동",
        "phone": "010-0000-0000",
        "birthday": "1990-01-01",
        "carrier": "SKT",
        "gender": "male",
    }
    received = outcome(act(sandbox.handle, window, "approve", **person))
    assert MADE_UP.fullmatch(received["merchant_uid"])


def test_an_order_number_that_is_no_text_still_stops_the_window(sandbox: Sandbox) -> None:
    window = open_window(sandbox.handle, {"amount": 12000, "name": "커피", "merchant_uid": 7})
    assert shown(sandbox.handle, window)["outcome"]["success"] is False
