"""The sandbox as a V1 that asks the PG first and books afterwards, whose reads are behind, and that may lock."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Callable
from random import Random
from typing import Any, Final, NamedTuple

from portone_v1_sandbox import Request, Response, Sandbox

__all__ = ["Habits", "SlowV1"]

KINDS: Final = ("queue", "refuse", "race")
LAGS: Final = (0.0, 0.0, 0.0, 0.2, 1.0)
"""In timeouts of the client."""
CANCEL: Final = "/payments/cancel"
WRITES: Final = (CANCEL, "/subscribe/payments/again", "/subscribe/payments/onetime")


class Habits(NamedTuple):
    """What nobody outside of PortOne knows of V1, another one for each order."""

    kind: str
    """What a second write of an order meets while the first is at the PG: it waits, is turned away, or neither."""
    lag: float
    """Seconds by which reads are behind."""


class SlowV1:
    """Answers as the sandbox does, later.

    Args:
        unit: seconds of a client's timeout.
    """

    def __init__(self, sandbox: Sandbox, seed: str, unit: float) -> None:
        self._sandbox, self._seed, self._unit = sandbox, seed, unit
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._at_pg: defaultdict[str, int] = defaultdict(int)
        self._before: defaultdict[str, list[tuple[float, dict[str, Response]]]] = defaultdict(list)
        self._reviewed: set[str] = set()

    def habits(self, about: str) -> Habits:
        chance = Random(f"{self._seed}/v1/{about}")
        return Habits(chance.choice(KINDS), chance.choice(LAGS) * self._unit)

    async def handle(
        self, request: Request, about: str, *, at_pg: float = 0.0, meanwhile: Callable[[], object] = lambda: None
    ) -> Response:
        """Answer a request.

        Args:
            about: its order.
            at_pg: seconds between V1's look at its records and its booking.
            meanwhile: what happens half-way through them.
        """
        if request.path not in WRITES:
            return self._seen(request, about) or self._sandbox.handle(request)
        kind, lag = self.habits(about)
        if kind == "refuse" and self._at_pg[about]:
            return _refusal("[3041] 중복된 주문번호입니다. 이미 처리중인 거래입니다.")
        if kind == "queue":
            async with self._queues[about]:
                return await self._write(request, about, lag, at_pg, meanwhile)
        return await self._write(request, about, lag, at_pg, meanwhile)

    async def _write(
        self, request: Request, about: str, lag: float, at_pg: float, meanwhile: Callable[[], object]
    ) -> Response:
        if not at_pg or not self._accepts(request):
            return self._book(request, about, lag)
        self._at_pg[about] += 1
        try:
            await asyncio.sleep(at_pg / 2)
            meanwhile()
            await asyncio.sleep(at_pg / 2)
            return self._book(request, about, lag, looked=True)
        finally:
            self._at_pg[about] -= 1

    def _accepts(self, request: Request) -> bool:
        """Look at the order as V1 does, before it asks the PG."""
        body, state = json.loads(request.body), self._sandbox._engine.state
        if request.path != CANCEL:
            return not any(attempt.paid_at for attempt in state.attempts(None, body["merchant_uid"]))
        payment = state.find_payment(None, body["imp_uid"])
        if payment is None or payment.status not in ("paid", "cancelled"):
            return False
        return bool(body["amount"] <= payment.remaining and body.get("checksum") in (None, payment.remaining))

    def _book(self, request: Request, about: str, lag: float, *, looked: bool = False) -> Response:
        """Execute it; where V1 has looked before, whatever was booked meanwhile."""
        before = self._reads(request, about) if lag else {}
        if not looked:
            answer = self._sandbox.handle(request)
        elif request.path == CANCEL:
            body: dict[str, Any] = json.loads(request.body)
            body.pop("checksum", None)
            changed = Request(request.method, request.path, request.query, request.headers, json.dumps(body).encode())
            answer = self._sandbox.handle(changed)
        else:
            answer = self._charge_unseen(request)
        if lag and answer.status == 200:
            payment = answer.json()["response"] or {}
            before.setdefault(f"/payments/{payment.get('imp_uid')}", self._read(request, "/payments/imp_000000000000"))
            self._before[about].append((time.monotonic() + lag, before))
        return answer

    def _charge_unseen(self, request: Request) -> Response:
        """Charge as a V1 does that looked before another charge of the order was booked."""
        attempts = self._sandbox._engine.state.attempts(None, json.loads(request.body)["merchant_uid"])
        paid = [(attempt, attempt.paid_at) for attempt in attempts if attempt.paid_at]
        for attempt, _ in paid:
            attempt.paid_at = 0
        try:
            return self._sandbox.handle(request)
        finally:
            for attempt, at in paid:
                attempt.paid_at = at

    def _reads(self, request: Request, about: str) -> dict[str, Response]:
        """Return what reads of the order say now."""
        attempts = self._sandbox._engine.state.attempts(None, about)
        paths = [f"/payments/findAll/{about}", *(f"/payments/{attempt.imp_uid}" for attempt in attempts)]
        return {path: self._read(request, path) for path in paths}

    def _read(self, request: Request, path: str) -> Response:
        return self._sandbox.handle(Request("GET", path, "limit=1000", request.headers, b""))

    def _seen(self, request: Request, about: str) -> Response | None:
        """Return the answer of a while ago, if reads lag behind."""
        now = time.monotonic()
        answers = (known[request.path] for until, known in self._before[about] if until > now and request.path in known)
        answer = next(answers, None)
        return answer if answer is not None and answer.status in (200, 404) else None

    async def review(self, answer: Response, seconds: float) -> Response:
        """Review as a PG: the payment reads `failed` at first, as PayPal's do, and is paid some time later."""
        state = self._sandbox._engine.state
        body = answer.json()["response"] or {}
        payment = state.find_payment(None, body.get("imp_uid", "")) if body.get("status") == "paid" else None
        if payment is None:
            return answer
        real = (payment.status, payment.paid_at, payment.pg_provider)
        payment.status, payment.paid_at, payment.pg_provider = "failed", 0, "paypal_v2"
        payment.failed_at = self._sandbox.clock.now()

        def approve() -> None:
            payment.status, payment.paid_at, payment.pg_provider = real
            payment.failed_at = 0
            self._reviewed.discard(payment.imp_uid)

        self._reviewed.add(payment.imp_uid)
        asyncio.get_running_loop().call_later(seconds, approve)
        shown = {**body, "status": "failed", "paid_at": 0, "pg_provider": "paypal_v2", "failed_at": payment.failed_at}
        return Response(200, json.dumps({"code": 0, "message": None, "response": shown}).encode(), answer.headers)

    @property
    def busy(self) -> bool:
        """Whether a PG has not decided yet, or a read may be behind."""
        late = max((until for each in list(self._before.values()) for until, _ in each), default=0.0)
        return bool(self._reviewed) or late > time.monotonic()


def _refusal(message: str) -> Response:
    body = json.dumps({"code": -1, "message": message, "response": None}, ensure_ascii=False)
    return Response(200, body.encode(), {"Content-Type": "application/json"})
