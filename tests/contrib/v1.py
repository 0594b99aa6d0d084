"""The sandbox as V1, which can be cut off."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
from portone_v1 import AsyncPortOne, PortOne
from portone_v1_generated.models.payments import Payment
from portone_v1_sandbox import Sandbox


class Dripping(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        for _ in range(200):
            time.sleep(0.1)
            yield b" "

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(200):
            await asyncio.sleep(0.1)
            yield b" "


class V1(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The sandbox behind a transport that counts the reads of payments, and fails as it is told."""

    def __init__(self) -> None:
        self.sandbox = Sandbox()
        self.fault: str | None = None
        """`down`: nobody listens; `failing`: 502 with a page; `refusing`: 401 to all; `finicky`: 400 to reads;
        `dripping`: a body byte by byte to reads.
        """
        self.reads = 0
        self.watch: Callable[[], None] = lambda: None
        """Called before each request, in its thread."""
        self._inner = self.sandbox.transport()
        self._lock = threading.Lock()

    def client(self) -> PortOne:
        return self.sandbox.client(transport=self)

    def async_client(self) -> AsyncPortOne:
        return self.sandbox.async_client(transport=self)

    def pay(self, merchant_uid: str = "order-1", amount: int = 12000, *, sandbox: bool = False) -> Payment:
        """Pay in the window as the buyer, through a live channel unless `sandbox` is true."""
        return self.sandbox.pay(merchant_uid=merchant_uid, amount=amount, sandbox=sandbox)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._before(request) or self._inner.handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._before(request) or await self._inner.handle_async_request(request)

    def _before(self, request: httpx.Request) -> httpx.Response | None:
        self.watch()
        if self.fault == "down":
            raise httpx.ConnectError("refused")
        if self.fault == "failing":
            return httpx.Response(502, html="<h1>Bad Gateway</h1>")
        if self.fault == "refusing":
            return httpx.Response(401, json={"code": -1, "message": "Unauthorized", "response": None})
        if self.fault == "finicky" and request.method == "GET":
            return httpx.Response(400, json={"code": -1, "message": "wrong", "response": None})
        if self.fault == "dripping" and request.method == "GET":
            return httpx.Response(200, stream=Dripping())
        if request.url.path.startswith("/payments/"):
            with self._lock:
                self.reads += 1
        return None
