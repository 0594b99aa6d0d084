"""One payment with everything a converter could stumble over, and what must not be shown of it."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1.models import Payment

PERSONAL = {
    "buyer_name": "홍길동",
    "buyer_email": "nobody@example.com",
    "buyer_tel": "010-0000-0000",
    "card_number": "4242-42**-****-4242",
}
WIRE: dict[str, Any] = {
    "imp_uid": "imp_1",
    "merchant_uid": "order-2026013112345678",
    "name": "주문 4242424242424242",
    "amount": 12000,
    "cancel_amount": 0,
    "currency": "KRW",
    "status": "paid",
    "pay_method": "moon_dust",
    "card_type": 1,
    "sandbox": True,
    "paid_at": 1_800_000_000,
    "failed_at": 0,
    "cancel_history": [{"amount": 1000.5, "cancelled_at": 1_800_000_100, "cancellation_id": "C1"}],
    "of_tomorrow": {"buyer": "someone"},
    **PERSONAL,
}


@pytest.fixture
def payment() -> Payment:
    return Payment.from_dict(WIRE)
