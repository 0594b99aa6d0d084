"""What openapi-python-client writes with its own templates for the same bundle."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from benchmarks import payload
from benchmarks.worker import Cases

__all__ = ["cases"]


def cases(url: str) -> Cases:
    def get() -> Callable[[], object]:
        operation, client = import_module("stock_client.api.payments.payments_get"), _client(url)
        return lambda: operation.sync(payload.IMP_UID, client=client)

    async def async_get() -> Callable[[], Awaitable[object]]:
        operation, client = import_module("stock_client.api.payments.payments_get"), _client(url)

        async def run() -> object:
            return await operation.asyncio(payload.IMP_UID, client=client)

        return run

    return Cases({"decode bytes": _decode_bytes, "decode dict": _decode_dict, "get": get}, {"async get": async_get})


def _client(url: str) -> Any:
    return import_module("stock_client").AuthenticatedClient(base_url=url, token="a" * 40)


def _decode_bytes() -> Callable[[], object]:
    body, model = payload.many(), import_module("stock_client.models").Payment
    return lambda: [model.from_dict(item) for item in json.loads(body)["response"]]


def _decode_dict() -> Callable[[], object]:
    items, model = json.loads(payload.many())["response"], import_module("stock_client.models").Payment
    return lambda: [model.from_dict(item) for item in items]
