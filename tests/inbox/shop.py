"""A shop with an inbox, before a V1 whose reads lag: both flavours behind the same plain calls, on one clock."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from typing import Any, Protocol

import httpx
from portone_v1 import AsyncPortOne, PortOne
from portone_v1.inbox import (
    Answer,
    AsyncInbox,
    AsyncMemoryInboxStore,
    AsyncWork,
    CheckoutConfirm,
    CvsConfirm,
    EscrowChanged,
    Inbox,
    MemoryInboxStore,
    PaymentChanged,
    Work,
)

PORTONE = "52.78.100.19"
STRANGER = "203.0.113.9"
GONE = "XXX"
"""A sub-merchant that the shop's own function has no client for."""


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class V1(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Payments as they were a while ago: a read sees the state of a random moment of the last `lag` seconds."""

    def __init__(self, clock: Clock, seed: int = 1) -> None:
        self.clock, self.lag, self.down = clock, 0.0, False
        self.reads = 0
        self._history: dict[str, list[tuple[float, dict[str, Any]]]] = {}
        self._random = random.Random(seed)

    def write(self, imp_uid: str, status: str, *, cancelled: int = 0, ids: tuple[str, ...] = (), **more: Any) -> None:
        payment = {
            "imp_uid": imp_uid,
            "merchant_uid": f"order-{imp_uid}",
            "status": status,
            "amount": 1000,
            "cancel_amount": cancelled,
            "currency": "KRW",
            "cancel_history": [{"cancellation_id": each, "amount": 1} for each in ids],
            "sandbox": False,
            **more,
        }
        self._history.setdefault(imp_uid, []).append((self.clock.now, payment))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            token = {"access_token": "token", "now": int(self.clock.now), "expired_at": int(self.clock.now) + 1800}
            return httpx.Response(200, json={"code": 0, "message": None, "response": token})
        if self.down:
            return httpx.Response(502, html="<h1>Bad Gateway</h1>")
        self.reads += 1
        imp_uid = request.url.path.rpartition("/")[2]
        until = self.clock.now - self._random.uniform(0, self.lag)
        seen = [payment for at, payment in self._history.get(imp_uid, []) if at <= until]
        if not seen:
            return httpx.Response(404, json={"code": -1, "message": "존재하지 않는 결제정보입니다.", "response": None})
        return httpx.Response(200, json={"code": 0, "message": None, "response": seen[-1]})


class Shop(Protocol):
    """What a test calls, whichever flavour is behind it."""

    changes: list[PaymentChanged]
    escrows: list[EscrowChanged]
    done: list[dict[str, Any]]
    handle: Callable[[PaymentChanged, Callable[..., None]], None]
    inbox: Any

    def receive(self, body: bytes, remote: str, content_type: str, tier: str | None) -> Answer: ...

    def drain(self) -> int: ...

    def replay(self, *imp_uids: str) -> dict[str, str]: ...


def note(_change: PaymentChanged, _later: Callable[..., None]) -> None:
    """Accept every change without doing anything."""


class SyncShop:
    def __init__(self, v1: V1, clock: Clock, *, store: MemoryInboxStore | None = None, **options: Any) -> None:
        self.changes: list[PaymentChanged] = []
        self.escrows: list[EscrowChanged] = []
        self.done: list[dict[str, Any]] = []
        self.handle: Callable[[PaymentChanged, Callable[..., None]], None] = note
        client = PortOne("key", "secret", transport=v1, max_retries=0)
        self.store = MemoryInboxStore() if store is None else store

        def client_of(tier: str | None) -> PortOne:
            if tier == GONE:
                raise KeyError(tier)
            return client.with_options(tier=tier)

        self.inbox = Inbox(client_of, self.store, now=clock, hold=0.0, **options)

        @self.inbox.on_payment
        def payment(change: PaymentChanged, work: Work) -> None:
            self.handle(change, work.later)
            self.changes.append(change)

        @self.inbox.task
        def send(**arguments: Any) -> None:
            self.done.append(arguments)

        del payment, send

    def listen(self) -> None:
        self.inbox.on_escrow(lambda event, _work: self.escrows.append(event))
        self.inbox.on_cvs_confirm(agree)
        self.inbox.on_checkout_confirm(approve)

    def receive(self, body: bytes, remote: str, content_type: str, tier: str | None) -> Answer:
        return self.inbox.receive(body, content_type, remote, tier=tier)

    def drain(self) -> int:
        return self.inbox.drain()

    def replay(self, *imp_uids: str) -> dict[str, str]:
        return dict(self.inbox.replay(imp_uids))


class AsyncShop:
    def __init__(self, v1: V1, clock: Clock, *, store: AsyncMemoryInboxStore | None = None, **options: Any) -> None:
        self.changes: list[PaymentChanged] = []
        self.escrows: list[EscrowChanged] = []
        self.done: list[dict[str, Any]] = []
        self.handle: Callable[[PaymentChanged, Callable[..., None]], None] = note
        client = AsyncPortOne("key", "secret", transport=v1, max_retries=0)
        self.store = AsyncMemoryInboxStore() if store is None else store

        def client_of(tier: str | None) -> AsyncPortOne:
            if tier == GONE:
                raise KeyError(tier)
            return client.with_options(tier=tier)

        self.inbox = AsyncInbox(client_of, self.store, now=clock, hold=0.0, **options)
        self.runner = asyncio.Runner()

        @self.inbox.on_payment
        async def payment(change: PaymentChanged, work: AsyncWork) -> None:
            wanted: list[tuple[str, dict[str, Any]]] = []
            self.handle(change, lambda name, **arguments: wanted.append((name, arguments)))
            for name, arguments in wanted:
                await work.later(name, **arguments)
            self.changes.append(change)

        @self.inbox.task
        async def send(**arguments: Any) -> None:
            self.done.append(arguments)

        del payment, send

    def listen(self) -> None:
        async def escrow(event: EscrowChanged, _work: AsyncWork) -> None:
            self.escrows.append(event)

        async def cvs(question: CvsConfirm) -> bool:
            return agree(question)

        async def checkout(question: CheckoutConfirm) -> str | None:
            return approve(question)

        self.inbox.on_escrow(escrow)
        self.inbox.on_cvs_confirm(cvs)
        self.inbox.on_checkout_confirm(checkout)

    def receive(self, body: bytes, remote: str, content_type: str, tier: str | None) -> Answer:
        return self.runner.run(self.inbox.receive(body, content_type, remote, tier=tier))

    def drain(self) -> int:
        return self.runner.run(self.inbox.drain())

    def replay(self, *imp_uids: str) -> dict[str, str]:
        return dict(self.runner.run(self.inbox.replay(imp_uids)))


def agree(question: CvsConfirm) -> bool:
    return question.imp_uid == "imp_yes"


def approve(question: CheckoutConfirm) -> str | None:
    return None if question.amount == 12000 else "금액이 주문과 다릅니다"


def post(
    shop: Any, imp_uid: str, status: str | None = None, *, remote: str = PORTONE, tier: str | None = None, **more: Any
) -> Answer:
    fields = {"imp_uid": imp_uid, "merchant_uid": f"order-{imp_uid}", "status": status, **more}
    body = json.dumps({name: value for name, value in fields.items() if value is not None}).encode()
    answer: Answer = shop.receive(body, remote, "application/json", tier)
    return answer
