"""A V1 that asks the PG first and writes its record afterwards, on a clock that only tests and pauses move.

It shares nothing with the sandbox: what it is told to be like (slow, locking, behind in its reads) is what the vendor
does not document.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx

__all__ = ["V1", "AsyncTime", "LostError", "Time", "answer"]

CLIENT_WAITS = 60.0
Payment = dict[str, Any]
Plan = Callable[[dict[str, Any]], httpx.Response | None]


class Time:
    """What `PortOne(clock=…)` takes. What is due happens while it moves."""

    def __init__(self) -> None:
        self.now, self._due = 1_800_000_000.0, list[tuple[float, int, Callable[[], object]]]()

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.advance(seconds)

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        self._due.append((self.now + seconds, len(self._due), act))

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while ready := sorted(due for due in self._due if due[0] <= end):
            self._due.remove(ready[0])
            self.now = max(self.now, ready[0][0])
            ready[0][2]()
        self.now = end


class AsyncTime:
    """The same, awaited."""

    def __init__(self, clock: Time) -> None:
        self.time, self.monotonic, self._clock = clock.time, clock.monotonic, clock

    async def sleep(self, seconds: float) -> None:
        self._clock.advance(seconds)


class LostError(Exception):
    """Raised by a plan: the request never arrived."""


class V1(httpx.BaseTransport, httpx.AsyncBaseTransport):
    def __init__(self, clock: Time) -> None:
        self.clock = clock
        self.pg_seconds = 0.5
        """How long the PG takes. The client gives up before, where that is longer than its timeout."""
        self.locks = False
        """Whether a second write to a record is refused while the first is at the PG."""
        self.shows_attempts = False
        """Whether an attempt is listed, as `ready`, while it is at the PG."""
        self.behind = 0.0
        """Seconds by which reads are behind. Set it first: only then its past is kept."""
        self.declining: set[str] = set()
        self.payments: dict[str, Payment] = {}
        self.moved: list[tuple[str, str, int]] = []
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.plans: dict[str, list[Plan]] = {}
        self._at_pg: set[str] = set()
        self._past: list[tuple[float, dict[str, Payment]]] = [(0.0, {})]

    def writes(self, path: str) -> int:
        return sum(sent == path for sent, _ in self.sent)

    def charged(self, merchant_uid: str) -> list[int]:
        return [amount for kind, uid, amount in self.moved if kind == "charge" and uid == merchant_uid]

    @property
    def refunded(self) -> list[int]:
        return [amount for kind, _, amount in self.moved if kind == "refund"]

    def record(self, merchant_uid: str, amount: int, status: str = "paid", **more: Any) -> Payment:
        now = int(self.clock.now)
        payment: Payment = {
            "imp_uid": f"imps_{len(self.payments) + 1:012d}",
            "merchant_uid": merchant_uid,
            "amount": amount,
            "currency": "KRW",
            "channel": "api",
            "pay_method": "card",
            "pg_provider": "nice",
            "sandbox": False,
            "status": status,
            "cancel_amount": 0,
            "cancel_history": [],
            "started_at": now,
            "paid_at": now if status == "paid" else 0,
            "failed_at": now if status == "failed" else 0,
            "cancelled_at": 0,
            **more,
        }
        self.payments[payment["imp_uid"]] = payment
        if status == "paid":
            self.moved.append(("charge", merchant_uid, amount))
        self.keep()
        return payment

    def give_back(self, imp_uid: str, *parts: int, reason: str | None = None) -> Payment:
        payment, now = self.payments[imp_uid], int(self.clock.now)
        for part in parts:
            payment["cancel_amount"] += part
            entry = {"amount": part, "cancelled_at": now, "reason": reason, "cancellation_id": f"c{len(self.moved)}"}
            payment["cancel_history"] = [*payment["cancel_history"], entry]
            self.moved.append(("refund", payment["merchant_uid"], part))
        payment["cancelled_at"] = now
        if payment["cancel_amount"] >= payment["amount"]:
            payment["status"] = "cancelled"
        self.keep()
        return payment

    def keep(self) -> None:
        if self.behind:
            self._past.append((self.clock.now, copy.deepcopy(self.payments)))

    def _seen(self) -> dict[str, Payment]:
        if not self.behind:
            return self.payments
        return [state for at, state in self._past if at <= self.clock.now - self.behind][-1]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx.Request, content: bytes) -> httpx.Response:
        raw, _, query = request.url.raw_path.decode("ascii").partition("?")
        path, given = unquote(raw), json.loads(content or b"{}") or dict(parse_qsl(query))
        self.sent.append((path, given))
        for prefix, plans in self.plans.items():
            if path.startswith(prefix) and plans:
                try:
                    planned = plans.pop(0)(given)
                except LostError:
                    raise httpx.ReadTimeout("no answer", request=request) from None
                if planned is not None:
                    return self._dated(planned)
        try:
            return self._dated(self._execute(path, given))
        except LostError:
            raise httpx.ReadTimeout("no answer", request=request) from None

    def _dated(self, response: httpx.Response) -> httpx.Response:
        response.headers["Date"] = formatdate(self.clock.now, usegmt=True)
        return response

    def _execute(self, path: str, given: dict[str, Any]) -> httpx.Response:
        now = int(self.clock.now)
        if path == "/users/getToken":
            return answer({"access_token": "t" * 40, "now": now, "expired_at": now + 1800})
        if path == "/subscribe/payments/again":
            return self._again(given)
        if path == "/payments/cancel":
            return self._cancel(given)
        name = path.split("/")
        if path.startswith("/payments/status/"):
            return self._listed(name[3], given)
        if path.startswith("/payments/findAll/"):
            found = [each for each in self._seen().values() if each["merchant_uid"] == name[3]][::-1]
            page = {"total": len(found), "previous": 0, "next": 0, "list": found}
            return answer(page) if found else refused("존재하지 않는 결제정보입니다.", 404)
        payment = self._seen().get(name[2])
        return answer(payment) if payment else refused("존재하지 않는 결제정보입니다.", 404)

    def _listed(self, status: str, given: dict[str, Any]) -> httpx.Response:
        at = "cancelled_at" if status == "cancelled" else "paid_at"
        first, last, size, page = (int(given.get(name) or 1) for name in ("from", "to", "limit", "page"))
        rows = [p for p in self.payments.values() if p["status"] == status and first <= p[at] <= last]
        more = page + 1 if len(rows) > page * size else 0
        part = copy.deepcopy(rows[(page - 1) * size : page * size])
        return answer({"total": len(rows), "previous": page - 1, "next": more, "list": part})

    def _at_the_pg(self, record: str, execute: Callable[[], httpx.Response]) -> httpx.Response:
        if self.locks and record in self._at_pg:
            return refused("기존 요청을 처리중입니다.")
        self._at_pg.add(record)
        answers: list[httpx.Response] = []

        def finish() -> None:
            self._at_pg.discard(record)
            answers.append(execute())

        self.clock.after(self.pg_seconds, finish)
        self.clock.advance(min(self.pg_seconds, CLIENT_WAITS))
        if not answers:
            raise LostError
        return answers[0]

    def _again(self, given: dict[str, Any]) -> httpx.Response:
        uid, card = given["merchant_uid"], given["customer_uid"]
        if any(p["merchant_uid"] == uid and p["paid_at"] for p in self.payments.values()):
            return refused("이미 결제가 이루어진 merchant_uid입니다.")
        named = {"customer_uid": card, "custom_data": given.get("custom_data")}
        waiting = self.record(uid, given["amount"], "ready", **named) if self.shows_attempts else None

        def execute() -> httpx.Response:
            status = "failed" if card in self.declining else "paid"
            if waiting is None:
                return answer(self.record(uid, given["amount"], status, **named))
            waiting.update(status=status, paid_at=int(self.clock.now) if status == "paid" else 0)
            if status == "paid":
                self.moved.append(("charge", uid, given["amount"]))
            self.keep()
            return answer(waiting)

        return self._at_the_pg(uid, execute)

    def _cancel(self, given: dict[str, Any]) -> httpx.Response:
        payment = self.payments[given["imp_uid"]]
        left = payment["amount"] - payment["cancel_amount"]
        amount = given.get("amount") or left
        if left == 0:
            return refused("이미 전액취소된 주문입니다.")
        if given.get("checksum") not in (None, left):
            return refused("취소 가능 잔액이 일치하지 않습니다.")

        def execute() -> httpx.Response:
            if payment["amount"] - payment["cancel_amount"] < amount:
                return refused("취소 가능 금액 초과")
            return answer(self.give_back(payment["imp_uid"], amount, reason=given.get("reason")))

        return self._at_the_pg(payment["imp_uid"], execute)


def answer(payload: Any) -> httpx.Response:
    return httpx.Response(200, json={"code": 0, "message": None, "response": payload})


def refused(message: str, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"code": -1, "message": message, "response": None})
