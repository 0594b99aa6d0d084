"""HTTP libraries by themselves, the answer's JSON parsed: what a caller without an SDK would write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from benchmarks import payload
from benchmarks.worker import Cases

__all__ = ["cases"]

TOKEN = {"Authorization": f"Bearer {'a' * 40}"}


def cases(url: str) -> Cases:
    address = f"{url}/payments/{payload.IMP_UID}"

    def httpx() -> Callable[[], object]:
        client = import_module("httpx").Client(headers=TOKEN)
        return lambda: client.get(address).json()

    def requests() -> Callable[[], object]:
        session = import_module("requests").Session()
        session.headers.update(TOKEN)
        return lambda: session.get(address).json()

    def urllib3() -> Callable[[], object]:
        pool = import_module("urllib3").PoolManager(headers=TOKEN)
        return lambda: pool.request("GET", address).json()

    async def async_httpx() -> Callable[[], Awaitable[object]]:
        client: Any = import_module("httpx").AsyncClient(headers=TOKEN)

        async def run() -> object:
            return (await client.get(address)).json()

        return run

    async def aiohttp() -> Callable[[], Awaitable[object]]:
        session: Any = import_module("aiohttp").ClientSession(headers=TOKEN)

        async def run() -> object:
            async with session.get(address) as response:
                return await response.json()

        return run

    return Cases(
        {"httpx": httpx, "requests": requests, "urllib3": urllib3}, {"async httpx": async_httpx, "aiohttp": aiohttp}
    )
