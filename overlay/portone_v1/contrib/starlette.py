"""포트원 V1 in a Starlette application: client, webhook and worker.

portone = PortOneV1(AsyncSqlInboxStore(engine))
app = Starlette(lifespan=portone.lifespan, routes=[Mount("/portone", routes=portone.routes)])

@portone.on_payment
async def payment_changed(change: PaymentChanged, work: AsyncWork) -> None: ...
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast

try:
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import Response
    from starlette.routing import Route
except ImportError:
    raise ImportError("portone_v1.contrib.starlette needs Starlette: pip install starlette") from None

from ..client import AsyncPortOne
from ..inbox import AsyncInbox, AsyncInboxStore, InboxStore
from ._requests import LONGEST, TOO_LONG, too_long, with_webhook_timeouts
from ._threaded_store import ThreadedStore, ThreadedWork

__all__ = ["PortOneV1"]

log: logging.Logger = logging.getLogger("portone_v1.webhook")

F = TypeVar("F", bound=Callable[..., Any])


class PortOneV1:
    """Client, webhook endpoint and worker of an application. The client is created on first use: imports need no keys.

    Args:
        store: `AsyncSqlInboxStore(engine)` for handlers that are `async def`, or `SqlInboxStore(engine)` for ordinary
            functions, which run in a thread. Use the database of the orders.
        client: function that creates the client on first use. Default: `AsyncPortOne()`, from the environment.
        drain_every: seconds between two calls of `drain()` in each process. Leases make this safe with any number of
            processes. None if a worker of your own calls `drain()`.
        drained: True if some process calls `drain()`. The response to a stored webhook is then 200 at once. Default:
            True if `drain_every` is set.
        allow_test: process payments of test channels too. Never in production: the shop receives no money for them.
        trusted_proxies: addresses or networks of your own proxies.
        task_lease: seconds after which a task that has not ended runs again. Higher than your longest task takes.
    """

    def __init__(
        self,
        store: AsyncInboxStore | InboxStore,
        client: Callable[[], AsyncPortOne] = AsyncPortOne,
        *,
        drain_every: float | None = 5.0,
        drained: bool | None = None,
        allow_test: bool = False,
        trusted_proxies: Iterable[str] = (),
        task_lease: float = 60.0,
    ) -> None:
        self._threads = not iscoroutinefunction(store.record)
        self._make, self._made = client, None
        self._drain_every = drain_every
        self.inbox: AsyncInbox = AsyncInbox(
            lambda tier: with_webhook_timeouts(self.client(), tier),
            ThreadedStore(cast("InboxStore", store)) if self._threads else cast("AsyncInboxStore", store),
            drained=drain_every is not None if drained is None else drained,
            allow_test=allow_test,
            trusted_proxies=trusted_proxies,
            task_lease=task_lease,
        )
        self.routes: list[Route] = [
            Route("/webhook", self.webhook, methods=["POST"], include_in_schema=False),
            Route("/{tier}/webhook", self.webhook, methods=["POST"], include_in_schema=False),
        ]

    _made: AsyncPortOne | None

    def client(self) -> AsyncPortOne:
        """Return the application's client. With FastAPI: `Annotated[AsyncPortOne, Depends(portone.client)]`."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def use(self, client: AsyncPortOne) -> None:
        """Replace the client, in a test: `dependency_overrides` does not reach the worker."""
        self._made = client

    @asynccontextmanager
    async def lifespan(self, app: object) -> AsyncGenerator[None]:
        """Run the worker while the application runs, then close the client. Enter it inside a lifespan of your own."""
        del app
        worker = asyncio.create_task(self._work()) if self._drain_every is not None else None
        try:
            yield
        finally:
            if worker is not None:
                worker.cancel()
                await asyncio.gather(worker, return_exceptions=True)
            if self._made is not None:
                await self._made.aclose()
                self._made = None

    async def _work(self) -> None:
        while True:
            try:
                await self.inbox.drain()
            except Exception:
                log.exception("the inbox could not be processed; the worker tries again")
            await asyncio.sleep(self._drain_every or 0.0)

    def on_payment(self, handler: F) -> F:
        """결제 상태 변경: Register the handler, called as `handler(change, work)` in a transaction, `work.session`."""
        self.inbox.on_payment(self._with_work(handler))
        return handler

    def on_escrow(self, handler: F) -> F:
        """에스크로: Register the handler of `Inicis.Escrow.Changed`, called as `handler(event, work)`."""
        self.inbox.on_escrow(self._with_work(handler))
        return handler

    def on_cvs_confirm(self, handler: F) -> F:
        """편의점 결제 확인: Register the handler that returns True if the convenience store may accept the money."""
        self.inbox.on_cvs_confirm(_awaited(handler))
        return handler

    def on_checkout_confirm(self, handler: F) -> F:
        """결제 승인 전 확인: Register the handler for `confirm_url`. None approves, a text is a reason to refuse."""
        self.inbox.on_checkout_confirm(_awaited(handler))
        return handler

    def task(self, function: F) -> F:
        """커밋 뒤 작업: Register a task under the function's name, for `work.later("name", key=…)`."""
        self.inbox.task(_awaited(function))
        return function

    async def drain(self) -> int:
        """인박스 처리: Process the payments that are due, then the tasks. Call it from a worker of your own."""
        return await self.inbox.drain()

    async def replay(self, imp_uids: Iterable[str], *, tier: str | None = None) -> Mapping[str, str]:
        """웹훅 다시 처리: Process payments again as if PortOne had sent a webhook for each."""
        return await self.inbox.replay(imp_uids, tier=tier)

    async def webhook(self, request: Request) -> Response:
        """웹훅 수신: Receive a webhook: the endpoint for a route of your own. Its path may have a `tier`."""
        headers = request.headers
        if too_long(headers.get("content-length")):
            return Response(TOO_LONG, 413, media_type="text/plain")
        body = b""
        try:
            async for part in request.stream():
                body += part
                if len(body) > LONGEST:
                    return Response(TOO_LONG, 413, media_type="text/plain")
        except ClientDisconnect:
            body = b""
        response = await self.inbox.receive(
            body,
            headers.get("content-type"),
            request.client.host if request.client else "",
            tier=request.path_params.get("tier"),
            # HAProxy adds a line of its own: the first may be the sender's invention
            forwarded_for=",".join(headers.getlist("x-forwarded-for")),
        )
        return Response(response.text, response.status, headers={"content-type": response.content_type})

    def _with_work(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        if iscoroutinefunction(handler) == self._threads:
            wanted = "an ordinary function" if self._threads else "`async def`"
            raise TypeError(f"with this store, handlers must be {wanted}")
        if not self._threads:
            return handler

        @wraps(handler)
        async def in_thread(event: object, work: ThreadedWork) -> None:
            await run_in_threadpool(handler, event, work.work)

        return in_thread


def _awaited(function: Callable[..., Any]) -> Callable[..., Any]:
    if iscoroutinefunction(function):
        return function

    @wraps(function)
    async def in_thread(*values: Any, **named: Any) -> Any:
        return await run_in_threadpool(function, *values, **named)

    return in_thread
