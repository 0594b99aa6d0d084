"""One sandbox with a shop of so many payments, and what a request of each kind needs there."""

from __future__ import annotations

import json
import time
from random import Random
from typing import Any
from urllib.parse import urlencode

from portone_v1_sandbox import DEFAULT_CHANNELS, TEST_CARDS, Request, Response, Sandbox, SandboxClock
from portone_v1_sandbox.evidence.log import MOST_BYTES
from portone_v1_sandbox.evidence.uids import Uids

__all__ = ["Shop", "checked"]

START = 1_770_000_000
SPAN = 80 * 24 * 3600
"""All payments lie within the period that one search may ask for."""
BATCH = 1000
CARD = {"card_number": TEST_CARDS["ordinary"].number, "expiry": "2099-12"}
QUICK = next(channel.channel_key for channel in DEFAULT_CHANNELS if channel.pg_provider == "kcp_quick")


class Shop:
    """A shop with a history: one schedule and billing key for twenty payments, one certification for a hundred."""

    def __init__(self, count: int, file: str | None) -> None:
        self.sandbox: Sandbox = Sandbox(clock=SandboxClock.frozen_at(START), db=file)
        self.count = count
        self.random = Random(7)
        self.uids: list[str] = []
        self._serial = 0
        self._headers: dict[str, str] = {}

    def fill(self) -> float:
        """Return the CPU seconds."""
        began = time.process_time()
        for first in range(0, self.count, BATCH):
            made = self.sandbox.seed([self._entry(number) for number in range(first, min(self.count, first + BATCH))])
            self.uids += [str(payment.imp_uid) for payment in made]
        spent = time.process_time() - began
        keys = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
        self._headers = {"Authorization": self.call("POST", "/users/getToken", **keys)["access_token"]}
        now = self.sandbox.clock.now()
        for number in range(max(1, self.count // 20)):
            entry = {"merchant_uid": f"plan-{number}", "schedule_at": now + 10**6 + number, "amount": 9900}
            plan: dict[str, Any] = {"schedules": [entry | {"name": "구독"}], "customer_uid": f"customer-{number}"}
            self.call("POST", "/subscribe/payments/schedule", **CARD, **plan)
        for number in range(max(1, self.count // 100)):
            self.person(f"0101{number:07d}")
        self._fill_log()
        return spent

    def _fill_log(self) -> None:
        """Fill what is kept of past calls, at every size: a call that finds no room drops older ones."""
        engine = self.sandbox._engine  # noqa: SLF001 - a hundred thousand calls would take as long as the payments
        log = engine.evidence
        with engine.transaction():
            for number in range(MOST_BYTES // 512):
                log.add("state", START, "state", about=Uids((f"imp_{number}",), (f"order-{number}",)), facts={})

    def _entry(self, number: int) -> dict[str, Any]:
        entry: dict[str, Any] = {"merchant_uid": f"order-{number}", "amount": 1000 + number % 50_000, "name": "원두"}
        entry |= {"advance": SPAN // self.count, "buyer_name": "홍길동", "customer_uid": f"customer-{number // 20}"}
        if number % 20 == 7:
            return entry | {"status": "failed"}
        if number % 20 == 13:
            return entry | {"status": "ready", "pay_method": "vbank", "customer_uid": None}
        return entry

    def person(self, phone: str) -> str:
        person = {"name": "홍길동", "phone": phone, "birth": "900101", "gender_digit": "1", "carrier": "SKT"}
        uid: str = self.call("POST", "/certifications/otp/request", **person)["imp_uid"]
        return uid

    def fresh(self, prefix: str = "new") -> str:
        self._serial += 1
        return f"{prefix}-{self._serial}"

    def any_uid(self) -> str:
        """Return a payment from anywhere in the history that still has money."""
        return self.uids[self.random.randrange(self.count) // 20 * 20 + self.random.randrange(7)]

    def any_order(self) -> str:
        return f"order-{self.random.randrange(self.count)}"

    def any_customer(self) -> str:
        return f"customer-{self.random.randrange(max(1, self.count // 20))}"

    def any_plan(self) -> str:
        return f"plan-{self.random.randrange(max(1, self.count // 20))}"

    def pay(self, **fields: Any) -> str:
        order: dict[str, Any] = {"merchant_uid": self.fresh("paid"), "amount": 1000} | fields
        return str(self.sandbox.pay(**order).imp_uid)

    def request(self, method: str, path: str, query: str = "", **fields: Any) -> Request:
        headers = dict(self._headers)
        if not fields:
            return Request(method, path, query, headers)
        headers["Content-Type"] = "application/json"
        return Request(method, path, query, headers, json.dumps(fields).encode())

    def call(self, method: str, path: str, query: str = "", **fields: Any) -> Any:
        return checked(self.sandbox.handle(self.request(method, path, query, **fields)))

    def get(self, path: str, **query: Any) -> Request:
        return self.request("GET", path, urlencode(query, doseq=True))


def checked(answer: Response) -> Any:
    if answer.status not in (200, 207) or answer.json().get("code", 0):
        raise ValueError(f"{answer.status}: {answer.body[:200]!r}")
    return answer.json().get("response")
