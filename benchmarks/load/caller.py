"""One side with a number of callers: `python -m benchmarks.load.caller SIDE CALLERS CALLS_EACH URL` writes JSON.

The first call of each caller, which opens its connection, is not in the latencies.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from benchmarks.payload import IMP_UID
from benchmarks.process import pin_to_first

__all__ = ["main"]

KEYS = {"imp_key": "bench_key", "imp_secret": "bench_secret"}
TOKEN = {"Authorization": f"Bearer {'a' * 40}"}
PATIENCE = 10.0
"""Seconds that every side waits for an answer."""

KEPT: list[object] = []
"""Sessions live until the process ends, for nothing is closed."""

Get = Callable[[str], object]
AsyncGet = Callable[[str], Awaitable[object]]


def _ours(url: str, callers: int) -> Get:  # noqa: ARG001
    client = import_module("portone_v1").PortOne(**KEYS, base_url=url, max_retries=0, timeout=PATIENCE)
    return lambda uid: client.payments.get(uid).imp_uid


def _urllib3(url: str, callers: int) -> Get:
    pool = import_module("urllib3").PoolManager(headers=TOKEN, maxsize=callers)
    return lambda uid: pool.request("GET", f"{url}/payments/{uid}", timeout=PATIENCE).json()["response"]["imp_uid"]


def _httpx(url: str, callers: int) -> Get:  # noqa: ARG001
    httpx = import_module("httpx")
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
    client = httpx.Client(headers=TOKEN, limits=limits, timeout=PATIENCE)
    return lambda uid: client.get(f"{url}/payments/{uid}").json()["response"]["imp_uid"]


async def _async_ours(url: str) -> AsyncGet:
    client = import_module("portone_v1").AsyncPortOne(**KEYS, base_url=url, max_retries=0, timeout=60)
    return lambda uid: client.payments.get(uid)


async def _async_ours_aiohttp(url: str) -> AsyncGet:
    transport = import_module("portone_v1.contrib.aiohttp").AiohttpTransport()
    client = import_module("portone_v1").AsyncPortOne(
        **KEYS, base_url=url, max_retries=0, timeout=60, transport=transport
    )
    return lambda uid: client.payments.get(uid)


async def _async_httpx(url: str) -> AsyncGet:
    httpx = import_module("httpx")
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
    client = httpx.AsyncClient(headers=TOKEN, limits=limits, timeout=60)

    async def get(uid: str) -> object:
        return (await client.get(f"{url}/payments/{uid}")).json()

    return get


async def _aiohttp(url: str) -> AsyncGet:
    aiohttp: Any = import_module("aiohttp")
    session = aiohttp.ClientSession(headers=TOKEN, connector=aiohttp.TCPConnector(limit=200))

    async def get(uid: str) -> object:
        async with session.get(f"{url}/payments/{uid}") as response:
            return await response.json()

    return get


SYNC: dict[str, Callable[[str, int], Get]] = {"ours": _ours, "urllib3": _urllib3, "httpx": _httpx}
ASYNC: dict[str, Callable[[str], Awaitable[AsyncGet]]] = {
    "ours async": _async_ours,
    "ours async aiohttp": _async_ours_aiohttp,
    "httpx async": _async_httpx,
    "aiohttp": _aiohttp,
}


class Seen:
    """What came of the calls."""

    def __init__(self) -> None:
        self.first: list[float] = []
        self.latencies: list[float] = []
        self.wrong: list[str] = []
        self.errors: list[str] = []
        """Lists, for threads append to them at once."""

    def done(self, call: int, began: float) -> None:
        (self.latencies if call else self.first).append(time.perf_counter() - began)

    def failed(self, error: Exception) -> None:
        root: BaseException = error
        while (under := root.__cause__ or root.__context__) is not None:
            root = under
        self.errors.append(f"{type(error).__name__}/{type(root).__name__}")


def _threads(get: Get, callers: int, each: int, *, checked: bool) -> tuple[Seen, float, float]:
    seen, together = Seen(), threading.Barrier(callers + 1)
    get(IMP_UID)
    gc.collect()

    def work(number: int) -> None:
        together.wait()
        for call in range(each):
            uid = f"imp_echo{number:05}{call:06}" if checked else IMP_UID
            began = time.perf_counter()
            try:
                answer = get(uid)
            except Exception as error:
                seen.failed(error)
                continue
            seen.done(call, began)
            if checked and answer != uid:
                seen.wrong.append(uid)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(callers)]
    for thread in threads:
        thread.start()
    together.wait()
    wall, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.join()
    return seen, time.perf_counter() - wall, time.process_time() - cpu


async def _tasks(make: Callable[[], Awaitable[AsyncGet]], callers: int, each: int) -> tuple[Seen, float, float]:
    seen, get = Seen(), await make()
    await get(IMP_UID)
    gc.collect()

    async def work() -> None:
        for call in range(each):
            began = time.perf_counter()
            try:
                await get(IMP_UID)
            except Exception as error:
                seen.failed(error)
                continue
            seen.done(call, began)

    KEPT.append(get)
    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(callers)))
    return seen, time.perf_counter() - wall, time.process_time() - cpu


def main(side: str, callers: int, each: int, url: str, checked: str = "") -> None:
    pin_to_first()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, most) if most > 0 else 8192, most))
    if side in SYNC:
        found = _threads(SYNC[side](url, callers), callers, each, checked=bool(checked))
    else:
        found = asyncio.run(_tasks(lambda: ASYNC[side](url), callers, each))
    seen, wall, cpu = found
    latencies = sorted(seen.latencies) or [float("nan")]
    done = len(seen.first) + len(seen.latencies)
    answer = {
        "rate": done / wall,
        "cpu": cpu / max(1, done),
        "p50": latencies[len(latencies) // 2],
        "p99": latencies[int(len(latencies) * 0.99)],
        "done": done,
        "wrong": len(seen.wrong),
        "errors": Counter(seen.errors),
    }
    print(json.dumps(answer), flush=True)
    os._exit(0)  # nothing is closed: that is not what is measured


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], *sys.argv[5:])
