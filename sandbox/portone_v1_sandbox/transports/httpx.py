"""The sandbox as an httpx transport, for synchronous and asynchronous clients."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import anyio
import httpx

from ..wire.messages import Request, Response
from ..wire.real_time import monotonic

if TYPE_CHECKING:
    from ..dispatch.context import Responder

__all__ = ["SandboxTransport"]


class SandboxTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Passes requests to a sandbox in this process."""

    def __init__(self, sandbox: Responder) -> None:
        self._sandbox = sandbox

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        began = monotonic()
        answer = self._answer(request, request.read())
        delay = _held_up(answer, request, monotonic() - began)
        if delay:  # a sleep of 0 seconds lets every other process of a busy machine go first
            time.sleep(delay)
        return _carried(answer, request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._answer(request, await request.aread())
        await anyio.sleep(_held_up(answer, request, 0.0))
        return _carried(answer, request)

    def _answer(self, request: httpx.Request, body: bytes) -> Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        patience = request.extensions.get("timeout", {}).get("read")
        return self._sandbox.handle(Request(request.method, path, query, dict(request.headers), body, patience))


def _held_up(answer: Response, request: httpx.Request, passed: float) -> float:
    """Return the delay in seconds. Raises the client's timeout at once if that is shorter."""
    patience = request.extensions.get("timeout", {}).get("read")
    if patience is not None and answer.delay + passed > patience:
        raise httpx.ReadTimeout("timed out", request=request)
    return answer.delay


def _carried(answer: Response, request: httpx.Request) -> httpx.Response:
    if answer.cut == "nothing":
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    headers = dict(answer.headers)
    if answer.cut == "half":
        headers["Content-Length"] = str(len(answer.body))
        return httpx.Response(answer.status, headers=headers, stream=_Half(answer.body))
    return httpx.Response(answer.status, headers=headers, content=answer.body)


class _Half(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body[: len(self._body) // 2]
        raise self._broken()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body[: len(self._body) // 2]
        raise self._broken()

    def _broken(self) -> httpx.RemoteProtocolError:
        return httpx.RemoteProtocolError(
            f"peer closed connection without sending complete message body (received {len(self._body) // 2} bytes, "
            f"expected {len(self._body)})"
        )
