"""Send a response over ASGI, delayed or cut as an injected fault requires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..wire.messages import SANDBOX_HEADER, Response
from ..wire.real_time import monotonic

if TYPE_CHECKING:
    from .uvicorn import Receive, Scope, Send

__all__ = ["send_response"]

STEP: Final = 0.05
"""Interval at which a delayed response checks whether the server is stopping."""


async def send_response(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the response. The connection is closed if it is to be cut, and kept otherwise."""
    if answer.delay:
        await _delay(answer.delay, scope)
    if answer.cut == "nothing":
        await _disconnect(scope, receive)
        return
    signed = {**SANDBOX_HEADER, **answer.headers}
    headers = [(name.lower().encode(), value.encode()) for name, value in signed.items()]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if answer.cut == "half":
        half = answer.body[: len(answer.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await _disconnect(scope, receive)
        return
    await send({"type": "http.response.body", "body": answer.body})


async def _delay(seconds: float, scope: Scope) -> None:
    from asyncio import sleep

    until = monotonic() + seconds
    while (left := until - monotonic()) > 0 and not scope["sandbox.stopping"]():  # noqa: ASYNC110 - no event
        await sleep(min(left, STEP))


async def _disconnect(scope: Scope, receive: Receive) -> None:
    scope["sandbox.hang_up"]()
    while (await receive())["type"] != "http.disconnect":
        pass
