"""The bridge over the sandbox. What the sandbox does not imitate yet is answered as V1 has been seen to answer."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from portone_v1.compat.iamport import Iamport
from portone_v1_sandbox import Sandbox

NOT_IMITATED = 501


class Shop(httpx.BaseTransport):
    """The sandbox; where it says 501, what `answers` holds for the method and path; and all requests that came."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._inner = sandbox.transport()
        self.answers: dict[str, tuple[int, int, str | None, Any]] = {}
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._inner.handle_request(request)
        key = f"{request.method} {request.url.raw_path.decode('ascii').partition('?')[0]}"
        if answer.status_code != NOT_IMITATED:
            return answer
        status, code, message, response = self.answers[key]
        return httpx.Response(status, json={"code": code, "message": message, "response": response})

    def sent(self) -> tuple[str, str, Any]:
        """Return method, path with query, and body of the last request."""
        last = self.requests[-1]
        return last.method, last.url.raw_path.decode("ascii"), json.loads(last.read() or b"null")


@pytest.fixture
def shop() -> Shop:
    return Shop(Sandbox())


@pytest.fixture
def iamport(shop: Shop) -> Iterator[Iamport]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        bridge = Iamport(client=shop.sandbox.client(transport=shop))
    with bridge.client:
        yield bridge
