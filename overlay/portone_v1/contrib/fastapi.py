"""The webhook endpoint of a FastAPI or Starlette shop.

app.post("/portone/webhook")(webhook(client, order_changed, states))
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, overload

try:
    from fastapi import Request, Response
    from fastapi.concurrency import run_in_threadpool
    from starlette.requests import ClientDisconnect
except ImportError:
    raise ImportError("portone_v1.contrib.fastapi needs FastAPI: pip install fastapi") from None

from ..results import PaymentChange
from ._async.process_webhook import AsyncShop, respond
from ._async.process_webhook import handle as handle_async
from ._states import AsyncStates, MemoryStates, States
from ._sync.process_webhook import handle
from ._webhook_rules import LONGEST, Incoming, Rules, UnknownOrderError, hasty

if TYPE_CHECKING:
    from ..client import AsyncPortOne

__all__ = ["AsyncStates", "MemoryStates", "PaymentChange", "States", "UnknownOrderError", "webhook"]

Endpoint = Callable[[Request], Awaitable[Response]]


@overload
def webhook(
    client: AsyncPortOne,
    handler: Callable[[PaymentChange], Awaitable[object]],
    states: AsyncStates,
    *,
    allow_test: bool = ...,
    trusted_proxies: Iterable[str] = ...,
) -> Endpoint: ...


@overload
def webhook(
    client: AsyncPortOne,
    handler: Callable[[PaymentChange], None],
    states: States,
    *,
    allow_test: bool = ...,
    trusted_proxies: Iterable[str] = ...,
) -> Endpoint: ...


def webhook(
    client: AsyncPortOne,
    handler: Callable[[PaymentChange], Any],
    states: Any,
    *,
    allow_test: bool = False,
    trusted_proxies: Iterable[str] = (),
) -> Endpoint:
    """An endpoint for PortOne's notices. Route POST to it.

    Args:
        handler: called once for each change of a payment, with the payment as V1 holds it. It compares the payment with
            the order. What it raises is answered 500, and the change comes again; `UnknownOrderError` is answered 404.
            `async def` with `AsyncStates`; an ordinary function with `States`, which both run in a thread.
        states: which changes were handled.
        allow_test: hand on payments of test channels too. Never in production: nobody pays on those.
        trusted_proxies: your own proxies, so that the log tells notices from PortOne's addresses from others.
    """
    if iscoroutinefunction(handler) or iscoroutinefunction(type(handler).__call__):
        handling: Callable[[PaymentChange], Awaitable[bool]] = partial(handle_async, states, handler)
    else:
        handling = partial(_in_thread, states, handler)
    shop = AsyncShop(hasty(client).webhooks.resolve, handling)
    rules = Rules.of(allow_test=allow_test, trusted_proxies=trusted_proxies)

    async def portone_webhook(request: Request) -> Response:
        try:
            body = await _body(request)
        except ClientDisconnect:
            body = b""
        headers, remote = request.headers, request.client.host if request.client else ""
        incoming = Incoming(body, headers.get("content-type"), remote, headers.get("x-forwarded-for"))
        answer = await respond(shop, rules, incoming)
        return Response(answer.text, answer.status, media_type="text/plain")

    return portone_webhook


async def _in_thread(states: States, handler: Callable[[PaymentChange], object], change: PaymentChange) -> bool:
    return await run_in_threadpool(handle, states, handler, change)


async def _body(request: Request) -> bytes | None:
    """The body, or None where it is too long; no more than that is kept."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LONGEST:
        return None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            return None
    return body
