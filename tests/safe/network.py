"""What stands between a client and the sandbox: each request meets what a test says, and is kept."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import httpx
from portone_v1_sandbox import Request, Response, Sandbox

__all__ = [
    "FAULTS",
    "Network",
    "answered",
    "failing_after",
    "failing_before",
    "held",
    "lost_after",
    "lost_before",
    "not_connected",
    "page_after",
    "page_before",
    "passed",
    "put_off_after",
    "put_off_before",
    "refused",
    "token_expired",
]

Fault = Callable[["Network", Request], Response]


class Network(httpx.BaseTransport, httpx.AsyncBaseTransport):
    def __init__(self, sandbox: Sandbox, now: Callable[[], float] = time.time) -> None:
        self.sandbox, self._now = sandbox, now
        self.seen: list[str] = []
        self.bodies: list[Any] = []
        self._held: list[Request] = []
        self._plans: dict[str, list[Fault]] = defaultdict(list)

    def meet(self, route: str, *faults: Fault) -> None:
        """Set the faults of the next requests whose `METHOD /path` begins like this."""
        self._plans[route] += faults

    def forget(self) -> None:
        """Drop what has not been met yet."""
        self._plans.clear()

    def deliver(self) -> None:
        """Deliver the requests that were held back."""
        for request in self._held:
            self.execute(request)
        self._held.clear()

    def hold(self, request: Request) -> None:
        self._held.append(request)

    def count(self, route: str) -> int:
        return sum(seen.startswith(route) for seen in self.seen)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        line = f"{request.method} {path}"
        self.seen.append(line)
        self.bodies.append(json.loads(body) if body else None)
        faults: list[Fault] = next((plan for route, plan in self._plans.items() if line.startswith(route) and plan), [])
        fault = faults.pop(0) if faults else passed
        answer = fault(self, Request(request.method, path, query, dict(request.headers), body))
        headers = {**answer.headers, "Date": formatdate(self._now(), usegmt=True)}
        return httpx.Response(answer.status, headers=headers, content=answer.body)

    def execute(self, request: Request) -> Response:
        return self.sandbox.handle(request)


def _envelope(payload: Any, status: int = 200, code: int = 0, message: str | None = None) -> Response:
    body = json.dumps({"code": code, "message": message, "response": payload})
    return Response(status, body.encode(), {"Content-Type": "application/json"})


def passed(network: Network, request: Request) -> Response:
    return network.execute(request)


def not_connected(network: Network, request: Request) -> Response:
    raise httpx.ConnectError("refused")


def lost_before(network: Network, request: Request) -> Response:
    raise httpx.ReadTimeout("no answer")


def lost_after(network: Network, request: Request) -> Response:
    network.execute(request)
    raise httpx.ReadError("reset")


def held(network: Network, request: Request) -> Response:
    """Hold a request back until the test delivers it, long after the client gave up."""
    network.hold(request)
    raise httpx.ReadTimeout("no answer")


def failing_before(network: Network, request: Request) -> Response:
    return Response(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"})


def failing_after(network: Network, request: Request) -> Response:
    network.execute(request)
    return _envelope(None, 500, -1, "오류")


def page_before(network: Network, request: Request) -> Response:
    return Response(200, b"<html>maintenance</html>", {"Content-Type": "text/html"})


def page_after(network: Network, request: Request) -> Response:
    network.execute(request)
    return page_before(network, request)


def put_off_before(network: Network, request: Request) -> Response:
    return _envelope(None, 429, -1, "요청이 너무 많습니다.")


def put_off_after(network: Network, request: Request) -> Response:
    network.execute(request)
    return put_off_before(network, request)


def token_expired(network: Network, request: Request) -> Response:
    network.sandbox.faults.expire_tokens()
    return network.execute(request)


def refused(message: str, code: int = -1) -> Fault:
    return lambda _network, _request: _envelope(None, 200, code, message)


def answered(payload: Any) -> Fault:
    """Answer without executing the request."""
    return lambda _network, _request: _envelope(payload)


FAULTS = [
    not_connected,
    lost_before,
    lost_after,
    held,
    failing_before,
    failing_after,
    page_before,
    page_after,
    put_off_before,
    put_off_after,
    token_expired,
]
