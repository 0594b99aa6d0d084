"""Other SDKs, each in its own environment, called as its documentation says. Only one of them is ever loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.util import find_spec
from threading import Barrier, Thread
from typing import Any

from benchmarks import payload
from benchmarks.worker import Cases

__all__ = ["cases"]

KEYS = {"imp_key": "bench_key", "imp_secret": "bench_secret"}


def cases(url: str) -> Cases:
    plain: dict[str, Callable[[], Callable[[], object]]] = {}
    awaited: dict[str, Callable[[], Awaitable[Callable[[], Awaitable[object]]]]] = {}
    makers: dict[str, Callable[[str], Callable[[], object]]] = {
        "iamport": _iamport,
        "iamporter": _iamporter,
        "portone_server_sdk": _v2,
        "stripe": _stripe,
        "openai": _openai,
    }
    for module, make in makers.items():
        if find_spec(module):
            plain["get"] = lambda make=make: make(url)  # type: ignore[misc]
            if module in ("iamport", "iamporter"):
                plain["threads"] = lambda make=make: lambda: _threads(make(url))  # type: ignore[misc]
    if find_spec("portone_server_sdk"):
        awaited["async get"] = lambda: _async_v2(url)
    if find_spec("async_iamport"):
        awaited["async get"] = lambda: _async_iamport(url)
        awaited["tasks"] = lambda: _tasks(url)
    return Cases(plain, awaited)


def _iamport(url: str) -> Callable[[], object]:
    client = import_module("iamport").Iamport(**KEYS, imp_url=f"{url}/")
    return lambda: client.find_by_imp_uid(payload.IMP_UID)


def _iamporter(url: str) -> Callable[[], object]:
    client = import_module("iamporter").Iamporter(**KEYS, imp_url=url)
    return lambda: client.find_payment(imp_uid=payload.IMP_UID)


def _v2(url: str) -> Callable[[], object]:
    client = import_module("portone_server_sdk").PaymentClient(secret="a" * 40, base_url=url)
    return lambda: client.get_payment(payment_id="payment-1")


def _stripe(url: str) -> Callable[[], object]:
    client = import_module("stripe").StripeClient("sk_test_example", base_addresses={"api": url})
    return lambda: client.v1.charges.retrieve("ch_1")


def _openai(url: str) -> Callable[[], object]:
    client = import_module("openai").OpenAI(api_key="a" * 40, base_url=url)
    return lambda: client.models.retrieve("m")


async def _async_v2(url: str) -> Callable[[], Awaitable[object]]:
    client: Any = import_module("portone_server_sdk").PaymentClient(secret="a" * 40, base_url=url)

    async def run() -> object:
        return await client.get_payment_async(payment_id="payment-1")

    return run


def _async_iamport_client(url: str) -> Any:
    return import_module("async_iamport").AsyncIamport(**KEYS, imp_url=url)


async def _async_iamport(url: str) -> Callable[[], Awaitable[object]]:
    client = _async_iamport_client(url)

    async def run() -> object:
        return await client.find_by_imp_uid(payload.IMP_UID)

    return run


async def _tasks(url: str) -> Callable[[], Awaitable[object]]:
    async def run() -> None:
        client = _async_iamport_client(url)
        await asyncio.gather(*(client.find_by_imp_uid(payload.IMP_UID) for _ in range(500)))
        await client.close_session()

    return run


def _threads(call: Callable[[], object]) -> None:
    together = Barrier(64)

    def run() -> None:
        together.wait()
        call()

    threads = [Thread(target=run) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
