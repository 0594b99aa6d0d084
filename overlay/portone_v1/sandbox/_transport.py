"""The sandbox as httpx's transport, for synchronous and asynchronous clients alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from ._wire import Request

if TYPE_CHECKING:
    from ._sandbox import Sandbox

__all__ = ["SandboxTransport"]


class SandboxTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands requests to a sandbox in this process."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        answer = self._sandbox.handle(Request(request.method, path, query, dict(request.headers), body))
        return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)
