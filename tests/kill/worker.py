"""The job of one order, in a process that may be killed at any instant: a charge of 10,000, refunds of 5,000 and 3,000.

Every second order is charged by a card number (`onetime_once`), the others by a billing key.

usage: python -m tests.kill.worker BASE_URL STORE ORDER...    STORE is a file, or an address of a database
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from portone_v1 import PortOne
from portone_v1.errors import PortOneError
from portone_v1.intents import IntentStore, SQLiteStore

from tests.kill.v1 import RATE

DONE, AGAIN, BROKEN = 0, 7, 9
PARTS = (5_000, 3_000)
CARD = "4000-0000-0000-0001"
DEADLINE = 180.0
"""In seconds of V1: three real ones, as a process may wait long for a processor."""


class FastClock:
    """V1's pace."""

    def time(self) -> float:
        return time.time() * RATE

    def monotonic(self) -> float:
        return time.monotonic() * RATE

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / RATE)


def open_store(place: str) -> IntentStore:
    clock = FastClock()
    if "://" not in place:
        return SQLiteStore(place, busy=20.0, clock=clock.time)
    import sqlalchemy as sa
    from portone_v1.contrib.sqlalchemy import SQLAlchemyStore
    from sqlalchemy.pool import NullPool

    class Store(SQLAlchemyStore):
        def now(self) -> float:
            return super().now() * RATE

    return Store(sa.create_engine(place, poolclass=NullPool))


def open_client(base_url: str, place: str) -> PortOne:
    return PortOne("key", "secret", base_url=base_url, intents=open_store(place), clock=FastClock(), timeout=5.0)


def work(client: PortOne, order: str) -> int:
    sold: dict[str, Any] = {"merchant_uid": order, "amount": 10_000, "name": "구독", "deadline": DEADLINE}
    try:
        if int(order.rpartition("-")[2]) % 2:
            charge = client.subscribe.onetime_once(card_number=CARD, expiry="2039-12", **sold)
        else:
            charge = client.subscribe.again_once(customer_uid="card-A", **sold)
        if charge.state not in ("paid", "refunded") or charge.payment is None:
            return AGAIN
        for amount in PARTS:
            refund = client.payments.cancel_once(
                imp_uid=charge.payment.imp_uid,
                amount=amount,
                key=f"{order}-{amount}",
                reason=f"r{amount}",
                deadline=DEADLINE,
            )
            if refund.state != "refunded":
                return AGAIN
    except (PortOneError, ValueError):
        return AGAIN
    return DONE


def run(client: PortOne, order: str) -> None:
    """Work in a fork, and end without the parent's clean-up."""
    code = BROKEN
    try:
        code = work(client, order)
    except BaseException:
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
    os._exit(code)
