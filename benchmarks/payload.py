"""The payments that every side reads: invented people, all 54 fields, one in ten in dollars with cents.

Written as V1 writes them, and as the sandbox does: fields in alphabetical order, ASCII, escaped slashes, no blanks.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = [
    "COUNT",
    "IMP_UID",
    "many",
    "many_of_a_later_day",
    "many_with_an_odd_one",
    "one",
    "payment",
    "token",
    "v2_payment",
]

COUNT = 100
IMP_UID = "imp_100000000001"
EXAMPLE = Path(__file__).resolve().parent.parent / "spec" / "examples" / "payments_get.ok.json"


def _example() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXAMPLE.read_text(encoding="utf-8"))["answer"]["body"]["response"]
    return found


def payment(number: int) -> dict[str, Any]:
    foreign = number % 10 == 0
    amount: int | float = 12000.25 if foreign else 12000
    cancels = [
        {
            "pg_tid": f"EXAMPLE{number:08}{part}",
            "amount": amount / 4,
            "cancelled_at": 1773104700 + part,
            "reason": "한 봉지 품절",
            "cancellation_id": f"cancellation-{number}-{part}",
            "receipt_url": f"https://receipt.example.com/cancels/{number}/{part}",
        }
        for part in range(2)
    ]
    deposit = {"pg_tid": f"EXAMPLE{number}", "amount": 5000, "depositor_name": "홍길동", "deposited_at": 1773104650}
    return _example() | {
        "imp_uid": f"imp_{100000000000 + number}",
        "merchant_uid": f"order-20260310-{number:06}",
        "amount": amount,
        "cancel_amount": amount / 2,
        "cancelled_at": 1773104701,
        "currency": "USD" if foreign else "KRW",
        "cancel_history": cancels,
        "cancel_receipt_urls": [cancel["receipt_url"] for cancel in cancels],
        "cancel_reason": "한 봉지 품절",
        "deposit_history": [deposit],
        "promotion": {"id": "promotion-id-1", "discount": 1000},
        "status": "cancelled",
    }


def _envelope(response: Any) -> bytes:
    body = json.dumps({"code": 0, "message": None, "response": response}, separators=(",", ":"))
    return body.replace("/", "\\/").encode("ascii")


def one() -> bytes:
    """Return the documented example of one payment."""
    return _envelope(_example())


def many() -> bytes:
    return _envelope([payment(number) for number in range(COUNT)])


def many_of_a_later_day() -> bytes:
    """Return the same payments with three fields that the specification does not know."""
    later = {"loyalty_points": 120, "settlement_group": "A-1", "risk_flags": ["none"]}
    return _envelope([dict(sorted((payment(number) | later).items())) for number in range(COUNT)])


def many_with_an_odd_one() -> bytes:
    """Return the same payments, one of which has its instalments as text."""
    payments = [payment(number) for number in range(COUNT)]
    payments[COUNT // 2]["card_quota"] = "3"
    return _envelope(payments)


def token(now: int) -> bytes:
    return _envelope({"access_token": "a" * 40, "now": now, "expired_at": now + 1800})


def v2_payment() -> bytes:
    """Return the smallest payment of V2 that its own SDK reads."""
    moment = "2026-03-10T01:02:03Z"
    amounts = ("total", "taxFree", "discount", "paid", "cancelled", "cancelledTaxFree")
    value = {
        "status": "READY",
        "id": "payment-1",
        "transactionId": "transaction-1",
        "merchantId": "merchant-1",
        "storeId": "store-1",
        "version": "V2",
        "requestedAt": moment,
        "updatedAt": moment,
        "statusChangedAt": moment,
        "orderName": "원두 500g",
        "amount": dict.fromkeys(amounts, 0),
        "currency": "KRW",
        "customer": {},
        "origin": {"platformType": "PC", "ipAddress": "192.0.2.1"},
    }
    return json.dumps(value, ensure_ascii=False).encode()
