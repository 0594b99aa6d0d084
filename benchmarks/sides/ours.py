"""This project, through its public surface where there is one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from threading import Barrier, Thread
from typing import Any

from portone_v1 import AsyncPortOne, PortOne
from portone_v1._http.messages import HttpResponse
from portone_v1._http.responses import read_answer
from portone_v1.models import Payment
from portone_v1_generated.api.payments import GET_MANY
from portone_v1_runtime import exact_json
from portone_v1_runtime.operation import Call

from benchmarks import payload
from benchmarks.reading import eight_fields, every_field
from benchmarks.worker import Cases

__all__ = ["cases"]

KEYS: Any = {"imp_key": "bench_key", "imp_secret": "bench_secret"}
THREADS, TASKS = 64, 500


def cases(url: str) -> Cases:
    return Cases(
        {
            "decode bytes": _decode_bytes,
            "decode dict": _decode_dict,
            "decode bytes, all read": lambda: _all_read(_decode_bytes()),
            "decode bytes, 8 fields": lambda: _read(eight_fields(), payload.many()),
            "decode bytes, everything": lambda: _read(every_field(), payload.many()),
            "decode bytes, unknown fields": lambda: _read(eight_fields(), payload.many_of_a_later_day()),
            "decode bytes, an odd value": lambda: _read(eight_fields(), payload.many_with_an_odd_one()),
            "decode dict, all read": lambda: _all_read(_decode_dict()),
            "get": lambda: _get(url),
            "second client": _second_client,
            "threads": lambda: lambda: _threads(url),
        },
        {
            "async get": lambda: _async_get(url),
            "async get over aiohttp": lambda: _async_get_aiohttp(url),
            "tasks": lambda: _tasks(url),
        },
    )


def _read(read: Callable[[Iterable[Payment]], None], body: bytes) -> Callable[[], None]:
    call, response = Call(GET_MANY, "/payments"), HttpResponse(200, {}, body)
    return lambda: read(read_answer(call, response).data)


def _decode_bytes() -> Callable[[], Iterable[Payment]]:
    """Decode the answer of `payments.get_many`, from bytes to returned objects; with msgspec if it is installed."""
    response = HttpResponse(200, {}, payload.many())
    call = Call(GET_MANY, "/payments")
    if len(read_answer(call, response).data) != payload.COUNT:
        raise ValueError("not every payment was read")
    if find_spec("msgspec") and "portone_v1_generated.strict.payments" not in sys.modules:
        raise ValueError("the speed extra is installed and not used")
    return lambda: read_answer(call, response).data


def _decode_dict() -> Callable[[], Iterable[Payment]]:
    items = exact_json.loads(payload.many())["response"]
    return lambda: [Payment.from_dict(item) for item in items]


def _all_read(read: Callable[[], Iterable[Payment]]) -> Callable[[], None]:
    """Read everything inside the payments, too, because it is read on first use."""

    def run() -> None:
        for payment in read():
            _ = payment.cancel_history, payment.deposit_history, payment.promotion, payment.extension

    return run


def _get(url: str) -> Callable[[], object]:
    client = PortOne(**KEYS, base_url=url)
    return lambda: client.payments.get(payload.IMP_UID)


def _second_client() -> Callable[[], object]:
    first = PortOne(**KEYS)
    kept = [first]
    return lambda: kept.append(PortOne(**KEYS))


def _threads(url: str) -> None:
    with PortOne(**KEYS, base_url=url) as client:
        together = Barrier(THREADS)

        def call() -> None:
            together.wait()
            client.payments.get(payload.IMP_UID)

        threads = [Thread(target=call) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


async def _async_get(url: str) -> Callable[[], Awaitable[object]]:
    client = AsyncPortOne(**KEYS, base_url=url)
    return lambda: client.payments.get(payload.IMP_UID)


async def _async_get_aiohttp(url: str) -> Callable[[], Awaitable[object]]:
    transport = import_module("portone_v1.contrib.aiohttp").AiohttpTransport()
    client = AsyncPortOne(**KEYS, base_url=url, transport=transport)
    return lambda: client.payments.get(payload.IMP_UID)


async def _tasks(url: str) -> Callable[[], Awaitable[object]]:
    async def run() -> None:
        async with AsyncPortOne(**KEYS, base_url=url) as client:
            await asyncio.gather(*(client.payments.get(payload.IMP_UID) for _ in range(TASKS)))

    return run
