"""A sandbox as an ASGI application: it reads head and body of a request, and sends the response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..control.payments import UNLOCKED
from ..web.paths import is_page
from ..wire.messages import BODY_LIMIT, Request
from ..wire.shop_names import without_shop
from .responder import send_response

if TYPE_CHECKING:
    from ..dispatch.context import Responder
    from .uvicorn import Application, Receive, Scope, Send

__all__ = ["application_of", "body_of", "headers_of"]

DRAIN_LIMIT: Final = 64 * 1024 * 1024
"""Bytes of a too large body that are still read, so that its sender can read the response."""


def application_of(sandbox: Responder) -> Application:
    from asyncio import to_thread  # Loaded when there is a socket.

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        body = await body_of(receive)
        if body is None:
            return
        raw, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        request = Request(scope["method"], raw, query, scope["sandbox.headers"], body)
        # A window or a store may call the shop, and the shop may call the sandbox meanwhile.
        path = without_shop(raw)
        waits = is_page(path) or path in UNLOCKED
        answer = await to_thread(sandbox.handle, request) if waits else sandbox.handle(request)
        await send_response(answer, scope, receive, send)

    return application


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers by name. The values of a repeated header are joined, as RFC 9110 says."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    if len(headers) == len(scope["headers"]):
        return headers
    values: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        values.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    return {name: ("; " if name == "cookie" else ", ").join(all_of) for name, all_of in values.items()}


async def body_of(receive: Receive) -> bytes | None:
    """Return the body, None if the sender disconnected: half of a form is a valid form, with a wrong amount."""
    parts: list[bytes] = []
    total = 0
    while total <= DRAIN_LIMIT:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        total += len(part)
        if total <= BODY_LIMIT + len(part):
            parts.append(part)  # Includes one part beyond the limit, by which the sandbox notices it.
        if not message.get("more_body"):
            break
    return b"".join(parts)
