"""A family of models of V1. What nobody outside PortOne knows about the real one is a parameter.

kind    queue: a second write on the same record waits until the first is done
        refuse: a second write is turned away while the first is at the PG
        race: neither; V1 looks, asks the PG, and books what comes back
lag     seconds by which every read is behind
echo    whether `custom_data` and a refund's reason come back as they were sent
keeps   how many characters of a refund's reason come back

Written from docs/open-questions alone: it shares no code with the library or the sandbox.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
from attrs import define, field

from tests.models.choices import Choices
from tests.models.virtual_time import Killed, Process, World

KINDS = ("queue", "refuse", "race")
LAGS = (0.0, 2.0, 10.0)
AT_THE_PG = (0.3, 0.3, 0.3, 10.0, 61.0, 75.0, 110.0)
FATES = (*["arrives"] * 10, "lost before V1", "answer lost", "504 after 1 s")
DAY = 86_400.0
BAD_CARD = "card-bad"

Answer = tuple[int, Any]


def envelope(payload: Any, code: int = 0, message: str | None = None, status: int = 200) -> Answer:
    return status, {"code": code, "message": message, "response": payload}


@define
class Request:
    """One write on the wire: what really happened, whatever anyone was told."""

    doing: str
    path: str
    amount: Any
    sent_at: float
    executed_at: float | None = None
    arrived: bool = False


@define
class Inbox:
    answer: Answer | None = None


@define
class V1:
    world: World
    choices: Choices
    kind: str
    lag: float
    echo: bool
    payments: dict[str, dict[str, Any]] = field(factory=dict)
    requests: list[Request] = field(factory=list)
    pg: str = "nice"
    keeps: int = 256
    _history: list[tuple[float, dict[str, Any]]] = field(factory=list)
    _free_at: dict[str, float] = field(factory=dict)
    _number: int = 0
    _shows_ready: bool = False
    _refusal_status: int = 200

    def __attrs_post_init__(self) -> None:
        self._shows_ready = self.choices.draw("an attempt is visible while it is at the PG", [False, False, True])
        self.pg = self.choices.draw("the PG", ["nice"] * 9 + ["paypal_v2"])
        self._refusal_status = self.choices.draw("HTTP status of a refusal", [200, 200, 400])
        self.book()

    # What it holds

    def book(self) -> None:
        self._history.append((self.world.now, copy.deepcopy(self.payments)))

    def visible(self) -> dict[str, Any]:
        if not self.lag:
            return self.payments
        shown = [state for when, state in self._history if when <= self.world.now - self.lag]
        return shown[-1] if shown else {}

    def was_always_so(self) -> None:
        """Pretend that the present state existed long before the story begins."""
        self._history = [(0.0, copy.deepcopy(self.payments))]

    def add(self, merchant_uid: str, amount: Any, status: str, **more: Any) -> dict[str, Any]:
        self._number += 1
        now = int(self.world.now)
        payment = {
            "imp_uid": f"imps_{self._number:012d}",
            "merchant_uid": merchant_uid,
            "amount": amount,
            "currency": "KRW",
            "channel": "api",
            "pay_method": "card",
            "pg_provider": self.pg,
            "status": status,
            "cancel_amount": 0,
            "cancel_history": [],
            "sandbox": False,
            "started_at": now,
            "paid_at": now if status == "paid" else 0,
            "failed_at": now if status == "failed" else 0,
            "cancelled_at": 0,
            "custom_data": None,
            "fail_reason": "잔액부족" if status == "failed" else None,
            **more,
        }
        self.payments[str(payment["imp_uid"])] = payment
        self.book()
        return payment

    def give_back(self, imp_uid: str, amount: Any, reason: str) -> None:
        payment = self.payments[imp_uid]
        self._number += 1
        now = int(self.world.now)
        payment["cancel_amount"] = round(payment["cancel_amount"] + amount, 2)
        payment["cancelled_at"] = now
        payment["status"] = "cancelled"  # V1 says so after a part too
        entry = {"amount": amount, "cancelled_at": now, "reason": reason, "cancellation_id": f"C{self._number:019d}"}
        payment["cancel_history"] = [*payment["cancel_history"], entry]
        self.book()

    def left(self, payment: dict[str, Any]) -> Any:
        return round(payment["amount"] - payment["cancel_amount"], 2)

    # How it answers

    def handle(self, process: Process, method: str, path: str, body: Any, timeout: float) -> Answer | None:
        """Answer a request; None: the connection ended before an answer."""
        process.step(f"before {path}")
        if path == "/users/getToken":
            now = int(self.world.now)
            return envelope({"access_token": "t" * 40, "now": now, "expired_at": now + 1800})
        if method == "POST":
            return self._write(process, path, body or {}, timeout)
        if (listed := self.listing(path)) is not None:
            return listed
        self.world.sleep(0.05)
        answer = self._read(path)
        process.step(f"after {path}")
        return answer

    def listing(self, path: str) -> Answer | None:
        """Answer a read that takes no time, or return None."""
        return None

    def _named(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the request with the parts that its path and V1's own records add."""
        return body

    def _beginning(self, path: str) -> Callable[[Request, Any, str], Answer | Callable[[], Answer]]:
        return self._charge if path.endswith("/again") else self._cancel

    def _read(self, path: str) -> Answer:
        parts = path.split("/")
        if path.startswith("/payments/findAll/"):
            named = unquote(parts[3])
            found = [each for each in self.visible().values() if each["merchant_uid"] == named][::-1]
            if found:
                return envelope({"total": len(found), "previous": 0, "next": 0, "list": found})
        elif (payment := self.visible().get(parts[2])) is not None:
            return envelope(payment)
        return envelope(None, 1, "존재하지 않는 결제정보입니다.", 404)

    def _write(self, process: Process, path: str, body: Any, timeout: float) -> Answer | None:
        world = self.world
        body = self._named(path, body)
        record = body.get("imp_uid") or body["merchant_uid"]
        request = Request(process.doing, path, body["amount"], world.now)
        self.requests.append(request)
        verb = "refund" if path.endswith("/cancel") else path.rpartition("/")[2].replace("again", "charge")
        label = f"{process.name} {verb} {body.get('card') or body.get('customer_uid') or body['amount']}"
        fate = self.choices.draw("fate of the request", FATES)
        at_pg = self.choices.draw("seconds at the PG", AT_THE_PG)
        world.note(f"{label} sent; {fate}, {at_pg} s at the PG")
        process.step("the request is sent")
        if fate == "lost before V1":
            world.sleep(timeout)
            return None
        inbox = Inbox()
        waits = max(0.0, self._free_at.get(record, 0.0) - world.now) if self.kind == "queue" else 0.0
        if self.kind == "queue":
            self._free_at[record] = world.now + waits + 0.05 + at_pg
        arrive = lambda: self._arrive(request, path, body, at_pg, inbox, record, label)  # noqa: E731
        world.at(world.now + waits + 0.05, arrive)
        end = world.now + (1.0 if fate == "504 after 1 s" else timeout)
        while inbox.answer is None and world.now < end:
            world.sleep(min(0.1 if at_pg < 1 else 1.0, max(0.01, end - world.now)))
        process.step("the answer is on its way")
        if fate == "answer lost":
            return None
        if inbox.answer is None and fate == "504 after 1 s":
            return 504, None
        return inbox.answer

    def _arrive(
        self, request: Request, path: str, body: Any, at_pg: float, inbox: Inbox, record: str, label: str
    ) -> None:
        request.arrived = True
        execute = self._beginning(path)(request, body, label)
        if isinstance(execute, tuple):
            self.world.note(f"V1 refuses {label}: {execute[1]['message']}")
            inbox.answer = execute
            return
        self._free_at[record] = max(self._free_at.get(record, 0.0), self.world.now + at_pg)

        def done() -> None:
            inbox.answer = execute()

        self.world.at(self.world.now + at_pg, done)

    def _refusal(self, message: str, code: int = 1) -> Answer:
        return envelope(None, code, message, self._refusal_status)

    def _busy(self, record: str) -> bool:
        return self.kind == "refuse" and self._free_at.get(record, 0.0) > self.world.now

    def _charge(self, request: Request, body: Any, label: str) -> Answer | Callable[[], Answer]:
        order, amount, card = body["merchant_uid"], body["amount"], body.get("card") or body["customer_uid"]
        if any(each["merchant_uid"] == order and each["paid_at"] for each in self.payments.values()):
            return self._refusal("이미 결제가 이루어진 merchant_uid입니다.")
        if self._busy(order):
            return self._refusal("[3041] 중복된 주문번호입니다. 이미 처리중인 거래입니다.", -1)
        more = {"customer_uid": body.get("customer_uid")}
        if self.echo and body.get("custom_data") is not None:
            more["custom_data"] = body["custom_data"]
        made = self.add(order, amount, "ready", **more) if self._shows_ready else None

        def execute() -> Answer:
            declined = card == BAD_CARD
            late = (
                self.pg == "paypal_v2" and not declined and self.choices.draw("under review at the PG", [False, True])
            )
            status = "failed" if declined or late else "paid"
            payment = made if made is not None else self.add(order, amount, status, **more)
            now = int(self.world.now)
            payment.update(status=status, paid_at=now * (status == "paid"), failed_at=now * (status == "failed"))
            self.book()
            if status == "paid":
                request.executed_at = self.world.now
            if late:
                request.executed_at = self.world.now + 2 * DAY
                self.world.at(self.world.now + 2 * DAY, lambda: self._approve(payment, label))
            self.world.note(f"PG and V1: {label} -> {status}{' (under review: paid in two days)' if late else ''}")
            return envelope(copy.deepcopy(payment))

        return execute

    def _approve(self, payment: dict[str, Any], label: str) -> None:
        payment.update(status="paid", paid_at=int(self.world.now))
        self.book()
        self.world.note(f"PG approves {label} late")

    def _cancel(self, request: Request, body: Any, label: str) -> Answer | Callable[[], Answer]:
        payment, amount = self.payments[body["imp_uid"]], body["amount"]
        left = self.left(payment)
        if left == 0:
            return self._refusal("이미 전액취소된 주문입니다.")
        if body.get("checksum") is not None and body["checksum"] != left:
            return self._refusal("취소 가능 잔액이 일치하지 않습니다.")
        if amount > left:
            return self._refusal("취소 가능 금액 초과", -1)
        if self._busy(payment["imp_uid"]):
            return self._refusal("기존 요청을 처리중입니다.", -1)
        reason = body["reason"][: self.keeps].rstrip() if self.echo and body.get("reason") else "취소요청api"

        def execute() -> Answer:
            if self.left(payment) < amount:
                return self._refusal("취소 가능 금액 초과", -1)
            request.executed_at = self.world.now
            if self.pg == "paypal_v2":
                request.executed_at = self.world.now + DAY
                self.world.at(self.world.now + DAY, lambda: self.give_back(payment["imp_uid"], amount, reason))
                self.world.note(f"PG accepts {label}, pays out in a day")
            else:
                self.give_back(payment["imp_uid"], amount, reason)
                self.world.note(f"PG and V1: {label} done")
            return envelope(copy.deepcopy(payment))

        return execute


class Wire(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """One process's way to V1."""

    def __init__(self, v1: V1, process: Process) -> None:
        self._v1, self._process = v1, process

    def _answer(self, request: httpx.Request, raw: bytes) -> httpx.Response:
        if self._process.dead:
            raise Killed
        timeout = (request.extensions.get("timeout") or {}).get("read") or 60.0
        path, body = urlsplit(str(request.url)).path, json.loads(raw) if raw else None
        answer = self._v1.handle(self._process, request.method, path, body, timeout)
        if answer is None:
            raise httpx.ReadTimeout("no answer")
        headers = {"date": formatdate(self._v1.world.now, usegmt=True)}
        if answer[1] is None:
            return httpx.Response(answer[0], text="<html>Gateway Timeout</html>", headers=headers)
        return httpx.Response(answer[0], json=answer[1], headers=headers)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request, await request.aread())
