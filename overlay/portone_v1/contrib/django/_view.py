"""The view, of both kinds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, cast, overload

from asgiref.sync import sync_to_async
from django.db import connections, transaction  # type: ignore[import-untyped]
from django.http import (  # type: ignore[import-untyped]
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    UnreadablePostError,
)
from django.views.decorators.csrf import csrf_exempt  # type: ignore[import-untyped]

from ...client import AsyncPortOne, PortOne
from ...results import PaymentChange
from .._async.process_webhook import AsyncShop
from .._async.process_webhook import respond as respond_async
from .._sync.process_webhook import Shop, handle, respond
from .._webhook_rules import LONGEST, Answer, Incoming, Rules, hasty
from ._states import ModelStates

if TYPE_CHECKING:
    from .._states import States

__all__ = ["webhook"]


@overload
def webhook(
    client: PortOne,
    handler: Callable[[PaymentChange], None],
    states: States | None = ...,
    *,
    allow_test: bool = ...,
    trusted_proxies: Iterable[str] = ...,
) -> Callable[[HttpRequest], HttpResponse]: ...


@overload
def webhook(
    client: AsyncPortOne,
    handler: Callable[[PaymentChange], None],
    states: States | None = ...,
    *,
    allow_test: bool = ...,
    trusted_proxies: Iterable[str] = ...,
) -> Callable[[HttpRequest], Awaitable[HttpResponse]]: ...


def webhook(
    client: PortOne | AsyncPortOne,
    handler: Callable[[PaymentChange], None],
    states: States | None = None,
    *,
    allow_test: bool = False,
    trusted_proxies: Iterable[str] = (),
) -> Callable[[HttpRequest], Any]:
    """A view for PortOne's notices: synchronous with `PortOne`, asynchronous with `AsyncPortOne`.

    Args:
        handler: called once for each change of a payment, with the payment as V1 holds it, in a transaction that also
            marks the change as handled. It compares the payment with the order, and asks V1 nothing. What it raises is
            answered 500, and the change comes again; `UnknownOrderError` is answered 404. An ordinary function:
            Django's transactions are synchronous, and run in a thread under `AsyncPortOne`.
        states: which changes were handled; default `ModelStates()`, a table of the default database.
        allow_test: hand on payments of test channels too. Never in production: nobody pays on those.
        trusted_proxies: your own proxies, so that the log tells notices from PortOne's addresses from others.
    """
    if iscoroutinefunction(handler):
        raise TypeError("handler must be a regular function, not async def: Django transactions are synchronous")
    rules = Rules.of(allow_test=allow_test, trusted_proxies=trusted_proxies)
    handling: Callable[[PaymentChange], bool] = partial(handle, states or ModelStates(), handler)
    if isinstance(client, AsyncPortOne):
        return _outside_transactions(
            _async_view(AsyncShop(hasty(client).webhooks.resolve, sync_to_async(handling)), rules)
        )
    return _outside_transactions(_view(Shop(hasty(client).webhooks.resolve, handling), rules))


def _view(shop: Shop, rules: Rules) -> Callable[[HttpRequest], Any]:
    def portone_webhook(request: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return _response(respond(shop, rules, _incoming(request)))

    return portone_webhook


def _async_view(shop: AsyncShop, rules: Rules) -> Callable[[HttpRequest], Any]:
    async def portone_webhook(request: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return _response(await respond_async(shop, rules, _incoming(request)))

    return portone_webhook


def _outside_transactions(view: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """ATOMIC_REQUESTS would hold a transaction open while V1 is asked."""
    outside = cast("Any", transaction).non_atomic_requests
    for alias in cast("Any", connections):
        view = outside(using=alias)(view)
    return cast("Any", csrf_exempt)(view)  # type: ignore[no-any-return]


def _incoming(request: Any) -> Incoming:
    meta: dict[str, str] = request.META
    return Incoming(
        _body(request), meta.get("CONTENT_TYPE"), meta.get("REMOTE_ADDR") or "", meta.get("HTTP_X_FORWARDED_FOR")
    )


def _body(request: Any) -> bytes | None:
    """The body, or None where it is too long; no more than that is read."""
    length: str = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LONGEST:
        return None
    try:
        body: bytes = request.read(LONGEST + 1)
    except UnreadablePostError:
        return b""
    return body if len(body) <= LONGEST else None


def _response(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.text.encode(), status=answer.status, content_type="text/plain; charset=utf-8")
