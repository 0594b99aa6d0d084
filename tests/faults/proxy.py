"""A bad network on a real socket: it stands before a sandbox and does to each exchange what a seeded plan says."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from threading import Event, Thread
from typing import Any, Final, NamedTuple

from portone_v1_sandbox import Request, Response, Sandbox

from .slow_v1 import SlowV1

__all__ = ["FAULTS", "FaultProxy", "Plan"]

BEFORE_READING: Final = ("dropped unread",)
FAULTS: Final = (
    "dropped before",
    "dropped after",
    "cut short",
    "slow answer",
    "executed late",
    "error before",
    "error after",
    "page before",
    "page after",
    "answered twice",
    "token expired",
    "booked late",
    "under review",
    "another operator",
)
READS: Final = FAULTS[:-3]
CHARGES: Final = FAULTS[:-1]
CANCELS: Final = tuple(kind for kind in FAULTS if kind != "under review")
UNREAD: Final = 0.1
"""So much of the plan's share falls on connections."""
WEIGHTS: Final = {
    "executed late": 2.0,
    "token expired": 0.1,
    "another operator": 0.5,
    "booked late": 4.0,
}
"""An expired token meets every call that is under way."""
OPERATORS_AMOUNT: Final = 7
REASONS: Final = {200: "OK", 429: "Too Many Requests", 500: "Error", 502: "Bad Gateway", 503: "Unavailable"}


class Plan:
    """Which fault an exchange meets: by the seed, what it is about, and how often that came before."""

    def __init__(self, seed: str, share: float) -> None:
        self.seed = seed
        self._share = share
        self._seen: Counter[str] = Counter()

    def of(self, label: str, kinds: tuple[str, ...] = FAULTS) -> tuple[str | None, Random]:
        self._seen[label] += 1
        chance = Random(f"{self.seed}/{label}/{self._seen[label]}")
        if chance.random() >= self._share * (UNREAD if kinds == BEFORE_READING else 1.0):
            return None, chance
        return chance.choices(kinds, [WEIGHTS.get(kind, 1.0) for kind in kinds])[0], chance


class Exchange(NamedTuple):
    request: Request
    about: str
    """The order, where the request names one."""
    respond: asyncio.StreamWriter


class FaultProxy:
    """`with FaultProxy(...) as proxy:` and `proxy.url`.

    Args:
        late: seconds, least and most, by which an exchange is held up: beyond the client's timeout.
        note: is told of every exchange what it was about and what happened.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        plan: Plan,
        *,
        late: tuple[float, float],
        note: Callable[[str, str], None] = lambda _about, _what: None,
    ) -> None:
        self.sandbox = sandbox
        self.v1 = SlowV1(sandbox, plan.seed, late[0] / 1.2)
        self.counts: Counter[str] = Counter()
        self.plan = plan
        self._late = late
        self.later = 0.0
        """Seconds by which the clocks of the journal were moved on."""
        self._note = note
        self._orders: dict[str, str] = {}
        self.broken: list[str] = []
        """Faults of the proxy itself."""
        self._writers: set[asyncio.StreamWriter] = set()
        self._busy = 0
        self._last = 0.0
        self._ready = Event()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run, name="fault proxy", daemon=True)

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    def wait_until_quiet(self, seconds: float = 0.3) -> None:
        """Wait until no exchange has run for that long."""
        while self._busy or self.v1.busy or time.monotonic() - self._last < seconds:
            time.sleep(0.02)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._main())

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        async with server:
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            self._ready.set()
            await self._stop.wait()
            for writer in self._writers:
                writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._busy += 1
        self._writers.add(writer)
        try:
            # Unread means before its first byte is looked at, so that only the number of the connection can decide.
            fault, _ = self.plan.of("connection", BEFORE_READING)
            if fault is not None:
                self.counts[fault] += 1
                writer.transport.abort()
                return
            while True:
                self._busy -= 1
                try:
                    head = await reader.readuntil(b"\r\n\r\n")
                finally:
                    self._busy += 1
                if not await self._exchange(head, reader, writer):
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except Exception as error:
            self.broken.append(repr(error))
        finally:
            self._writers.discard(writer)
            self._busy -= 1
            self._last = time.monotonic()
            writer.close()

    async def _exchange(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Handle an exchange. Return whether the connection continues."""
        line, *rest = head.decode("latin-1").rstrip().split("\r\n")
        method, target, _ = line.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (item.partition(":") for item in rest)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        path, _, query = target.partition("?")
        request = Request(method, path, query, headers, body)
        self._last = time.monotonic()
        about = self._about(request)
        label = f"{method} {path.rpartition('/')[0] if method == 'GET' else path} {about}"
        kinds = CANCELS if path == "/payments/cancel" else CHARGES if path.startswith("/subscribe") else READS
        fault, chance = self.plan.of(label, kinds)
        self.counts[fault or "none"] += 1
        if not path.startswith("/users"):
            self._note(about, f"{method} {path}: {fault or 'passed on'}")
        return await self._play(fault, chance, Exchange(request, about, writer))

    async def _play(self, fault: str | None, chance: Random, exchange: Exchange) -> bool:
        writer = exchange.respond
        late = chance.uniform(*self._late)
        if fault == "dropped before":
            return False
        if fault == "executed late":
            await asyncio.sleep(late)
        if fault == "token expired":
            self.sandbox.faults.expire_tokens()
        if fault == "another operator":
            self._refund_by_another(exchange.request)
        spoiled = _spoiled(fault, chance, exchange.request)
        after = spoiled is None or fault in ("error after", "page after")
        answer = await self._execute(exchange, fault, chance) if after else None
        if fault == "slow answer":
            await asyncio.sleep(late)
        sent = spoiled or _on_wire(answer or Response(500, b"", {}))
        if fault == "dropped after":
            writer.transport.abort()
            return False
        if fault == "cut short":
            sent = sent[: len(sent) // 2 if chance.random() < 0.5 else sent.index(b"\r\n\r\n") + 4]
        writer.write(sent * 2 if fault == "answered twice" else sent)
        await writer.drain()
        return fault != "cut short"

    async def _execute(self, exchange: Exchange, fault: str | None, chance: Random) -> Response:
        late = chance.uniform(self._late[0] / 4, self._late[1]) if fault == "booked late" else 0.0
        operator = chance.random() < 0.3 and exchange.request.path == "/payments/cancel"
        answer = await self.v1.handle(
            exchange.request,
            exchange.about,
            at_pg=late,
            meanwhile=lambda: self._refund_by_another(exchange.request) if operator else None,
        )
        if fault == "under review":
            answer = await self.v1.review(answer, chance.uniform(*self._late))
        if exchange.request.path.startswith("/subscribe/payments/"):
            payment = answer.json()["response"]
            if payment is not None:
                self._orders[payment["imp_uid"]] = payment["merchant_uid"]
                self._note(payment["merchant_uid"], f"executed: {payment['imp_uid']} {payment['status']}")
        elif exchange.request.path == "/payments/cancel":
            self._note(exchange.about, f"executed: cancel, code {answer.json()['code']}")
        return answer

    def _about(self, request: Request) -> str:
        named = request.path.rpartition("/")[2]
        if request.method == "POST":
            body: dict[str, Any] = json.loads(request.body)
            named = str(body.get("merchant_uid") or body.get("imp_uid") or "")
        return self._orders.get(named, named)

    def learn(self, imp_uid: str, merchant_uid: str) -> None:
        """Note the order of a payment that was not made through the proxy."""
        self._orders[imp_uid] = merchant_uid

    def _refund_by_another(self, request: Request) -> None:
        body = {"imp_uid": json.loads(request.body)["imp_uid"], "amount": OPERATORS_AMOUNT, "refund_holder": "a"}
        body |= {"refund_bank": "04", "refund_account": "1"}
        self.sandbox.handle(Request("POST", request.path, "", request.headers, json.dumps(body).encode()))


def _spoiled(fault: str | None, chance: Random, request: Request) -> bytes | None:
    """Return what is answered instead. It echoes the request, as failing servers do."""
    echo = request.body.decode("utf-8", "replace")
    page = Response(200, f"<html><body>{echo}</body></html>".encode(), {"Content-Type": "text/html"})
    if fault in ("page before", "page after"):
        return _on_wire(page)
    if fault not in ("error before", "error after"):
        return None
    status = chance.choice((500, 502, 503, 429) if fault == "error before" else (500, 502, 503))
    if chance.random() < 0.5:
        return _on_wire(Response(status, page.body, page.headers))
    body = json.dumps({"code": -1, "message": f"failed: {echo}", "response": None}).encode()
    return _on_wire(Response(status, body, {"Content-Type": "application/json"}))


def _on_wire(answer: Response) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    first = f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Answer')}\r\n"
    return f"{first}{headers}Content-Length: {len(answer.body)}\r\n\r\n".encode() + answer.body
